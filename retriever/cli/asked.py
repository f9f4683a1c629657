"""The query that the words of a command line make."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import get_args

from retriever.errors import UsageError
from retriever.records import FilterName, Filters

STDIN = "-"
MOST = 1_000_000  # characters of stdin: more is no query, and is refused by its length all the same

# The shell took the quotes of topic:"Diffusion models" away; beside other words it is still one.
_SPACED = re.compile(rf"(-?(?:{'|'.join(get_args(FilterName))})):([^\"]*\s[^\"]*)")


def text_of(words: Sequence[str], filters: Filters) -> str:
    """Return the text of a query: its words, or what stdin says where the only word is "-".

    Raises UsageError where neither words nor filters are given: nothing need be built or opened for that.
    """
    if not words and not any(filters.values()):
        raise UsageError("The query is blank.", "Ask with a few words, a title or a key, or with a filter.")
    if list(words) == [STDIN]:
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]  # a text file, wherever it comes from
        return sys.stdin.read(MOST)
    if len(words) == 1:
        return words[0]
    return " ".join(_SPACED.sub(r'\1:"\2"', word) if _SPACED.fullmatch(word) else word for word in words)
