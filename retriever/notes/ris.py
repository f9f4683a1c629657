"""RIS, which reference managers exchange, to entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retriever.notes.entries import entry
from retriever.notes.note import Block, Content

_TAG = re.compile(r"\s{0,3}(?P<tag>[A-Z][A-Z0-9])[ \t]{1,4}-(?:[ \t](?P<value>.*)|$)")
_FIELDS = {
    "TI": "title", "T1": "title", "CT": "title", "AU": "author", "A1": "author", "PY": "year", "Y1": "year",
    "DA": "date", "JO": "journal", "JF": "journal", "JA": "journal", "J2": "journal", "T2": "journal",
    "BT": "booktitle", "AB": "abstract", "N2": "abstract", "N1": "note", "KW": "keywords", "DO": "doi", "UR": "url",
    "L2": "url", "ID": "key", "LB": "key", "VL": "volume", "IS": "number", "PB": "publisher",
    "ED": "editor", "C3": "booktitle",
}  # fmt: skip
_TYPES = {
    "JOUR": "article", "MGZN": "article", "CONF": "inproceedings", "CPAPER": "inproceedings", "CHAP": "incollection",
    "BOOK": "book", "THES": "phdthesis", "RPRT": "techreport", "UNPB": "unpublished", "PREP": "unpublished",
}  # fmt: skip
_PARTS = frozenset({"inproceedings", "incollection"})
_YEAR = re.compile(r"\d{4}")


def read(lines: Sequence[str]) -> Content:
    """Read a file of references: one block each."""
    return Content(list(_entries(lines)))


def _entries(lines: Sequence[str]) -> Iterator[Block]:
    found: list[tuple[str, list[str]]] = []
    first = last = 0
    for number, line in enumerate(lines, 1):
        tag = _TAG.match(line)
        if tag is None:
            if found and line.strip():
                found[-1][1].append(line.strip())
                last = number
            continue
        if tag["tag"] in ("TY", "ER") and found:
            yield _entry(found, first, number if tag["tag"] == "ER" else last)
            found = []
        if tag["tag"] != "ER":
            first = first if found else number
            last = number
            found.append((tag["tag"], [(tag["value"] or "").strip()]))
    if found:
        yield _entry(found, first, last)


def _entry(found: Sequence[tuple[str, Sequence[str]]], first: int, last: int) -> Block:
    kind = next((_TYPES.get(value[0], "misc") for tag, value in found if tag == "TY"), "misc")
    several: dict[str, list[str]] = {"author": [], "editor": [], "keywords": []}
    fields = [("type", kind)]
    for tag, lines in found:
        name, value = _FIELDS.get(tag, ""), " ".join(" ".join(lines).split())
        if name == "journal" and tag == "T2" and kind in _PARTS:
            name = "booktitle"
        if name == "year":
            year = _YEAR.search(value)
            value = year.group() if year else ""
        if name in several:
            several[name] += [value] if value else []
        elif name:
            fields.append((name, value))
    people = [(name, " and ".join(several[name])) for name in ("author", "editor")]
    return entry([*fields, *people, ("keywords", ", ".join(several["keywords"]))], first, last)
