"""References as people write them in one line: title, authors and year in some order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_YEAR = re.compile(r"\((?P<venue>[^()]{0,40}?),? ?['’]?(?P<year>(?:19|20)\d\d)[a-z]?\)|[, ](?P<bare>(?:19|20)\d\d)$")
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[a-z]{2,3}|[A-ZÀ-Þ][\w'’.-]*)){0,4}")
_BETWEEN = re.compile(r",? (?:and|&) |,? et al\.?|, ")
_DASH = re.compile(r" +[-–—] +")
_LONGEST = 400  # characters; a reference is one line


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference says; title, authors and year are always given."""

    title: str
    authors: tuple[str, ...]
    venue: str | None
    year: int


def read_reference(text: str) -> Reference | None:
    """Return what a text says if it is one reference and nothing more.

    "Title (2019) - Authors", "Authors — Title (Venue, 2019)", "Authors (2019). Title. …" and "Title, Authors, 2019".
    """
    text = " ".join(text.split()).removesuffix(".")
    found = _YEAR.search(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    before, after = text[: found.start()].strip(" ,"), text[found.end() :].strip(" ,")
    for said, names, least in _readings(before, after):
        authors = names_in(names)
        title = said.strip(' *_"“”.,')
        if len(authors) + (" et al" in names) >= least and len(title) > 2 and title[0].isalnum():
            return Reference(title, authors, found["venue"] or None, int(found["year"] or found["bare"]))
    return None


def _readings(before: str, after: str) -> Iterator[tuple[str, str, int]]:
    """Yield what may be title and authors on either side of the year, and how many authors make it believable."""
    if after:
        if dash := _DASH.match(f" {after}"):
            yield before, f" {after}"[dash.end() :], 1
        yield before, after.removeprefix("by "), 1
        yield after.lstrip(".: ").split(". ", 1)[0], before, 1
        return
    dashed = _DASH.split(before, maxsplit=1)
    if len(dashed) == 2:
        yield dashed[1], dashed[0], 1
    title, by, names = before.rpartition(" by ")
    if by:
        yield title, names, 1
    # The authors are the last run of names: "Title, First and Second". So is "in Paris, France".
    parts = before.split(", ")
    for at in range(1, len(parts)):
        yield ", ".join(parts[:at]), ", ".join(parts[at:]), 2


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of a list of them; empty where it holds anything else."""
    names = [name for name in _BETWEEN.split(text) if name]
    return tuple(names) if names and all(_NAME.fullmatch(name) for name in names) else ()
