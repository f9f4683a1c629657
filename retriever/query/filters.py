"""Filters: which values each one takes, read from text or from keywords."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast, get_args

from retriever.errors import UsageError
from retriever.index.catalog_filters import HAS, topics_called
from retriever.records import Filter, FilterName

if TYPE_CHECKING:
    from retriever.index import Catalog

NAMES = frozenset(get_args(FilterName))
KINDS = ("paper", "section")

_YEARS = re.compile(r"(?P<low>[12]\d{3})?(?P<dots>\.\.)?(?P<high>[12]\d{3})?")
_DATE = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_STARS = r"[0-5](?:\.\d+)?"
_RATING = re.compile(rf"(?P<sign>>=|<=|>|<|=|)(?P<stars>{_STARS})|(?P<low>{_STARS})?\.\.(?P<high>{_STARS})?")
_NEAR = 5  # names offered where a topic is unknown


def read_filter(name: str, value: str, *, excluded: bool = False) -> Filter:
    """Return a filter of one of NAMES. ValueError, with what the filter takes, for a value that it cannot have."""
    name = cast("FilterName", name)
    value = value.strip().casefold() if name in {"kind", "has"} else value.strip()
    low, high = _BOUNDS[name](value) if name in _BOUNDS else (None, None)
    if name == "since" and not _DATE.fullmatch(value):
        raise ValueError("a date is 2025, 2025-09 or 2025-09-30")
    if name == "kind" and value not in KINDS:
        raise ValueError(f"a kind is {' or '.join(KINDS)}")
    if name == "has" and value not in HAS:
        raise ValueError(f"a paper can have {', '.join(sorted(HAS))}")
    if name == "tag":
        value = value.lstrip("#").strip("/")
    if not value or (name in {"venue", "author", "tag", "topic", "status"} and not re.search(r"\w", value)):
        raise ValueError("no value is given")
    return Filter(name, value, excluded, low, high)


def from_keywords(keywords: Mapping[str, object]) -> tuple[Filter, ...]:
    """Return the filters that keywords give. TypeError for a name or type that is unknown, UsageError for a value."""
    filters = []
    for name, given in keywords.items():
        if name not in NAMES:
            raise TypeError(f"search() has no filter {name!r}: choose from {', '.join(sorted(NAMES))}")
        many = list(given) if isinstance(given, Sequence) and not isinstance(given, str | bytes) else [given]
        for value in many:
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise TypeError(f"filter {name!r} takes text or numbers, not {type(value).__name__}")
            written = value if isinstance(value, str) else f"{value:g}"
            try:
                filters.append(read_filter(name, written))
            except ValueError as error:
                raise UsageError(f"The filter {name} cannot be {written!r}: {error}.") from error
    return tuple(filters)


def check_topics(catalog: Catalog, filters: Sequence[Filter]) -> None:
    """Raise UsageError for a topic that is none, with the names of those that are near."""
    for asked in filters:
        if asked.name == "topic" and not topics_called(catalog, asked.value):
            raise UsageError(f"{no_topic(catalog, asked.value)}.", "List them with: retriever topics")


def no_topic(catalog: Catalog, name: str) -> str:
    """Return what is said of a topic that does not exist."""
    known = {topic.path[-1].casefold(): topic.path[-1] for topic in catalog.topics()}
    near = [known[found] for found in difflib.get_close_matches(name.casefold(), known, _NEAR)]
    near += [shown for folded, shown in known.items() if name.casefold() in folded and shown not in near]
    return f"No topic is called {name!r}" + (f"; near it are {', '.join(near[:_NEAR])}" if near else "")


def _years(value: str) -> tuple[float | None, float | None]:
    found = _YEARS.fullmatch(value)
    if not found or not (found["low"] or found["high"]) or (found["low"] and found["high"] and not found["dots"]):
        raise ValueError("a year is 2025, 2023..2025, 2023.. or ..2025")
    low, high = found["low"], found["high"]
    if not found["dots"]:
        low = high = low or high
    return float(low) if low else None, float(high) if high else None


def _rating(value: str) -> tuple[float | None, float | None]:
    found = _RATING.fullmatch(value)
    if not found or value == "..":
        raise ValueError("a rating is 4, >=4, >4, <=4, <4 or 3..5")
    if found["stars"] is None:
        return float(found["low"]) if found["low"] else None, float(found["high"]) if found["high"] else None
    stars = float(found["stars"])
    return {
        ">=": (stars, None),
        ">": (math.nextafter(stars, math.inf), None),
        "<=": (None, stars),
        "<": (None, math.nextafter(stars, -math.inf)),
    }.get(found["sign"], (stars, stars))


_BOUNDS = {"year": _years, "rating": _rating}
