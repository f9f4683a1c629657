"""Grouping papers by meaning: Ward's merging of near groups, then k-means from there; and keeping known ones.

Numpy alone: five thousand papers take a second, and importing scikit-learn costs more than that. Merging finds groups
of very different sizes, as authors make them, and starts k-means at the same place each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]  # (n, dim), unit rows
Labels = npt.NDArray[np.int64]  # (n,), a cluster for each row

MAX_CLUSTERS = 60  # more than a person looks through
_SEED = 20_080  # any number, always the same: equal notes make equal clusters
_MERGED = 400  # rows that are merged one by one; of more, small groups of them are
_GRAINS = 200  # such groups
_ROUNDS = 10
_SAMPLE = 8_000  # rows that clusters are made from; all others go to the nearest
_NEIGHBOURS = 15  # rows towards which each is drawn before
_PULL = 2.0  # weight of the middle of these, beside the row itself
_CHUNK = 1_024  # rows compared with all others at once
_MATCH = 1 / 3  # of the papers of both, shared: then a new cluster is an old one


def cluster(vectors: Vectors) -> Labels:
    """Return a cluster for each row, numbered from 0: the root of half their number of clusters, up to MAX_CLUSTERS.

    Two calls with the same rows return the same. No cluster is empty, nor holds one row alone beside others.
    """
    count = max(1, min(MAX_CLUSTERS, round((len(vectors) / 2) ** 0.5)))
    # What all papers have in common says nothing of how they differ.
    shifted = unit(vectors - vectors.mean(axis=0, keepdims=True))
    step = -(-len(shifted) // _SAMPLE)
    sample = _drawn_together(shifted[::step])
    grains = _grains(sample) if len(sample) > _MERGED else np.arange(len(sample))
    labels = _merged(sample, grains, count)[grains]
    centres = _refined(sample, labels)
    found = nearest(sample, centres)
    kept = np.flatnonzero(np.bincount(found, minlength=len(centres)) > 1)
    if 0 < len(kept) < len(centres):
        found = nearest(sample, centres[kept])
    found = _renumbered(found)
    if step > 1:
        found = nearest(shifted, unit(sums(shifted[::step], found, int(found.max()) + 1)))
    return _renumbered(found)


def unit(rows: npt.NDArray[np.floating]) -> Vectors:
    """Return rows scaled to length one; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def sums(vectors: Vectors, labels: Labels, count: int) -> npt.NDArray[np.float32]:
    """Return the sum of the rows of each cluster, (count, dim)."""
    totals = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    order = np.argsort(labels, kind="stable")
    present, starts = np.unique(labels[order], return_index=True)
    if len(present):
        totals[present] = np.add.reduceat(vectors[order], starts, axis=0)
    return totals


def nearest(vectors: Vectors, centres: Vectors) -> Labels:
    """Return for each row the centre of the greatest cosine, the first of equals."""
    parts = [(vectors[at : at + _CHUNK] @ centres.T).argmax(axis=1) for at in range(0, len(vectors), _CHUNK)]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def matched(labels: Sequence[int], papers: Sequence[str], known: Mapping[str, set[str]]) -> dict[int, str]:
    """Return the old clusters that new ones continue, by the papers that both hold; each at most once.

    `labels` gives the new cluster of each paper, `known` the papers of each old one. Two are the same if they share a
    third of all that is in either; those that share most are joined first.
    """
    before = {paper: old for old, held in known.items() for paper in held}
    new = Counter(labels)
    shared = Counter((label, before[paper]) for label, paper in zip(labels, papers, strict=True) if paper in before)
    pairs = sorted(
        ((-count / (new[label] + len(known[old]) - count), label, old) for (label, old), count in shared.items()),
    )
    found: dict[int, str] = {}
    for share, label, old in pairs:
        if -share >= _MATCH and label not in found and old not in found.values():
            found[label] = old
    return found


def _drawn_together(vectors: Vectors) -> Vectors:
    """Return rows moved towards those nearest to them (themselves among them), so that what is dense becomes denser."""
    moved = np.empty_like(vectors)
    near = min(_NEIGHBOURS, len(vectors))
    for at in range(0, len(vectors), _CHUNK):
        part = vectors[at : at + _CHUNK]
        nearest_rows = np.argpartition(part @ vectors.T, -near, axis=1)[:, -near:]
        moved[at : at + _CHUNK] = part + _PULL * vectors[nearest_rows].mean(axis=1)
    return unit(moved)


def _grains(vectors: Vectors) -> Labels:
    """Return small groups of rows that lie together: a few rounds of k-means from rows drawn by chance."""
    drawn = np.random.default_rng(_SEED).choice(len(vectors), _GRAINS, replace=False)
    labels = _renumbered(nearest(vectors, vectors[drawn]))
    return _renumbered(nearest(vectors, _refined(vectors, labels)))


def _refined(vectors: Vectors, labels: Labels) -> Vectors:
    """Return the centres of clusters after k-means: each the middle of the rows that are nearest to it."""
    centres = unit(sums(vectors, labels, int(labels.max()) + 1))
    for _ in range(_ROUNDS):
        labels, before = _renumbered(nearest(vectors, centres)), labels
        if np.array_equal(labels, before):
            break
        centres = unit(sums(vectors, labels, int(labels.max()) + 1))
    return centres


def _merged(vectors: Vectors, grains: Labels, count: int) -> Labels:
    """Return for each grain, numbered from 0, one of `count` groups.

    By Ward's rule the two groups are merged, again and again, whose union scatters least more than they did apart.
    """
    sizes = np.bincount(grains).astype(np.float64)
    middles = sums(vectors, grains, len(sizes)).astype(np.float64) / sizes[:, None]
    squares = np.einsum("ij,ij->i", middles, middles)
    costs = squares[:, None] + squares[None] - 2 * middles @ middles.T
    costs *= sizes[:, None] * sizes[None] / (sizes[:, None] + sizes[None])
    np.fill_diagonal(costs, np.inf)
    groups = np.arange(len(sizes))
    gone = np.zeros(len(sizes), dtype=np.bool_)
    for _ in range(len(sizes) - count):
        one, other = divmod(int(costs.argmin()), len(sizes))
        whole = sizes[one] + sizes[other]
        middles[one] = (sizes[one] * middles[one] + sizes[other] * middles[other]) / whole
        sizes[one], gone[other] = whole, True
        groups[groups == other] = one
        apart = ((middles - middles[one]) ** 2).sum(axis=1) * sizes * whole / (sizes + whole)
        apart[gone] = apart[one] = np.inf
        costs[one] = costs[:, one] = apart
        costs[other] = costs[:, other] = np.inf
    return _renumbered(groups)


def _renumbered(labels: Labels) -> Labels:
    """Return labels numbered from 0 without gaps, in the same order."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
