"""What the notes do not file: papers go to the nearest topic of the notes, and those that are near none to clusters.

Clusters are made once and then kept: a paper that comes later joins the nearest one. They are made anew when a fifth
of their papers came later, or when that is asked for, and a new one that holds much the same papers as an old one
keeps its id and its label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retriever.topics.clusters import Labels, Vectors, cluster, matched, nearest, sums, unit
from retriever.topics.headings import folded_heading
from retriever.topics.labels import labels
from retriever.topics.placing import place
from retriever.topics.tree import Cluster, TopicNode, topic_id

FEWEST = 5  # papers that are clustered at all
_RENEWED = 5  # clusters are made anew when one in so many papers came after them
_READ = 25  # papers of a cluster, those nearest to its middle, that its label is made of

Texts = Callable[[Sequence[str]], Mapping[str, str]]  # paper ids to what the notes say of each


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a paper belongs by meaning. `joined` tells that it came to a cluster after that was made."""

    topic: str
    confidence: float
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The clusters, largest first, and where each paper belongs that the notes do not file; some stay nowhere."""

    nodes: tuple[TopicNode, ...]
    of_paper: Mapping[str, Belonging]


def settle(
    papers: Sequence[str],
    vectors: Vectors,
    filed: Mapping[str, Sequence[str]],
    texts: Texts,
    known: Collection[Cluster] = (),
    *,
    relayout: bool = False,
) -> Settled:
    """Place the papers that are not `filed`, by their meaning.

    `papers` are the ids of all papers, ascending, and `vectors` their unit vectors, (n, dim); `filed` gives the
    topics that the notes file a paper under; `known` are the clusters of the build before.
    """
    rows = [row for row, paper in enumerate(papers) if paper in filed]
    left = [row for row, paper in enumerate(papers) if paper not in filed]
    stay = set() if relayout else {paper for one in known for paper in one.papers}
    moving = [row for row in left if papers[row] not in stay]
    placed = place(vectors[moving], vectors[rows], [filed[papers[row]] for row in rows])
    of_paper = {
        papers[row]: Belonging(found.topic, found.confidence)
        for row, found in zip(moving, placed, strict=True)
        if found is not None
    }
    rest = [row for row in left if papers[row] not in of_paper]
    if len(rest) < FEWEST:
        return Settled((), of_paper)
    layout = _layout([papers[row] for row in rest], vectors[rest], known, relayout=relayout)
    nodes = _named(layout, texts)
    of_paper |= {
        paper: Belonging(nodes[label].id, confidence, paper in layout.joined)
        for paper, label, confidence in zip(layout.papers, layout.labels.tolist(), _confidence(layout), strict=True)
    }
    sizes = np.bincount(layout.labels, minlength=len(nodes))
    order = sorted(range(len(nodes)), key=lambda label: (-sizes[label], nodes[label].path, nodes[label].id))
    return Settled(tuple(nodes[label] for label in order), of_paper)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Papers with their vectors and the number of their cluster; `kept` are the clusters that an earlier one gave."""

    papers: Sequence[str]
    vectors: Vectors
    labels: Labels
    kept: Mapping[int, TopicNode]
    joined: frozenset[str]


def _layout(papers: Sequence[str], vectors: Vectors, known: Collection[Cluster], *, relayout: bool) -> _Layout:
    here = set(papers)
    old = [one for one in known if one.papers & here]
    before = {paper: at for at, one in enumerate(old) for paper in one.papers & here}
    late = (here - before.keys()) | {paper for one in old for paper in one.joined & here}
    nodes = {one.node.id: one.node for one in old}
    if not old or relayout or len(late) * _RENEWED >= len(here):
        labels = cluster(vectors)
        held = {one.node.id: set(one.papers & here) for one in old}
        kept = {label: nodes[id_] for label, id_ in matched(labels.tolist(), papers, held).items()}
        return _Layout(papers, vectors, labels, kept, frozenset())
    labels = np.array([before.get(paper, -1) for paper in papers], dtype=np.int64)
    fresh = labels < 0
    centres = unit(sums(vectors[~fresh], labels[~fresh], len(old)))
    labels[fresh] = nearest(vectors[fresh], centres)
    return _Layout(papers, vectors, labels, {at: one.node for at, one in enumerate(old)}, frozenset(late))


def _named(layout: _Layout, texts: Texts) -> list[TopicNode]:
    """Return the topic of each cluster: the one it had, else one of its own distinctive words."""
    count = int(layout.labels.max()) + 1
    nodes = dict(layout.kept)
    if len(nodes) < count:
        read = _typical(layout, count)
        said = texts(sorted({paper for some in read.values() for paper in some}))
        # All are read, for what distinguishes a cluster is what the others lack; only the new ones are named.
        names = labels(
            {label: [said.get(paper, "") for paper in some] for label, some in read.items()},
            {label: node.path[-1] for label, node in layout.kept.items()},
        )
        for label, name in names.items():
            nodes[label] = TopicNode(topic_id("cluster", (folded_heading(name),)), (name,), None, clustered=True)
    return [nodes[label] for label in range(count)]


def _typical(layout: _Layout, count: int) -> dict[int, list[str]]:
    """Return for each cluster the papers nearest to its middle."""
    centres = unit(sums(layout.vectors, layout.labels, count))
    near = np.einsum("ij,ij->i", layout.vectors, centres[layout.labels])
    found: dict[int, list[str]] = defaultdict(list)
    for row in np.argsort(-near, kind="stable").tolist():
        some = found[int(layout.labels[row])]
        if len(some) < _READ:
            some.append(layout.papers[row])
    return {label: found[label] for label in range(count)}


def _confidence(layout: _Layout) -> list[float]:
    """Return by how much nearer each paper is to its own cluster than to the next, 0 to 1 (a simple silhouette).

    Where there is no next one, it is how near the paper is.
    """
    centres = unit(sums(layout.vectors, layout.labels, int(layout.labels.max()) + 1)).astype(np.float64)
    if len(centres) == 1:
        return [round(value, 3) for value in np.clip(layout.vectors @ centres[0], 0, 1).tolist()]
    distance = 1 - layout.vectors.astype(np.float64) @ centres.T
    every = np.arange(len(distance))
    own = distance[every, layout.labels]
    distance[every, layout.labels] = np.inf
    other = distance.min(axis=1)
    share = (other - own) / np.maximum(np.maximum(own, other), 1e-9)
    return [round(value, 3) for value in np.clip(share, 0, 1).tolist()]
