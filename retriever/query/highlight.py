"""Marking the words of a query in a text."""

from __future__ import annotations

from collections.abc import Collection

from retriever import words


def highlights(text: str, terms: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Return the half-open ranges of code points where terms stand, in order; ranges that touch are one."""
    spans: list[tuple[int, int]] = []
    for token in words.tokens_among(text, terms):
        if spans and token.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], token.end))
        else:
            spans.append((token.start, token.end))
    return tuple(spans)
