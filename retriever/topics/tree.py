"""Growing the topic tree from the places where papers are filed.

A topic is a path of headings and topic bullets. Paths that differ only in case, accents or spaces are one topic,
in whichever notes they stand, and a heading that repeats its parent ("RNN > RNN") is one step with it. The tree
keeps reading order: topics stand in the order in which the notes first name them, parents before children.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retriever.words import fold

Path = tuple[str, ...]

# Deeper bullets are a hostile or broken note, and the tree is walked level by level.
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a passage stands: `path` runs from the root down, the note's own title already taken off.

    `paper` is None for a passage about no paper.
    """

    paper: str | None
    passage: str
    path: Path


@dataclass(frozen=True, slots=True)
class TopicNode:
    """A topic. `path` holds the headings as first written; `parent` is a topic id, None at the top."""

    id: str
    path: Path
    parent: str | None


@dataclass(frozen=True, slots=True)
class TopicTree:
    """Topics in reading order, and what is filed where.

    `of_passage` gives the topic of each passage that has one. `of_paper` gives the innermost topics of each
    paper, in reading order of its passages: a topic above another one of the same paper is left out.
    """

    nodes: tuple[TopicNode, ...]
    of_passage: Mapping[str, str]
    of_paper: Mapping[str, tuple[str, ...]]


def grow(filings: Iterable[Filing]) -> TopicTree:
    """Return the tree of filings given in reading order.

    Only papers make topics. A passage about no paper is put at the innermost topic of its path that papers
    made; without such a topic, like a passage with an empty path, it is filed nowhere.
    """
    known = list(filings)
    nodes: dict[Path, TopicNode] = {}
    for filing in known:
        if filing.paper is not None:
            _add(nodes, filing.path)
    of_passage: dict[str, str] = {}
    of_paper: dict[str, dict[Path, str]] = {}
    for filing in known:
        folded = tuple(step for step, _ in _steps(filing.path))
        while folded and folded not in nodes:
            folded = folded[:-1]
        if not folded:
            continue
        of_passage[filing.passage] = nodes[folded].id
        if filing.paper is not None:
            of_paper.setdefault(filing.paper, {})[folded] = nodes[folded].id
    return TopicTree(
        tuple(nodes.values()), of_passage, {paper: _innermost(places) for paper, places in of_paper.items()}
    )


def _add(nodes: dict[Path, TopicNode], path: Path) -> None:
    folded: Path = ()
    label: Path = ()
    parent: str | None = None
    for step, heading in _steps(path):
        folded = (*folded, step)
        node = nodes.get(folded) or TopicNode(_topic_id(folded), (*label, heading), parent)
        nodes.setdefault(folded, node)
        label, parent = node.path, node.id


def _steps(path: Path) -> list[tuple[str, str]]:
    """Return (folded, as written) for each step; a blank heading is none, repetitions are one, the depth is bounded."""
    steps: list[tuple[str, str]] = []
    for heading in path:
        shown = " ".join(heading.split())
        folded = " ".join(fold(shown).split())
        if folded and (not steps or steps[-1][0] != folded):
            steps.append((folded, shown))
    return steps[:MAX_DEPTH]


def _topic_id(folded: Path) -> str:
    digest = hashlib.sha256(("topic:" + "\x1f".join(folded)).encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode("ascii")[:10].lower()


def _innermost(places: Mapping[Path, str]) -> tuple[str, ...]:
    return tuple(
        topic
        for path, topic in places.items()
        if not any(len(other) > len(path) and other[: len(path)] == path for other in places)
    )
