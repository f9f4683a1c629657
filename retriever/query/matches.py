"""Which words of a query stand in which fields of a passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retriever import words

if TYPE_CHECKING:
    from retriever.index import WindowRow
    from retriever.records import Passage

_SHOWN = 4  # words of a field; of a pasted text there may be a hundred
_LONGEST = 40  # characters of one word


def matched(passage: Passage, window: WindowRow, weights: Mapping[str, float]) -> dict[str, list[str]]:
    """Return for each field of a window, the most telling fields first, the words of a query there, rarest first.

    Each word stands as it is first written in the field; a key stands whole. Fields without a word are left out.
    """
    found = {
        "title": _written(passage.title or "", weights),
        "name": _written(passage.name or "", weights),
        "key": [passage.key] if passage.key and _holds(passage.key, weights) else [],
        "authors": _written(", ".join(passage.authors), weights),
        "headings": _written(" > ".join(passage.heading_path), weights),
        "text": _written(window.text, weights),
    }
    return {field: here for field, here in found.items() if here}


def told(found: Mapping[str, Sequence[str]]) -> str:
    """Return "field: words" for each field, as it is shown; "" where no word stands anywhere."""
    return "; ".join(f"{field}: {_listed(here)}" for field, here in found.items())


def _holds(key: str, weights: Mapping[str, float]) -> bool:
    return not weights.keys().isdisjoint([*words.key_terms(key), *words.singles(key)])


def _listed(found: Sequence[str]) -> str:
    shown = ", ".join(word[:_LONGEST] for word in found[:_SHOWN])
    return f"{shown} and {len(found) - _SHOWN} more" if len(found) > _SHOWN else shown


def _written(text: str, weights: Mapping[str, float]) -> list[str]:
    first: dict[str, str] = {}
    for token in words.tokens_among(text, weights):
        first.setdefault(token.term, text[token.start : token.end])
    return [first[term] for term in sorted(first, key=lambda term: (-weights[term], term))]
