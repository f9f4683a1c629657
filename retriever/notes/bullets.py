"""Bullets that are indented as people indent them, made to nest as they look.

CommonMark takes a bullet that is indented too far for the text of the line above, so that an outline under a
heading, or one that skips a level, would lose its items. What counts here is what the eye sees: a bullet two
columns or more to the right of another lies in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BULLET = re.compile(r"(?P<indent>[ \t]*)(?P<marker>[-*+]|\d{1,9}[.)])(?P<gap>[ \t]+)(?=\S)")
_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})")
_STEP = 2  # columns to the right that make a child


@dataclass(frozen=True, slots=True)
class _Open:
    """An item that may have children: its column in the note, and where its text starts when aligned."""

    column: int
    text_column: int


def aligned(lines: Sequence[str]) -> list[str]:
    """Return the lines, one for each, with list items and what belongs to them indented as their nesting asks."""
    found: list[str] = []
    items: list[_Open] = []
    fence: tuple[str, int] | None = None  # the sign that closes a code block, and how far its lines move
    after_blank = False
    for line in lines:
        if not line.strip():
            found.append(line)
            after_blank = True
            continue
        column = _column(line)
        if fence is not None:
            found.append(_moved(line, fence[1]))
            fence = None if line.strip() == fence[0] else fence
        elif (bullet := _BULLET.match(line)) and not _RULE.fullmatch(line):
            found.append(_item(line, bullet, column, items))
        else:
            shift = _shift(column, items, after_blank=after_blank)
            found.append(_moved(line, shift))
            if opened := _FENCE.match(line):
                fence = opened["fence"], shift
        after_blank = False
    return found


def _item(line: str, bullet: re.Match[str], column: int, items: list[_Open]) -> str:
    while items and column < items[-1].column + _STEP:
        items.pop()
    # Up to three columns at the left edge are CommonMark's own business, as they change nothing.
    start = items[-1].text_column if items else 0
    items.append(_Open(column, start + len(bullet["marker"]) + 1))
    return f"{' ' * start}{bullet['marker']} {line[bullet.end() :]}"


def _shift(column: int, items: list[_Open], *, after_blank: bool) -> int:
    """Return how far a line moves that is no item: with the item it lies in, if it is indented below one."""
    if after_blank:
        while items and column < items[-1].column + _STEP:
            items.pop()
    inside = [item for item in items if column >= item.column + _STEP]
    return inside[-1].text_column - column if inside else 0


def _column(line: str) -> int:
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return len(indent.expandtabs(4))


def _moved(line: str, shift: int) -> str:
    if not shift:
        return line
    text = line.lstrip(" \t")
    return " " * max(0, _column(line) + shift) + text
