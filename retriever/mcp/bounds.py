"""How much an answer may hold, in bytes as they are sent, and text cut to it.

An answer travels twice in one result, as structured content and, for clients that know no such thing, as a text that
holds the same JSON. A cost counts both: the bytes of the JSON, and of that JSON as a string in JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from retriever.records.printable import is_unsafe

LIMIT = 7_600  # cost of an answer; with what the protocol puts around it a result stays under 8,000 bytes
RESERVE = 700  # of it, for the cursor and for saying what was left out
_READ = 8_000  # characters of a text that are looked at in one go
_WORD = 60  # characters: how far back a cut looks for the end of a word

# Selectors and joiners have no look of their own: a run of them can carry a hidden text. One in an emoji is meant.
_UNSEEN = re.compile(r"[\ufe00-\ufe0e\U000e0100-\U000e01ef]|(?<=[\ufe0f\u200c\u200d])[\ufe0f\u200c\u200d]+")
_BREAKS = re.compile(r"[^\S\n]+")
_PRINTABLE = re.compile(r"[\x20-\x7e\n]*")


def dumps(value: Any) -> str:
    """Return JSON as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def cost(value: Any) -> int:
    text = dumps(value)
    return len(text.encode()) + len(dumps(text).encode()) - 2


def safe(text: str) -> str:
    """Return text without what a screen might obey or a reader cannot see; lines stay, other white space is a blank."""
    if not _PRINTABLE.fullmatch(text):
        text = _UNSEEN.sub("", _BREAKS.sub(" ", text))
        text = "".join(char for char in text if char == "\n" or not is_unsafe(char))
    return text


def clipped(text: str, most: int) -> str:
    """Return the beginning of a text, on one line, that costs at most `most`; an ellipsis tells that it goes on."""
    line = " ".join(safe(text[:_READ]).split())
    if len(text) <= _READ and cost(line) <= most:
        return line
    shown, _ = take(line, 0, most - cost("…"))
    return f"{shown.rstrip()}…"


def listed(texts: Iterable[str], most: int, number: int) -> list[str]:
    """Return up to `number` of the texts, each clipped; a last one says how many more there are."""
    texts = list(texts)
    shown = [clipped(text, most) for text in texts[:number]]
    return [*shown, f"and {len(texts) - number} more"] if len(texts) > number else shown


def take(text: str, start: int, most: int) -> tuple[str, int]:
    """Return what of a text, from `start` on, costs at most `most` once it is safe, and where it ends.

    It is cut between words where there is one, and goes on at least one character where `most` allows any.
    """
    piece = text[start : start + _READ]
    low, high = 0, len(piece)
    while low < high:
        middle = (low + high + 1) // 2
        if cost(safe(piece[:middle])) <= most:
            low = middle
        else:
            high = middle - 1
    end = start + low
    if end < len(text) and not text[end].isspace():
        gap = max(text.rfind(" ", end - _WORD, end), text.rfind("\n", end - _WORD, end))
        end = gap + 1 if gap > start else end
    return safe(text[start:end]), end
