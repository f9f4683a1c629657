"""Grouping hits by topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from retriever.records import Group, TopicRef

# A lone hit is shown below its topic of this depth: the first level ("Domain") is often too wide to say anything,
# and the innermost too narrow to hold anything else.
LONE_DEPTH = 2


class Node(Protocol):
    """What grouping reads of a topic."""

    @property
    def id(self) -> str: ...
    @property
    def path(self) -> tuple[str, ...]: ...
    @property
    def parent(self) -> str | None: ...


def group(topics: Sequence[str | None], nodes: Mapping[str, Node]) -> tuple[Group, ...]:
    """Return the groups of hits in the order of their best hit; every rank stands in one group.

    `topics` gives the topic id of each hit, best first, None where it is filed nowhere. From the innermost topics
    upwards, a topic that holds two or more hits without a group becomes their group; hits still alone at the
    second level stay there, and hits at the first level with those of the same topic.
    """
    groups: dict[str | None, list[int]] = {}
    open_ranks: dict[str, list[int]] = {}
    for rank, topic in enumerate(topics, start=1):
        if topic is None or topic not in nodes:
            groups.setdefault(None, []).append(rank)
        else:
            open_ranks.setdefault(topic, []).append(rank)
    while open_ranks:
        deepest = max(open_ranks, key=lambda topic: (len(nodes[topic].path), topic))
        ranks = open_ranks.pop(deepest)
        parent = nodes[deepest].parent
        if len(ranks) > 1 or parent is None or len(nodes[deepest].path) <= LONE_DEPTH:
            groups[deepest] = sorted(ranks)
        else:
            open_ranks.setdefault(parent, []).extend(ranks)
    in_order = sorted(groups.items(), key=lambda item: item[1][0])
    return tuple(Group(_reference(topic, nodes), tuple(ranks)) for topic, ranks in in_order)


def _reference(topic: str | None, nodes: Mapping[str, Node]) -> TopicRef | None:
    return None if topic is None else TopicRef(nodes[topic].id, nodes[topic].path)
