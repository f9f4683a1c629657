"""The records that pass from room to room: frozen, typed, with one wire format.

The fields of a record are the keys of its JSON, in the same order; `wire` is the only writer of that JSON.
Lines are 1-based and inclusive. Where a field may be unknown it is None; tuples may be empty.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

Mode = Literal["hybrid", "lexical", "dense"]
PassageKind = Literal["paper", "section"]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


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
    text only repeats is gone too, since the title is searched beside it.
    """

    ordinal: int
    first_line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True)
class TopicRef:
    id: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A node of the topic tree. `papers` counts the papers at or below it, each once."""

    id: str
    path: tuple[str, ...]
    papers: int
    children: tuple[Topic, ...]


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


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a note, by the note's path."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a note that was repaired, could not be read, or disagrees with what stands elsewhere (`others`).

    `kind` is mojibake, ligature, soft_hyphen, encoding, front_matter, format, unreadable, duplicate_key, id_of_two,
    ids_disagree or perhaps_same. `before` and `after` tell a repair.
    """

    kind: str
    file: str
    line: int
    text: str
    before: str | None = None
    after: str | None = None
    others: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a number of notes."""

    notes: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage of a hit. `id`, `kind` and `heading_path` are the passage's own; lines, text and highlights
    are its best window's. Highlights are half-open ranges of code points of `text`, in order, apart.
    """

    id: str
    kind: PassageKind
    file: str
    first_line: int
    last_line: int
    heading_path: tuple[str, ...]
    text: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a score is made of: the lexical part in [0, 1], the cosine in [-1, 1]; None where not asked."""

    lexical: float | None
    dense: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit stands where it does. `papers` holds the ids of other papers that the reason names."""

    kind: str
    text: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked paper with its best passages; `rank` from 1. `paper` is None for a section about no paper.

    `score` compares within one query only. `confidence`, 0 to 1, would compare between queries; it is None
    until an index is calibrated.
    """

    rank: int
    score: float
    confidence: float | None
    parts: Parts
    reasons: tuple[Reason, ...]
    paper: Paper | None
    passages: tuple[PassageHit, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Hits that share a topic, by rank. `topic` is None for hits that are filed nowhere."""

    topic: TopicRef | None
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Hits in order of rank, and groups in the order of their best hit. Every rank stands in one group."""

    query: str
    mode: Mode
    abstained: bool | None
    hits: tuple[Hit, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build found and did, in a researcher's terms. `seconds` is wall time."""

    index: str
    notes: int
    papers: int
    papers_in_many_places: int
    sections: int
    papers_added: int
    papers_changed: int
    papers_removed: int
    notes_read: int
    windows: int
    windows_embedded: int
    model: str
    seconds: float
    published: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What stands in an index, and how far the notes have moved on since it was built."""

    index: str
    generation: str
    built: str
    notes_folders: tuple[str, ...]
    notes: int
    papers: int
    sections: int
    windows: int
    topics: int
    bytes: int
    model: str
    fingerprint: str
    notes_added: int
    notes_changed: int
    notes_removed: int
    warnings: tuple[str, ...]


def wire(value: object) -> Json:
    """Return a record, or a tuple or mapping of records, as plain JSON values."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if is_dataclass(value):
        return {field.name: wire(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [wire(item) for item in value]
    if isinstance(value, dict):
        return {str(key): wire(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no wire format")
