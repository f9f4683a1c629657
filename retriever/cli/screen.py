"""What a terminal is sent: text without control characters, cut and wrapped by the columns it really takes.

Notes come from anywhere, so nothing of theirs may move the cursor, recolour the screen or reorder what is read.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from dataclasses import dataclass
from typing import TextIO

from retriever.records.printable import clean

MAX_WIDTH = 100  # longer lines are hard to read, however wide the window
FALLBACK_WIDTH = 80

# Around emphasised words until lines are cut; `clean` removes both from any note, so they can only be ours.
_ON, _OFF = "\x01", "\x02"


def width(text: str) -> int:
    """Return the columns that a line takes: 2 for wide characters and emoji, 0 for marks and joiners."""
    if text.isascii():
        return len(text) - text.count(_ON) - text.count(_OFF)
    columns, last = 0, 0
    joined = False
    for char in text:
        if char == "\ufe0f" and last == 1:  # asks for the emoji form of a character that has a narrow one
            columns, last = columns + 1, 2
        elif unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"}:
            joined = char == "\u200d"
        else:
            last = 0 if joined else 2 if unicodedata.east_asian_width(char) in "WF" else 1
            columns, joined = columns + last, False
    return columns


def pieces(text: str) -> list[tuple[int, int]]:
    """Return the half-open ranges that a line may be cut between: words, and single wide characters."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for at, char in enumerate(text):
        if char.isspace():
            if start is not None:
                found.append((start, at))
            start = None
        elif not char.isascii() and unicodedata.east_asian_width(char) in "WF" and text[at - 1 : at] != "\u200d":
            if start is not None:
                found.append((start, at))
            start = at
        elif start is None:
            start = at
        elif char.isalnum() and at - start > 0 and unicodedata.east_asian_width(text[at - 1]) in "WF":
            found.append((start, at))
            start = at
    if start is not None:
        found.append((start, len(text)))
    return found


def wrap(text: str, columns: int) -> list[str]:
    """Return the lines of a text, each at most `columns` wide; a longer word is cut."""
    lines, line = [], ""
    for start, end in pieces(text):
        gap = " " if line and text[start - 1].isspace() else ""
        piece = text[start:end]
        if line and width(line) + len(gap) + width(piece) > columns:
            lines.append(line)
            line, gap = "", ""
        while width(piece) > columns:
            head = _fit(piece, columns)
            lines.append(head)
            piece = piece[len(head) :]
        line += gap + piece
    return [*lines, line] if line else lines


def clip(text: str, columns: int) -> str:
    """Return the beginning of a text that fits, with an ellipsis where something is left out."""
    return text if width(text) <= columns else _fit(text, columns - 1).rstrip() + "…"


def clip_left(text: str, columns: int) -> str:
    """Return the end of a text that fits: of a path the file says more than the folder."""
    while width(text) > columns:
        text = "…" + text[2:]
    return text


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _fit(text: str, columns: int) -> str:
    end = max(1, min(len(text), columns))
    while end > 1 and width(text[:end]) > columns:
        end -= 1
    return text[:end]


@dataclass(frozen=True, slots=True)
class Screen:
    """Where an answer is printed: its columns, and whether it shows bold text and links."""

    columns: int
    styled: bool

    @classmethod
    def of(cls, stream: TextIO) -> Screen:
        columns = shutil.get_terminal_size((FALLBACK_WIDTH, 24)).columns
        styled = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(min(columns, MAX_WIDTH), styled)

    def emphasise(self, text: str) -> str:
        """Return text that `finish` makes bold, or *text* where bold cannot be shown."""
        return f"{_ON}{text}{_OFF}" if self.styled else f"*{text}*"

    def bold(self, text: str) -> str:
        return f"{_ON}{text}{_OFF}" if self.styled else text

    def link(self, text: str, url: str | None) -> str:
        """Return text as an OSC 8 link, where links are shown and the address is plainly one of the web."""
        if not self.styled or url is None or not re.fullmatch(r"https?://[!-~]+", url):
            return text
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"

    def finish(self, line: str) -> str:
        return line.replace(_ON, "\x1b[1m").replace(_OFF, "\x1b[22m")


def say(text: str) -> None:
    """Print one line for the person on stderr, so that stdout holds the answer alone."""
    print(clean(text), file=sys.stderr)  # noqa: T201  a command line prints
