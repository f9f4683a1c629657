"""The two tables of reStructuredText, simple and grid, as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BORDER = re.compile(r"[ \t]*=+(?:[ \t]+=+)+[ \t]*$")  # of a simple table: one run of signs a column


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by the positions of its first and last lines; each cell by what it holds of each."""

    first: int
    last: int
    cells: list[list[str]]
    is_head: bool


def closing_borders(lines: Sequence[str]) -> list[int]:
    """Return the positions of the borders that end a simple table, ascending."""
    return [
        number
        for number, line in enumerate(lines)
        if BORDER.match(line) and not (number + 1 < len(lines) and lines[number + 1].strip())
    ]


def simple_rows(lines: Sequence[str], at: int, end: int) -> Iterator[TableRow]:
    """Yield the rows between the border at a position and the one that ends the table."""
    starts = [match.start() for match in re.finditer("=+", lines[at])]
    inner = [number for number in range(at + 1, end) if BORDER.match(lines[number])]
    head = inner[0] if inner else at
    for number in range(at + 1, end):
        line = lines[number]
        if BORDER.match(line) or not line.strip(" -"):
            continue
        ends = [*starts[1:], max(len(line), starts[-1])]
        cells = [[line[start:stop].strip()] for start, stop in zip(starts, ends, strict=True)]
        yield TableRow(number, number, cells, is_head=number < head)


def grid_rows(lines: Sequence[str], at: int) -> tuple[list[TableRow], int]:
    """Return the rows of the grid that begins at a position, and the position after it."""
    end = at
    while end < len(lines) and lines[end].lstrip().startswith(("+", "|")):
        end += 1
    rules = [number for number in range(at, end) if lines[number].lstrip().startswith("+")]
    head = next((number for number in rules if "=" in lines[number]), at)
    found = []
    for above, below in zip(rules, [*rules[1:], end], strict=True):
        parts = [lines[number].strip().strip("|").split("|") for number in range(above + 1, below)]
        if parts:
            width = min(len(part) for part in parts)
            cells = [[part[n].strip() for part in parts] for n in range(width)]
            found.append(TableRow(above + 1, below - 1, cells, is_head=below <= head))
    return found, end
