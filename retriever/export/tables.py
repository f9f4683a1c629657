"""CSV for spreadsheets: a paper a row, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator

from retriever.export.entries import Entry

_SEVERAL = "; "
# A spreadsheet takes a cell for a formula by its first sign, the wide ones too; behind an apostrophe it is text.
# A cell that begins with apostrophes before such a sign gets one more, so that taking one off always gives the text.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


_COLUMNS: dict[str, Callable[[Entry], str | int | None]] = {
    "citation_key": lambda entry: entry.key,
    "id": lambda entry: entry.paper.id,
    "title": lambda entry: entry.paper.title,
    "name": lambda entry: entry.paper.name,
    "authors": lambda entry: _SEVERAL.join(entry.paper.authors),
    "venue": lambda entry: entry.paper.venue,
    "year": lambda entry: entry.paper.year,
    "date": lambda entry: entry.paper.date,
    "doi": lambda entry: entry.paper.doi,
    "arxiv": lambda entry: entry.paper.arxiv,
    "openreview": lambda entry: entry.paper.openreview,
    "acl": lambda entry: entry.paper.acl,
    "url": lambda entry: entry.paper.address,
    "topics": lambda entry: _SEVERAL.join(" > ".join(topic.path) for topic in entry.paper.topics),
    "tags": lambda entry: _SEVERAL.join(entry.paper.tags),
    "markers": lambda entry: _SEVERAL.join(entry.paper.markers),
    "abstract": lambda entry: entry.paper.abstract,
}


def comma_separated(found: Iterable[Entry]) -> Iterator[str]:
    """Yield the names of the columns, then a row a paper; several values stand in one cell, between semicolons."""
    yield _line(_COLUMNS)
    for entry in found:
        yield _line(_guarded(str(cell(entry) or "")) for cell in _COLUMNS.values())


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
