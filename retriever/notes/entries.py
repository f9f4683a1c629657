"""An entry of a library file as a block: its fields, and a line or two that a reader can read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retriever.notes.note import Block

_VENUES = ("journal", "booktitle", "venue", "school", "institution", "howpublished")
_OWN_WORDS = ("note", "annote", "annotation", "comment", "keywords")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def entry(fields: Iterable[tuple[str, str]], first_line: int, last_line: int) -> Block:
    """Return the block of an entry; of several fields of a name the first counts.

    Names are BibTeX's in lower case, with `key` and `type`; authors are given as in BibTeX: "Given Family and
    Family, Given".
    """
    found: dict[str, str] = {}
    for name, value in fields:
        if name and value and name not in found:
            found[name] = value
    if "year" not in found and (year := _YEAR.search(found.get("date", ""))):
        found["year"] = year.group()
    # A line feed stands for one of the file, so an entry of one line has none.
    parting = "\n" if last_line > first_line else " "
    text = parting.join(part for part in (_reference(found), *_words(found)) if part)
    return Block("entry", 0, first_line, last_line, text, fields=tuple(found.items()))


def _reference(found: dict[str, str]) -> str:
    venue = next((found[name] for name in _VENUES if name in found), "")
    where = " ".join(part for part in (venue, found.get("year", "")) if part)
    return " ".join(_sentence(part) for part in (found.get("title", ""), _people(found), where) if part)


def _words(found: dict[str, str]) -> tuple[str, ...]:
    own = " ".join(_sentence(found[name]) for name in _OWN_WORDS if name in found)
    return (" ".join(part for part in (found.get("abstract", ""), own) if part),)


def _people(found: dict[str, str]) -> str:
    names = re.split(r"\s+and\s+", found.get("author", "") or found.get("editor", ""))
    return ", ".join(" ".join(reversed([part.strip() for part in name.split(",", 1)])) for name in names if name)


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?。" else text + "."
