"""The operations of the API, in one table: where each is, what it takes, what it answers and with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from retriever.index.catalog_filters import HAS
from retriever.query.filters import KINDS
from retriever.records import Dossier, Mode, Paper, Results, Sort, Status, Topic, TopicPage
from retriever.web.parameters import Parameter, Text, Texts, Values, Whole

if TYPE_CHECKING:
    from retriever.library import Retriever

MAX_LIMIT = 1000
MAX_QUERY = 2_000  # characters
MAX_TEXT = 200_000  # characters of a text that papers are compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`path` stands below /api/v1; what stands in braces there is `inside`. `data` is the type of what is answered,
    or the types of its fields. With the method POST the parameters are the fields of a JSON object.
    """

    name: str
    path: str
    about: str
    answer: Callable[[Retriever, Values], object]
    data: Any
    parameters: tuple[Parameter, ...] = ()
    inside: Text | None = None
    method: Literal["GET", "POST"] = "GET"


def _filter(name: str, about: str, example: str, choices: tuple[str, ...] = ()) -> Texts:
    return Texts(each=Text(name=name, about=about, example=example, choices=choices))


FILTERS = (
    _filter("venue", "Papers at a venue; of several, at any.", "ICLR"),
    _filter("year", "Papers of a year, 2025, or of years, 2023..2025, 2023.. or ..2025.", "2023.."),
    _filter("since", "Papers since 2025, 2025-09 or 2025-09-30.", "2025-09"),
    _filter("author", "Papers by an author; of several, by all.", "Zhang"),
    _filter("tag", "Papers with a tag, or with tag/below.", "attention"),
    _filter("topic", "Passages filed under a topic or below it; its name, path (A > B) or id.", "Optimisation"),
    _filter("marker", "Papers with a marker.", "⭐"),
    _filter("rating", "Papers rated 4, >=4, <3 or 3..5, of five.", ">=4"),
    _filter("status", "Papers with a status.", "todo"),
    _filter("note", "Passages of notes with this in their path.", "reading"),
    _filter("kind", "Passages about a paper, or about none.", "paper", KINDS),
    _filter("has", "Papers that have it.", "abstract", tuple(sorted(HAS))),
)
LIMIT = Whole(name="limit", about="How many papers to list.", low=1, high=MAX_LIMIT, default=10)
MODE = Text(
    name="mode", about="By meaning and words, by words, or by meaning.", choices=get_args(Mode), default="hybrid"
)
SORT = Text(
    name="sort", about="Best first, or of the best the newest first.", choices=get_args(Sort), default="relevance"
)
HANDLE = Text(
    name="handle",
    about="An id or its beginning, a key, an arXiv, OpenReview, DOI or ACL id, a link, a title, or file:line.",
    required=True,
)
_QUERY = Text(
    name="q",
    about='What is looked for: words, "exact phrase", +must, -not, and filters as name:value.',
    required=True,
    longest=MAX_QUERY,
    example="attention that cancels noise",
)
_ALIKE = (
    Texts(each=Text(name="not", about="A paper to keep away from; any handle.")),
    Texts(each=Text(name="among", about="Rank only these papers; any handles."), most=MAX_LIMIT),
    LIMIT,
)
_PAPERS = "Papers that the others are to be like; any handles."


def filters_of(values: Values) -> dict[str, Any]:
    """Return those of the values that are filters."""
    return {parameter.name: values[parameter.name] for parameter in FILTERS}


def _search(retriever: Retriever, values: Values) -> Results:
    asked = {name: values[name] for name in ("limit", "mode", "sort")}
    return retriever.search(values["q"], **asked, **filters_of(values))


def _similar(retriever: Retriever, values: Values) -> Results:
    return retriever.similar(
        *values["paper"],
        limit=values["limit"],
        without=values["not"],
        among=values["among"] or None,
        text=values.get("text"),
    )


def _papers(retriever: Retriever, values: Values) -> dict[str, object]:
    known = retriever.papers(**filters_of(values))
    return {"total": len(known), "papers": known[values["offset"] :][: values["limit"]]}


OPERATIONS = (
    Operation(
        name="search",
        path="/search",
        about="Rank the papers whose notes answer a question.",
        answer=_search,
        data=Results,
        parameters=(
            _QUERY,
            LIMIT,
            MODE,
            SORT,
            *FILTERS,
        ),
    ),
    Operation(
        name="similar",
        path="/similar",
        about="List the papers most like some papers, with reasons.",
        answer=_similar,
        data=Results,
        parameters=(Texts(each=Text(name="paper", about=_PAPERS, required=True)), *_ALIKE),
    ),
    Operation(
        name="similar",
        path="/similar",
        method="POST",
        about="The same for a text as well, such as an abstract. Nothing is written.",
        answer=_similar,
        data=Results,
        parameters=(
            Texts(each=Text(name="paper", about=_PAPERS)),
            Text(name="text", about="A text that counts as one paper more.", longest=MAX_TEXT),
            *_ALIKE,
        ),
    ),
    Operation(
        name="paper",
        path="/paper/{handle}",
        about="Everything that the notes say about a paper.",
        answer=lambda retriever, values: retriever.dossier(values["handle"]),
        data=Dossier,
        inside=HANDLE,
    ),
    Operation(
        name="papers",
        path="/papers",
        about="List papers by label, all or those that filters let through; `total` counts them.",
        answer=_papers,
        data={"total": int, "papers": tuple[Paper, ...]},
        parameters=(
            Whole(name="limit", about="How many papers to list.", low=1, high=MAX_LIMIT, default=100),
            Whole(name="offset", about="How many to pass over first.", low=0, high=10_000_000, default=0),
            *FILTERS,
        ),
    ),
    Operation(
        name="topics",
        path="/topics",
        about="The tree of topics, with the number of papers at or below each.",
        answer=lambda retriever, _: {"topics": retriever.topics()},
        data={"topics": tuple[Topic, ...]},
    ),
    Operation(
        name="topic",
        path="/topics/{name}",
        about="The topics that a name means, with their papers.",
        answer=lambda retriever, values: retriever.topic(values["name"]),
        data=TopicPage,
        inside=Text(name="name", about="A name, the end of a path (A > B), or an id.", required=True),
    ),
    Operation(
        name="status",
        path="/status",
        about="What stands in the index, and how far the notes have moved on since it was built.",
        answer=lambda retriever, _: retriever.status(),
        data=Status,
    ),
)  # fmt: skip
