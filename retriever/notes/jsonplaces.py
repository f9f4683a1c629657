"""Where the parts of a JSON text stand: the standard library tells what they are, not where."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*+")
_COMMA = re.compile(r"[ \t\n\r]*+,?[ \t\n\r]*+")
_COLON = re.compile(r"[ \t\n\r]*+:[ \t\n\r]*+")


@dataclass(frozen=True, slots=True)
class Part:
    """A value and the half-open range of the text that it takes."""

    value: Any
    start: int
    end: int


class JsonText:
    """A JSON text. What is read raises ValueError where it is no JSON, and RecursionError where it is too deep."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._feeds = [match.start() for match in re.finditer("\n", text)]

    def line(self, at: int) -> int:
        """Return the 1-based line of a position."""
        return bisect_left(self._feeds, at) + 1

    def whole(self) -> Part:
        """Return the value of the text."""
        part = self._part(_space(self._text, 0))
        if _space(self._text, part.end) != len(self._text):
            raise ValueError("more than one value")
        return part

    def members(self, of: Part) -> dict[str, Part]:
        """Return the members of an object, by name."""
        found: dict[str, Part] = {}
        at = _space(self._text, of.start + 1)
        while self._text[at] != "}":
            name = self._part(at)
            colon = _COLON.match(self._text, name.end)
            assert colon is not None  # the decoder has read it before
            found[name.value] = part = self._part(colon.end())
            at = _next(self._text, part.end)
        return found

    def elements(self, of: Part) -> Iterator[Part]:
        """Yield the elements of an array."""
        at = _space(self._text, of.start + 1)
        while self._text[at] != "]":
            part = self._part(at)
            yield part
            at = _next(self._text, part.end)

    def _part(self, at: int) -> Part:
        return Part(*_decoded(self._text, at))


def _decoded(text: str, at: int) -> tuple[Any, int, int]:
    value, end = _DECODER.raw_decode(text, at)
    return value, at, end


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _next(text: str, at: int) -> int:
    found = _COMMA.match(text, at)
    return found.end() if found else at
