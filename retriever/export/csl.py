"""CSL-JSON, which Zotero, pandoc and citeproc read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from retriever.export.entries import Entry
from retriever.export.people import Person
from retriever.records import Json

_TYPES = {
    "conference": "paper-conference",
    "journal": "article-journal",
    "preprint": "article",
    "other": "document",
}


def csl_json(found: Iterable[Entry]) -> Iterator[str]:
    """Yield a list of items, one a line."""
    yield "["
    for place, entry in enumerate(found):
        item = {name: value for name, value in _item(entry).items() if value}
        yield f"{',' if place else ''}\n  {json.dumps(item, ensure_ascii=False)}"
    yield "\n]\n"


def _item(entry: Entry) -> dict[str, Json]:
    paper = entry.paper
    persons: list[Json] = [_person(person) for person in entry.people]
    others: list[Json] = [{"literal": "others"}] if persons and entry.others else []  # what pandoc makes of "et al."
    is_preprint = entry.kind == "preprint"
    ids = {**entry.unlinked, **({"arXiv": paper.arxiv} if paper.arxiv and not is_preprint else {})}
    return {
        "id": entry.key,
        "citation-key": entry.key,
        "type": _TYPES[entry.kind],
        "title": paper.title,
        "title-short": paper.name if paper.name != paper.title else None,
        "author": [*persons, *others],
        "container-title": entry.venue,
        "publisher": "arXiv" if is_preprint and paper.arxiv else None,
        "number": f"arXiv:{paper.arxiv}" if is_preprint and paper.arxiv else None,
        "issued": {"date-parts": [_date(entry)]} if paper.year else None,
        "DOI": paper.doi,
        "URL": entry.addresses[0] if entry.addresses else None,
        "keyword": ", ".join(paper.tags),
        "abstract": paper.abstract,
        "note": "\n".join(f"{name}: {value}" for name, value in ids.items()),
    }


def _date(entry: Entry) -> list[Json]:
    year, date = entry.paper.year, entry.paper.date or ""
    parts = date.split("-") if date.startswith(f"{year}-") else []
    return [year, *(int(part) for part in parts[1:3] if part.isdigit())]


def _person(person: Person) -> Json:
    if person.whole:
        return {"literal": person.family}
    parts = {"family": person.family, "given": person.given, "suffix": person.suffix}
    return {name: part for name, part in parts.items() if part}
