"""Growing the topic tree from the places where papers are filed.

A topic is a path of headings and topic bullets, less those that say nothing. Headings side by side that name the same
thing are one topic, in whichever notes they stand, and a heading that repeats its parent ("RNN > RNN") is one step
with it. The tree keeps reading order: topics stand in the order in which the notes first name them, parents before
children.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retriever.topics.headings import folded_heading, same_heading, says_nothing
from retriever.topics.reconcile import reconcile

Path = tuple[str, ...]
Tiers = tuple[tuple[Path, ...], ...]

# Deeper bullets are a hostile or broken note, and the tree is walked level by level.
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a passage stands, told in four ways of which the first that says anything counts for a paper.

    `path` runs from the root down through headings and bullets, the note's own title already taken off; `folder`
    holds the folders of the note; `tags` are as written, and only nested ones ("vision/video") tell a topic; `listed`
    are the paths under which other notes link to this one. `paper` is None for a passage about no paper.
    """

    paper: str | None
    passage: str
    path: Path
    folder: Path = ()
    tags: tuple[str, ...] = ()
    listed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicNode:
    """A topic. `path` holds the headings as they are mostly written; `parent` is a topic id, None at the top.

    `clustered` tells that no note names it.
    """

    id: str
    path: Path
    parent: str | None
    clustered: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of an earlier build: its topic, its papers, and those of them that joined after it was made."""

    node: TopicNode
    papers: frozenset[str]
    joined: frozenset[str]


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

    Only papers make topics. A passage of a paper that does not say itself where it stands stands with the first one
    that does. A passage about no paper is put at the innermost topic of its headings that papers made; without such a
    topic it is filed nowhere, like a paper of which nothing says where it belongs.
    """
    known = list(filings)
    placed = _placed(known)
    standing = [(filing, paths) for filing, paths in zip(known, placed, strict=True) if paths]
    names = _Names((filing.paper, path) for filing, paths in standing for path in paths if filing.paper)
    nodes: dict[Path, TopicNode] = {}
    for filing, paths in standing:
        if filing.paper is not None:
            for path in paths:
                _add(nodes, names.canonical(path))
    of_passage: dict[str, str] = {}
    of_paper: dict[str, dict[Path, str]] = {}
    for filing, paths in standing:
        found = [path for path in map(names.canonical, paths) if path]
        if not found:
            continue
        of_passage[filing.passage] = nodes[_folded(found[0])].id
        if filing.paper is not None:
            of_paper.setdefault(filing.paper, {}).update({_folded(path): nodes[_folded(path)].id for path in found})
    innermost = {paper: _innermost(places) for paper, places in of_paper.items()}
    for filing in known:
        if filing.paper in innermost:
            of_passage.setdefault(filing.passage, innermost[filing.paper][0])
    return TopicTree(tuple(nodes.values()), of_passage, innermost)


def topic_id(kind: str, folded: Path) -> str:
    """Return the id of a topic: of the kind "topic" where the notes name it, "cluster" where they do not."""
    steps = "\x1f".join(folded)
    digest = hashlib.sha256(f"{kind}:{steps}".encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode("ascii")[:10].lower()


def _placed(filings: Sequence[Filing]) -> list[tuple[Path, ...]]:
    """Return the paths at which each passage stands: of the first way of telling that says anything of its paper."""
    told = [_tiers(filing) for filing in filings]
    best: dict[str, int] = {}
    for filing, tiers in zip(filings, told, strict=True):
        if filing.paper is not None:
            first = next((at for at, paths in enumerate(tiers) if paths), len(tiers))
            best[filing.paper] = min(first, best.get(filing.paper, first))
    chosen = [0 if filing.paper is None else best[filing.paper] for filing in filings]
    return [tiers[at] if at < len(tiers) else () for at, tiers in zip(chosen, told, strict=True)]


def _tiers(filing: Filing) -> Tiers:
    nested = (tuple(tag.lstrip("#").split("/")) for tag in filing.tags if "/" in tag)
    ways = ((filing.path,), (filing.folder,), nested, filing.listed)
    return tuple(tuple(dict.fromkeys(steps for path in paths if (steps := _steps(path)))) for paths in ways)


def _steps(path: Path) -> Path:
    """Return the steps that say something; repetitions are one, and the depth is bounded."""
    steps: list[str] = []
    for heading in path:
        shown = " ".join(heading.split())
        if not says_nothing(shown) and not (steps and same_heading(steps[-1], shown)):
            steps.append(shown)
    return tuple(steps[:MAX_DEPTH])


class _Names:
    """How each heading is called where it stands, over all notes."""

    def __init__(self, filed: Iterable[tuple[str, Path]]) -> None:
        """Take (paper, path) of all places; how many papers stand under a heading decides between spellings."""
        self._children: dict[Path, dict[str, str]] = {}  # canonical path: folded heading to its name there
        level: dict[Path, list[tuple[str, Path]]] = {(): sorted(set(filed))}
        while level:
            below: dict[Path, list[tuple[str, Path]]] = defaultdict(list)
            for parent, places in level.items():
                names = self._children[parent] = _named(places)
                for paper, path in places:
                    if len(path) > 1:
                        below[*parent, names[folded_heading(path[0])]].append((paper, path[1:]))
            level = below

    def canonical(self, path: Path) -> Path:
        """Return the path as it is called, as far as papers stand there."""
        found: Path = ()
        for heading in path:
            name = self._children.get(found, {}).get(folded_heading(heading))
            if name is None:
                break
            found = (*found, name)
        return found


def _named(places: Sequence[tuple[str, Path]]) -> dict[str, str]:
    """Return the name of each folded heading among siblings, given (paper, path from there on)."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    under: dict[str, set[str]] = defaultdict(set)
    for paper, path in places:
        folded = folded_heading(path[0])
        spelled[folded][path[0]] += 1
        under[folded].add(paper)
    shown = {folded: min(forms, key=lambda form: (-forms[form], form)) for folded, forms in spelled.items()}
    names = reconcile({shown[folded]: len(papers) for folded, papers in under.items()})
    return {folded: names[form] for folded, form in shown.items()}


def _add(nodes: dict[Path, TopicNode], path: Path) -> None:
    folded = _folded(path)
    parent: str | None = None
    for depth in range(1, len(path) + 1):
        node = nodes.get(folded[:depth])
        if node is None:
            node = TopicNode(topic_id("topic", folded[:depth]), path[:depth], parent)
            nodes[folded[:depth]] = node
        parent = node.id


def _folded(path: Path) -> Path:
    return tuple(map(folded_heading, path))


def _innermost(places: Mapping[Path, str]) -> tuple[str, ...]:
    return tuple(
        topic
        for path, topic in places.items()
        if not any(len(other) > len(path) and other[: len(path)] == path for other in places)
    )
