"""Text that may leave the program for a terminal or a file: notes come from anywhere."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_JOINERS = "\u200c\u200d"  # Persian and emoji need them; every other format character goes


def is_unsafe(char: str) -> bool:
    """Tell whether a terminal might obey the character: controls, bidirectional marks, tags, lone surrogates."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in _JOINERS


def clean(text: str) -> str:
    """Return text as one line that is safe to print; runs of white space become one space."""
    spaced = _SPACES.sub(" ", text)
    return spaced if spaced.isascii() and spaced.isprintable() else "".join(c for c in spaced if not is_unsafe(c))
