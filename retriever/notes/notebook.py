"""Jupyter notebooks to blocks: Markdown cells as Markdown, code cells as code, by their lines in the file itself.

In the file a cell's source is a list of strings, by habit one a line of the file. Where it is not, a block has
the lines of the file that its part of the source takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retriever.notes.frontmatter import front_matter
from retriever.notes.jsonplaces import JsonText, Part
from retriever.notes.markdown import markdown_blocks
from retriever.notes.note import Block, Content


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: its kind, the lines of its source, and for each of these the line of the file that it stands on."""

    kind: str
    lines: list[str]
    places: list[int]


def read(lines: Sequence[str]) -> Content:
    """Read a notebook; one that is no JSON gives a warning and no block. A first cell of YAML is its front."""
    text = JsonText("\n".join(lines))
    try:
        cells = list(_cells(text, text.whole()))
    except (ValueError, RecursionError) as error:
        return Content([], warnings=(f"the notebook could not be read ({error})",))
    front, taken, warning = front_matter(cells[0].lines) if cells else ({}, 0, None)
    blocks = [block for number, cell in enumerate(cells) for block in _blocks(cell, 0 if number else taken)]
    return Content(blocks, front, (warning,) if warning else ())


def _cells(text: JsonText, whole: Part) -> Iterator[_Cell]:
    found = text.members(whole).get("cells") if isinstance(whole.value, dict) else None
    if found is None or not isinstance(found.value, list):
        raise ValueError("it holds no cells")
    for part in text.elements(found):
        if not isinstance(part.value, dict):
            continue
        source = text.members(part).get("source")
        kind = part.value.get("cell_type")
        if source is not None and isinstance(kind, str):
            yield _cell(kind, text, source)


def _cell(kind: str, text: JsonText, source: Part) -> _Cell:
    pieces = list(text.elements(source)) if isinstance(source.value, list) else [source]
    lines, places = [""], [text.line(source.start)]
    for piece in pieces:
        if not isinstance(piece.value, str):
            continue
        place = text.line(piece.start)
        if not lines[-1]:
            places[-1] = place
        first, *others = piece.value.replace("\r\n", "\n").split("\n")
        lines[-1] += first
        lines += others
        places += [place] * len(others)
    return _Cell(kind, lines, places)


def _blocks(cell: _Cell, skip: int) -> Iterator[Block]:
    if cell.kind == "code":
        code = "\n".join(cell.lines).rstrip()
        if code:
            yield _placed(Block("code", 0, 1, code.count("\n") + 1, code), cell.places)
    elif cell.kind == "markdown" or skip:
        for block in markdown_blocks(cell.lines, skip):
            yield _placed(block, cell.places)


def _placed(block: Block, places: Sequence[int]) -> Block:
    first, last = places[block.first_line - 1], places[block.last_line - 1]
    # A line feed of the text is one of the file, or it is a space.
    is_line_by_line = last - first == block.last_line - block.first_line
    text = block.text if is_line_by_line else block.text.replace("\n", " ")
    return replace(block, first_line=first, last_line=last, text=text)
