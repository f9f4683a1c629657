"""What notes say of papers, and what papers come to over all notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PassageKind = Literal["paper", "section"]
# Where the papers of an identifier can be read, strongest first.
PAGES = {
    "openreview": "https://openreview.net/forum?id=",
    "arxiv": "https://arxiv.org/abs/",
    "acl": "https://aclanthology.org/",
    "doi": "https://doi.org/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The lines of a note about one paper, or about none (kind `section`): what is shown.

    `id` is stable as long as the note keeps its path and says the same ids: it is made of the path, the
    paper (or heading path) and an ordinal, never of a line number. `text` is those lines, repaired and dedented.
    `heading_path` runs from the root down through headings and then topic bullets, without the paper's own.
    `year` and `venue` are only what the note says. `markers` holds emoji and rating marks, `status` what is to be
    done with the paper ("todo", "done", ...), `rating` the note-taker's, in stars out of five. `cites` are the other
    papers that the passage names, as "kind:value" of an identifier. `abstract` is one that a library entry gives.
    """

    id: str
    kind: PassageKind
    file: str
    first_line: int
    last_line: int
    heading_path: tuple[str, ...] = ()
    key: str | None = None
    title: str | None = None
    name: str | None = None
    authors: tuple[str, ...] = ()
    venue: str | None = None
    year: int | None = None
    arxiv: str | None = None
    openreview: str | None = None
    doi: str | None = None
    acl: str | None = None
    url: str | None = None
    markers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: str | None = None
    rating: float | None = None
    cites: tuple[str, ...] = ()
    abstract: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a passage, cut at sentences: what is searched.

    `text` is plain reading text: inline markup, the paper's own key and bare links are gone. A title that the
    text only repeats is gone too, since the title is searched beside it. `imported` tells an abstract that a library
    entry gives from the note-taker's own words.
    """

    ordinal: int
    first_line: int
    last_line: int
    text: str
    imported: bool = False


@dataclass(frozen=True, slots=True)
class TopicRef:
    """A topic. `confidence`, 0 to 1, of a paper's topic tells that it was placed there by its meaning; else None."""

    id: str
    path: tuple[str, ...]
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A node of the topic tree. `papers` counts the papers at or below it, each once.

    `clustered` tells that no note names it: its papers were put together by their meaning, its label is made of words.
    """

    id: str
    path: tuple[str, ...]
    papers: int
    children: tuple[Topic, ...]
    clustered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What passages are about. `label` is the title, else the name, else the key, else an id."""

    id: str
    label: str
    title: str | None = None
    name: str | None = None
    key: str | None = None
    authors: tuple[str, ...] = ()
    venue: str | None = None
    year: int | None = None
    date: str | None = None
    arxiv: str | None = None
    openreview: str | None = None
    doi: str | None = None
    acl: str | None = None
    url: str | None = None
    markers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    topics: tuple[TopicRef, ...] = ()
    abstract: str | None = None

    @property
    def filed(self) -> tuple[TopicRef, ...]:
        """The topics that the notes themselves file it under; those that its meaning suggests are left out."""
        return tuple(topic for topic in self.topics if topic.confidence is None)

    @property
    def address(self) -> str | None:
        """Where it can be read: its own link, else the page of its strongest id."""
        known = (page + value for kind, page in PAGES.items() if (value := getattr(self, kind)))
        return self.url or next(known, None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two passages hang on one paper.

    `kind` is openreview, arxiv, acl, doi, url, key or title, and `value` what they share; or override, where the user
    said so, and `value` the handles given. `passages` are the two ids.
    """

    kind: str
    value: str
    passages: tuple[str, str]


@dataclass(frozen=True, slots=True)
class PerhapsSame:
    """Another paper (its id and label) that may be the same one, and what speaks for it and against."""

    paper: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the notes say about one paper: each passage whole, what ties them together, whether another paper
    may be the same, and the passages about others, or about none, that name it.
    """

    paper: Paper
    passages: tuple[Passage, ...]
    evidence: tuple[Evidence, ...]
    perhaps: tuple[PerhapsSame, ...] = ()
    cited_in: tuple[Passage, ...] = ()
