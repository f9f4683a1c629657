"""reStructuredText to blocks: sections by the order of their underlines, lists, footnotes, directives, tables.

docutils gives no line for over half of the paragraphs of a reading list that was tried, and block spans are what a
reader is for. Here a line says what it is by how it begins, and indentation alone nests, so that a note under work is
read like a finished one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from retriever.notes.inline import Inline, folded, named
from retriever.notes.note import Block, BlockKind, Content
from retriever.notes.rst_inline import Targets, read_text
from retriever.notes.rst_tables import BORDER, TableRow, closing_borders, grid_rows, simple_rows

_UNDERLINE = re.compile(r"(?P<sign>[!-/:-@\[-`{-~])(?P=sign){2,}$")
_EXPLICIT = re.compile(r"(?P<indent>[ \t]*)(?:\.\.(?:[ \t]+(?P<text>.*))?|__[ \t]+\S+[ \t]*)$")
_DIRECTIVE = re.compile(r"(?:\|[^|\n]{1,80}\|[ \t]+)?(?P<name>[\w.:+-]{1,40}?)::(?:[ \t]+(?P<argument>.*))?$")
_NOTE = re.compile(r"\[(?P<label>#?[\w.:+*-]{0,60})\](?:[ \t]+(?P<text>.*))?$")
_TARGET = re.compile(r"(?:_(?:[^:\n]{1,200}|`[^`\n]{1,200}`)|_):|__[ \t]|_:")
_OPTION = re.compile(r"[ \t]+:[^:\n]{1,60}:")
_FIELD = re.compile(r"(?P<indent>[ \t]*):(?P<name>[^:\n`][^:\n]{0,60}):(?:[ \t]+(?P<value>.*))?$")
_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?P<marker>[-*+•‣⁃]|\(?(?:\d{1,4}|#)[.)]|\(?(?:[a-zA-Z]|[ivxlc]{1,6})[.)])"
    r"(?:[ \t]+(?P<text>.*))?$"
)
_LETTERED = re.compile(r"\(?[a-zA-Z]+[.)]")
_BOX = re.compile(r"\[(?P<mark>[ xX])\][ \t]+")
_GRID = re.compile(r"[ \t]*\+[-=+]{2,}\+[ \t]*$")
_LITERATE = frozenset(
    "code code-block sourcecode literalinclude parsed-literal highlight prompt doctest testcode math".split()
)
_NAMELESS = frozenset({"figure", "list-table", "csv-table", "container"})  # whose argument is no text
_UNREAD = frozenset(
    "contents toctree image include index meta raw bibliography default-role title sectnum header footer class role "
    "unicode replace date target-notes automodule autoclass autofunction currentmodule module video youtube".split()
)
_LONG = 12  # words; a field that says more is read as text, too


def read(lines: Sequence[str]) -> Content:
    """Read reStructuredText. The field list at the head is its front."""
    return _Rst(lines).read()


class _Rst:
    """One pass over the lines; `_open` gathers the paragraph or item that may go on in the next one."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._targets = Targets(lines)
        self._blocks: list[Block] = []
        self._front: dict[str, object] = {}
        self._styles: list[str] = []
        self._open: list[str] = []
        self._open_line = self._open_column = 0
        self._kind: BlockKind = "paragraph"
        self._fields: list[tuple[str, str]] = []
        self._columns: list[int] = []
        self._literal_below: int | None = None  # after "::" what is indented below this column is code
        self._borders = closing_borders(lines)

    def read(self) -> Content:
        at = 0
        while at < len(self._lines):
            at = self._line(at)
        self._close()
        return Content(self._blocks, self._front)

    def _line(self, at: int) -> int:  # noqa: C901, PLR0911  one case a kind of line, read at a glance
        """Take the line at a position, and what belongs to it; return the position after it."""
        line = self._lines[at]
        if not line.strip():
            self._close()
            return at + 1
        if self._literal_below is not None:
            column, self._literal_below = self._literal_below, None
            if _column(line) > column:
                return self._literal(at, at, column)
        if (not self._open or self._open_column == 0) and (after := self._section(at)) > at:
            return after
        if explicit := _EXPLICIT.match(line):
            self._close()
            return self._explicit(at, explicit)
        if not self._open:
            if _GRID.match(line):
                return self._table(at, *grid_rows(self._lines, at))
            if BORDER.match(line) and (end := self._border_after(at)) is not None:
                return self._table(at, simple_rows(self._lines, at, end), end + 1)
            if _FIELD.match(line):
                return self._field_list(at)
            if line.lstrip().startswith(">>> "):
                return self._literal(at, at, -1)
        return self._text(at)

    # Sections

    def _section(self, at: int) -> int:
        """Take the section title that begins at a line; return where it ends, the line itself if there is none."""
        line = self._lines[at].rstrip()
        mark = _UNDERLINE.match(line)
        title = self._lines[at + 1].strip() if at + 1 < len(self._lines) else ""
        if mark and title and at + 2 < len(self._lines) and self._lines[at + 2].rstrip() == line:
            return self._titled(mark["sign"] * 2, title, at, at + 2)
        if mark and not title and not self._open:
            return at + 1  # a rule
        under = _UNDERLINE.match(self._lines[at + 1].rstrip()) if at + 1 < len(self._lines) else None
        if under and not mark and not line[0].isspace() and len(under.group()) >= min(4, len(line)):
            return self._titled(under["sign"], line, at, at + 1)
        return at

    def _titled(self, style: str, title: str, first: int, last: int) -> int:
        self._close()
        self._columns = []
        if style not in self._styles:
            self._styles.append(style)
        level = min(self._styles.index(style) + 1, 6)
        inline = Inline(first + 1)
        read_text(inline, title, self._targets)
        self._blocks.append(inline.block("heading", level, last + 1))
        return last + 1

    # What begins with two full stops

    def _explicit(self, at: int, explicit: re.Match[str]) -> int:
        column, text = _column(self._lines[at]), (explicit["text"] or "").strip()
        if note := _NOTE.match(text):
            self._leave(column)
            self._begin_item(at, column, note["text"] or "")
            if label := note["label"].strip("#*"):
                self._fields += [] if label.isdigit() else [("key", label)]
            return at + 1
        directive = _DIRECTIVE.match(text)
        if directive is None or _TARGET.match(text):
            return self._after(at, column)  # a comment or target
        name, argument = directive["name"].casefold(), (directive["argument"] or "").strip()
        if name in _UNREAD:
            return self._after(at, column)
        self._leave(column)
        if argument and name not in _NAMELESS and name not in _LITERATE:
            self._begin(at, column, argument)
            self._close()
        start = at + 1
        while start < len(self._lines) and _OPTION.match(self._lines[start]):
            start += 1
        return self._literal(at, start, column) if name in _LITERATE else start

    def _after(self, at: int, column: int) -> int:
        """Return where the lines end that are indented below a line."""
        at += 1
        while at < len(self._lines) and (not self._lines[at].strip() or _column(self._lines[at]) > column):
            at += 1
        return at

    def _literal(self, at: int, start: int, column: int) -> int:
        """Take a code block: what is indented below, or for column -1 what stands before the next blank line."""
        self._close()
        if column < 0:
            end = start
            while end < len(self._lines) and self._lines[end].strip():
                end += 1
        else:
            end = self._after(start - 1, column)
        last = end
        while last > start and not self._lines[last - 1].strip():
            last -= 1
        text = "\n" * (start - at) + "\n".join(self._lines[start:last])
        if text.strip():
            self._blocks.append(Block("code", len(self._columns), at + 1, max(last, at + 1), text))
        return end

    # Tables

    def _border_after(self, at: int) -> int | None:
        after = bisect_right(self._borders, at)
        return self._borders[after] if after < len(self._borders) else None

    def _table(self, at: int, rows: Iterable[TableRow], end: int) -> int:
        self._leave(_column(self._lines[at]))
        names: list[str] = []
        for row in rows:
            names = self._row(row.first, row.last, row.cells, names, is_head=row.is_head)
        return end

    def _row(
        self, first: int, last: int, cells: Sequence[Sequence[str]], names: list[str], *, is_head: bool
    ) -> list[str]:
        """Add a row, each cell given by its lines; return the names of the columns."""
        row = Inline(first + 1)
        for cell in cells:
            row.next_cell()
            read_text(row, " ".join(part for part in cell if part), self._targets)
        values = row.cells()
        fields = () if is_head else named(names, values)
        if any(values):
            self._blocks.append(row.block("row", len(self._columns), last + 1, fields))
        return [folded(value) for value in values] if is_head else names

    # Fields

    def _field_list(self, at: int) -> int:
        start, column = at, _column(self._lines[at])
        fields: list[tuple[str, str, int, int]] = []
        while at < len(self._lines) and (field := _FIELD.match(self._lines[at])):
            first, parts = at, [(field["value"] or "").strip()]
            at += 1
            while at < len(self._lines) and self._lines[at].strip() and _column(self._lines[at]) > column:
                parts.append(self._lines[at].strip())
                at += 1
            fields.append((folded(field["name"]), " ".join(" ".join(parts).split()), first, at - 1))
        values = [(name, value) for name, value, *_ in fields if value]
        long = [field for field in fields if len(field[1].split()) > _LONG]
        before = self._blocks[-1] if self._blocks else None
        if all(block.kind == "heading" for block in self._blocks[1:2]) and len(self._blocks) <= 1 and not column:
            self._front.update(values)
        elif before is not None and before.kind in ("heading", "item"):
            last = before.last_line if long else at
            self._blocks[-1] = replace(before, last_line=last, fields=(*before.fields, *values))
        else:
            long = [field for field in fields if field[1]]
        for _, _, first, last in long:
            paragraph = Inline(first + 1)
            text = "\n".join(line.strip() for line in self._lines[first : last + 1])
            read_text(paragraph, text.removeprefix(":").replace(":", ": ", 1).replace(":  ", ": ", 1), self._targets)
            self._blocks.append(paragraph.block("paragraph", len(self._columns), last + 1))
        return max(at, start + 1)

    # Paragraphs and items

    def _text(self, at: int) -> int:
        line = self._lines[at]
        column = _column(line)
        item = _ITEM.match(line)
        if item and self._is_item(at, item, column):
            self._close()
            self._leave(column)
            self._begin_item(at, column, item["text"] or "")
            return at + 1
        if self._open and self._kind == "item" and column <= self._columns[-1]:
            self._close()
        elif self._open and self._kind == "paragraph" and column > self._open_column and len(self._open) == 1:
            # A line with indented text under it is a term and its definition.
            self._kind = "item"
            self._columns.append(self._open_column)
            self._close()
        if self._open:
            self._open.append(line.strip())
            return at + 1
        self._leave(column)
        self._begin(at, column, line.strip())
        return at + 1

    def _is_item(self, at: int, item: re.Match[str], column: int) -> bool:
        if self._open and not (self._kind == "item" or column < self._open_column):
            return False
        if not _LETTERED.fullmatch(item["marker"]):
            return True
        below = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        return not below.strip() or _column(below) > column or bool(_ITEM.match(below))

    def _begin_item(self, at: int, column: int, text: str) -> None:
        self._columns.append(column)
        text = text.strip()
        if box := _BOX.match(text):
            self._fields.append(("status", "todo" if box["mark"] == " " else "done"))
            text = text[box.end() :]
        self._begin(at, column, text)
        self._kind = "item"

    def _begin(self, at: int, column: int, text: str) -> None:
        self._kind, self._open, self._open_line, self._open_column = "paragraph", [text], at + 1, column

    def _leave(self, column: int) -> None:
        while self._columns and self._columns[-1] >= column:
            self._columns.pop()

    def _close(self) -> None:
        """End the paragraph or item that is open."""
        if not self._open:
            return
        text = "\n".join(line.removeprefix("| ") for line in self._open)
        inline = Inline(self._open_line)
        if text.endswith("::"):
            self._literal_below, text = self._open_column, text[:-1]
        read_text(inline, text, self._targets)
        last = self._open_line + len(self._open) - 1
        if inline.text.strip(" :\n"):
            self._blocks.append(inline.block(self._kind, len(self._columns), last, tuple(self._fields)))
        self._open, self._fields = [], []


def _column(line: str) -> int:
    return len(line[: len(line) - len(line.lstrip())].expandtabs(8))
