"""What is asked: a query as it was understood, with its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

Sort = Literal["relevance", "date"]
FilterName = Literal[
    "venue", "year", "since", "author", "tag", "topic", "marker", "rating", "status", "note", "kind", "has"
]
Words = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on what may be found: it must hold, or with `excluded` must not.

    `value` is what was asked for. `low` and `high`, both inclusive, bound a year or a rating; None leaves an end open.
    """

    name: FilterName
    value: str
    excluded: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood. It is made by `retriever.query.parse`, or by hand where no text is to be read.

    `text` is what papers are ranked by, "" where filters alone ask. Each of `phrases` must stand in a passage, word
    by word; none of `absent` may stand in any passage of a paper. `typed` is the text as it came, and `remarks` tell
    what of it was not taken as it may have been meant.
    """

    text: str
    phrases: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    typed: str = ""
    remarks: tuple[str, ...] = ()


class Filters(TypedDict, total=False):
    """Filters as keywords, each one value or several; None is no filter."""

    venue: Words | None
    year: int | str | Sequence[int | str] | None
    since: int | Words | None
    author: Words | None
    tag: Words | None
    topic: Words | None
    marker: Words | None
    rating: float | str | Sequence[float | str] | None
    status: Words | None
    note: Words | None
    kind: Words | None
    has: Words | None
