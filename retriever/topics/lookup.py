"""Finding topics by what a user calls them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from retriever.topics.counts import Node
from retriever.topics.headings import folded_heading, same_heading

_PART = re.compile(r"[^\W_]+")
_STEP = re.compile(r"\s*>\s*|\s*/\s*")
N = TypeVar("N", bound=Node)


def find_topics(nodes: Sequence[N], asked: str) -> list[N]:
    """Return the topics that a name may mean, in the order of `nodes`; without those below another one found.

    A name is an id, a label ("RNN", "recurrent neural networks" where a note spells it out), the last steps of a path
    ("Vision > Video" or "vision/video"), or, where nothing else fits, words of a label; the last may be cut short.
    """
    if named := [node for node in nodes if node.id == asked.strip().casefold()]:
        return named
    label = folded_heading(asked)
    steps = [step for step in _STEP.split(asked.strip()) if step]
    folded = [folded_heading(step) for step in steps]
    ways: tuple[Callable[[N], bool], ...] = (
        lambda node: folded_heading(node.path[-1]) == label,
        lambda node: [folded_heading(step) for step in node.path[-len(folded) :]] == folded,
        lambda node: len(node.path) >= len(steps) and all(map(same_heading, node.path[-len(steps) :], steps)),
        lambda node: _spaced(label) in _spaced(folded_heading(node.path[-1])),
    )
    if not _PART.search(label):
        return []
    found = next((some for way in ways if (some := [node for node in nodes if way(node)])), [])
    above = {node.path for node in found}
    return [node for node in found if not any(node.path[:depth] in above for depth in range(1, len(node.path)))]


def _spaced(folded: str) -> str:
    """Return words with a space before each. Runs without spaces between words are found by any part of them."""
    return "".join(f" {part}" if part.isascii() else part for part in _PART.findall(folded))
