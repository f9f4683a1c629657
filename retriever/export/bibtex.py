"""BibTeX, as BibTeX, biber and reference managers read it: UTF-8, one field a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retriever.export.entries import Entry
from retriever.export.latex import address, escaped, title
from retriever.export.people import Person

_TYPES = {"conference": "inproceedings", "journal": "article", "preprint": "misc", "other": "misc"}
_WHERE = {"conference": "booktitle", "journal": "journal", "preprint": "howpublished", "other": "howpublished"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def bibtex(found: Iterable[Entry]) -> Iterator[str]:
    """Yield an entry at a time, with a blank line between."""
    for place, entry in enumerate(found):
        braced = {name: f"{{{value}}}" for name, value in _fields(entry).items() if value}
        if month := month_of(entry.paper.date):
            braced["month"] = _MONTHS[month - 1]  # a word that every style knows, not a text
        fields = "".join(f"  {name} = {value},\n" for name, value in braced.items())
        gap = "\n" if place else ""
        yield f"{gap}@{_TYPES[entry.kind]}{{{entry.key},\n{fields}}}\n"


def _fields(entry: Entry) -> dict[str, str]:
    paper = entry.paper
    names = [*map(_person, entry.people), *(["others"] if entry.people and entry.others else [])]
    return {
        "title": title(paper.title or ""),
        "shorttitle": title(paper.name or "") if paper.name != paper.title else "",
        "author": " and ".join(names),
        _WHERE[entry.kind]: escaped(entry.venue or ""),
        "year": str(paper.year or ""),
        "doi": address(paper.doi or ""),
        "eprint": address(paper.arxiv or ""),
        "archiveprefix": "arXiv" if paper.arxiv else "",
        **{name.casefold(): address(value) for name, value in entry.unlinked.items()},
        "url": address(entry.addresses[0]) if entry.addresses else "",
        "keywords": escaped(", ".join(paper.tags)),
        "abstract": escaped(paper.abstract or ""),
    }


def month_of(date: str | None) -> int | None:
    """Return the month of 2025-09 or 2025-09-30; None where only the year is known."""
    month = int(date[5:7]) if date and date[5:7].isdigit() else 0
    return month if 1 <= month <= 12 else None


def _person(person: Person) -> str:
    if person.whole:
        return f"{{{escaped(person.family)}}}"
    return ", ".join(escaped(part) for part in (person.family, person.suffix, person.given) if part)
