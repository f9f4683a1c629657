"""Grouping papers by meaning: spherical k-means, and keeping the clusters that are known.

Numpy alone: five thousand papers take about a second, and importing scikit-learn costs more than that.
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
_ROUNDS = 30
_TRIALS = 5  # candidates for each first centre, as in greedy k-means++
_SAMPLE = 20_000  # rows that centres are looked for among
_CHUNK = 8_192  # rows compared at once
_MATCH = 1 / 3  # of the papers of both, shared: then a new cluster is an old one


def cluster(vectors: Vectors) -> Labels:
    """Return a cluster for each row, numbered from 0; about half the root of their number, at most MAX_CLUSTERS.

    Two calls with the same rows return the same. No cluster is empty, nor holds one row alone beside others.
    """
    count = max(1, min(MAX_CLUSTERS, round(len(vectors) ** 0.5 / 2)))
    # What all papers have in common says nothing of how they differ.
    shifted = unit(vectors - vectors.mean(axis=0, keepdims=True))
    sample = shifted[:: -(-len(shifted) // _SAMPLE)]
    centres = _first_centres(sample, count)
    labels = nearest(sample, centres)
    for _ in range(_ROUNDS):
        centres = unit(sums(sample, labels, count))
        labels, before = nearest(sample, centres), labels
        if np.array_equal(labels, before):
            break
    found = nearest(shifted, centres)
    sizes = np.bincount(found, minlength=count)
    kept = np.flatnonzero(sizes > 1)
    if 0 < len(kept) < count:
        found = nearest(shifted, centres[kept])
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


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


def _first_centres(vectors: Vectors, count: int) -> Vectors:
    """Return rows that lie well apart: each the best of some drawn with a chance that grows with their distance."""
    random = np.random.default_rng(_SEED)
    chosen = [int(random.integers(len(vectors)))]
    distance = np.maximum(0, 1 - vectors @ vectors[chosen[0]]).astype(np.float64)
    while len(chosen) < count and distance.sum() > 0:
        drawn = random.choice(len(vectors), _TRIALS, p=distance / distance.sum())
        left = np.minimum(distance, np.maximum(0, 1 - vectors[drawn] @ vectors.T))
        best = int(left.sum(axis=1).argmin())
        chosen.append(int(drawn[best]))
        distance = left[best]
    return vectors[chosen]
