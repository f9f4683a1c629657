"""Counting papers in the topic tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from retriever.records import Topic


class Node(Protocol):
    """What counting reads of a topic, whoever keeps it."""

    @property
    def id(self) -> str: ...
    @property
    def path(self) -> tuple[str, ...]: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def clustered(self) -> bool: ...


def nest(nodes: Iterable[Node], filed: Mapping[str, Collection[str]]) -> tuple[Topic, ...]:
    """Return the top topics with all that is below them, in the order of `nodes`.

    `filed` gives the papers that stand directly in a topic. A topic counts the papers at or below it, each once.
    """
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    return tuple(_nested(node, children, filed)[0] for node in children.get(None, []))


def _nested(
    node: Node, children: Mapping[str | None, list[Node]], filed: Mapping[str, Collection[str]]
) -> tuple[Topic, set[str]]:
    papers = set(filed.get(node.id, ()))
    below: list[Topic] = []
    for child in children.get(node.id, []):
        topic, held = _nested(child, children, filed)
        below.append(topic)
        papers |= held
    return Topic(node.id, node.path, len(papers), tuple(below), node.clustered), papers
