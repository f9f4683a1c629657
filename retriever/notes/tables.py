"""CSV and TSV to rows, each with its values by the names in the head of the table."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from retriever.notes.inline import Inline, folded, named
from retriever.notes.note import Block, Content

_DELIMITERS = ",\t;|"
_LOOKED_AT = 40  # lines in which the delimiter shows
_LONGEST_RECORD = 400  # lines; a longer one began with a quotation mark that is none
_PATIENCE = 20  # such records, before quotation marks stop meaning anything
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Record:
    values: list[str]
    first_line: int
    last_line: int


def read(lines: Sequence[str]) -> Content:
    """Read a table; its delimiter is found, and its head if the first row is one."""
    records = list(_records(lines, _delimiter(lines)))
    if not records:
        return Content([])
    names = [folded(value) for value in records[0].values] if _is_head(records) else []
    rows = [_row(record, names) for record in (records[1:] if names else records)]
    return Content([row for row in rows if row.text.strip(" |\n")])


def _delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that gives most lines as many columns as the first, and most columns."""
    scores: dict[str, tuple[int, int]] = {}
    for delimiter in _DELIMITERS:
        widths = [len(record.values) for record in _records(lines[:_LOOKED_AT], delimiter)]
        width = widths[0] if widths else 1
        scores[delimiter] = (widths.count(width), width) if width > 1 else (0, 0)
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter][0] * scores[delimiter][1])


def _records(lines: Sequence[str], delimiter: str) -> Iterator[_Record]:
    """Yield the records that hold anything. One that a quotation mark draws out past belief is its first line."""
    at = failures = 0
    while at < len(lines):
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if failures < _PATIENCE else csv.QUOTE_NONE
        reader = csv.reader(_fed(lines, at), delimiter=delimiter, quoting=quoting)
        start = at
        try:
            for values in reader:
                if start + reader.line_num - at > _LONGEST_RECORD:
                    break
                if any(value.strip() for value in values):
                    yield _Record(values, at + 1, start + reader.line_num)
                at = start + reader.line_num
            else:
                return
        except csv.Error:  # a field over the module's limit
            pass
        failures += 1
        yield _Record([value.strip(' "') for value in lines[at].split(delimiter)], at + 1, at + 1)
        at += 1


def _fed(lines: Sequence[str], at: int) -> Iterator[str]:
    """Yield the lines from a position on, each with the line feed that ends it; the last one has none."""
    yield from (f"{line}\n" for line in islice(lines, at, len(lines) - 1))
    yield lines[-1]


def _is_head(records: Sequence[_Record]) -> bool:
    """Tell whether the first record names columns: different short words, no addresses, no numbers."""
    names = [folded(value) for value in records[0].values]
    filled = [name for name in names if name]
    return (
        len(records) > 1
        and len(filled) > 1
        and len(set(filled)) == len(filled)
        and all(len(name) <= _LONGEST_NAME and "://" not in name for name in filled)
        and not any(name.replace(".", "").isdigit() for name in filled)
    )


def _row(record: _Record, names: Sequence[str]) -> Block:
    row = Inline(record.first_line)
    for value in record.values:
        row.next_cell()
        row.add_with_addresses(value.strip(" \t"))
    return row.block("row", 0, record.last_line, named(names, row.cells()))
