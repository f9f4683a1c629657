"""RIS, which every reference manager reads: a tag, two spaces, a hyphen and a value, and lines that end in CR LF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retriever.export.entries import Entry
from retriever.export.people import Person

_TYPES = {"conference": "CPAPER", "journal": "JOUR", "preprint": "UNPB", "other": "GEN"}
_END = "\r\n"


def ris(found: Iterable[Entry]) -> Iterator[str]:
    """Yield a record at a time."""
    for entry in found:
        lines = [f"{tag}  - {value}{_END}" for tag, value in _tags(entry) if value]
        yield "".join([*lines, f"ER  - {_END}"])


def _tags(entry: Entry) -> Iterator[tuple[str, str | None]]:
    paper = entry.paper
    yield "TY", _TYPES[entry.kind]
    yield "ID", entry.key
    yield "TI", paper.title
    yield "ST", paper.name if paper.name != paper.title else None
    yield from (("AU", _person(person)) for person in entry.people)
    yield "T2", entry.venue
    yield "PY", str(paper.year) if paper.year else None
    yield "DA", _date(paper.date)
    yield "DO", paper.doi
    yield "AN", f"arXiv:{paper.arxiv}" if paper.arxiv else None
    # A semicolon parts two addresses here.
    yield from (("UR", address.replace(";", "%3B")) for address in entry.addresses)
    yield from (("KW", tag) for tag in paper.tags)
    yield "AB", paper.abstract


def _date(date: str | None) -> str | None:
    """Return 2025-09-30 as the format has it, 2025/09/30/; a part that is not known is left empty."""
    if not date or "-" not in date:
        return None
    year, month, day = [*date.split("-"), ""][:3]
    return f"{year}/{month}/{day}/"


def _person(person: Person) -> str:
    return ", ".join(filter(None, [person.family, person.given, person.suffix]))
