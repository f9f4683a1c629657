"""Placing papers that no heading files: the nearest topic of the notes, and how far to trust that.

The trust is learned from the papers that the notes do file: each is placed as if it were not, and what share of them
comes back to its own topic, among those that stood out as clearly, is the confidence of a placement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retriever.topics.clusters import Vectors, sums, unit

LEAST = 0.5  # confidence below which a paper is not placed
_ALIKE = 50  # filed papers that stood out about as clearly, from which a confidence is learned
_EVIDENCE = 10  # filed papers below which there is nothing to learn from
_CHUNK = 4_096

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Placement:
    """A topic (its id) and the confidence, 0 to 1, with which a paper belongs there."""

    topic: str
    confidence: float


def place(vectors: Vectors, filed: Vectors, topics: Sequence[Sequence[str]]) -> list[Placement | None]:
    """Return for each row of `vectors`, (n, dim), the topic that it belongs to; None where none is sure enough.

    `filed` are the vectors of the filed papers, (m, dim), and `topics` the ids of the topics of each. A topic of one
    paper alone attracts none: nothing tells how wide it is.
    """
    sizes: dict[str, int] = {}
    for own in topics:
        for topic in own:
            sizes[topic] = sizes.get(topic, 0) + 1
    anchors = {topic: at for at, topic in enumerate(topic for topic, size in sizes.items() if size > 1)}
    if not anchors or not len(vectors):
        return [None] * len(vectors)
    pairs = [(row, anchors[topic]) for row, own in enumerate(topics) for topic in own if topic in anchors]
    rows, columns = np.array([row for row, _ in pairs]), np.array([column for _, column in pairs])
    totals = sums(filed[rows], columns, len(anchors))
    known = _left_out(filed, rows, columns, totals)
    if len(known.leads) < _EVIDENCE:
        return [None] * len(vectors)
    # A paper of another field is nearer to its best topic than to all others too; yet it is far from each. Half way
    # between what a topic's own papers are and what all others are is near enough: headings make its own very alike.
    far = (np.median(known.own) + np.median(known.others)) / 2
    centres, names = unit(totals), list(anchors)
    found: list[Placement | None] = []
    for at in range(0, len(vectors), _CHUNK):
        cosines = vectors[at : at + _CHUNK].astype(np.float64) @ centres.T.astype(np.float64)
        best = cosines.argmax(axis=1)
        for row, topic, confidence in zip(cosines, best, known.confidence(_lead(cosines)), strict=True):
            sure = row[topic] >= far and confidence >= LEAST
            found.append(Placement(names[topic], round(float(confidence), 3)) if sure else None)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What came of placing filed papers: leads in ascending order, whether each was right, and the cosines with its
    own topic and with the nearest other one (0 where there is no other).
    """

    leads: Floats
    right: npt.NDArray[np.bool_]
    own: Floats
    others: Floats

    def confidence(self, leads: Floats) -> Floats:
        """Return for each lead the share of right ones among the filed papers of the nearest leads.

        Two placements that are half right are added, so that few papers make no certainty.
        """
        total = np.concatenate([[0], np.cumsum(self.right)])
        middle = np.searchsorted(self.leads, leads)
        first = np.clip(middle - _ALIKE // 2, 0, max(0, len(self.leads) - _ALIKE))
        last = np.minimum(first + _ALIKE, len(self.leads))
        share: Floats = (total[last] - total[first] + 1) / (last - first + 2)
        return share


def _left_out(filed: Vectors, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], totals: Vectors) -> _Known:
    """Place each filed paper, by each topic of its own, with the paper itself taken out of that topic."""
    centres = unit(totals).astype(np.float64)
    leads, right, kept, others = [], [], [], []
    members: dict[int, set[int]] = {int(row): set() for row in rows}
    for row, column in zip(rows, columns, strict=True):
        members[int(row)].add(int(column))
    for at in range(0, len(rows), _CHUNK):
        mine, own = rows[at : at + _CHUNK], columns[at : at + _CHUNK]
        vectors = filed[mine].astype(np.float64)
        cosines = vectors @ centres.T
        without = totals[own].astype(np.float64) - vectors
        lengths = np.linalg.norm(without, axis=1)
        every = np.arange(len(mine))
        cosines[every, own] = np.einsum("ij,ij->i", vectors, without) / np.where(lengths > 0, lengths, 1)
        leads.append(_lead(cosines))
        best = cosines.argmax(axis=1)
        right += [int(topic) in members[int(row)] for row, topic in zip(mine, best, strict=True)]
        kept.append(cosines[every, own])
        cosines[every, own] = -1
        others.append(np.maximum(cosines.max(axis=1), 0))
    lead = np.concatenate(leads)
    order = np.argsort(lead, kind="stable")
    return _Known(lead[order], np.array(right)[order], np.concatenate(kept), np.concatenate(others))


def _lead(cosines: Floats) -> Floats:
    """Return by how much the best of each row stands above the second; all of it where there is but one."""
    if cosines.shape[1] == 1:
        return cosines[:, 0]
    two = np.partition(cosines, -2, axis=1)[:, -2:]
    lead: Floats = two[:, 1] - two[:, 0]
    return lead
