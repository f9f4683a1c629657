"""How sure an answer is, from 0 to 1: what a score means on this index, with this model.

A hit's evidence is the cosine of its best window, and a little for the part of the query's rare words that the notes
hold at all. Two things are measured on the index itself. What chance gives: the evidence of the best window for
questions of everyday life (`everyday`), at the 90th percentile. What a question about the notes gives: the evidence of
a paper's own best window for its title, at the 5th percentile. Between them the confidence rises as a logistic from
.1 to .9. So a larger index, in which chance finds something nearer, asks for more; and no cosine is good by itself.

Measured by tests/benchmarks/quality/silence.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retriever import words
from retriever.query.everyday import EVERYDAY
from retriever.query.retrieve import term_weights

if TYPE_CHECKING:
    from retriever.index import LexicalIndex, VectorIndex
    from retriever.index.arrays import Float32Matrix, Float32Vector, IntVector

KNOWN = 0.1  # of the evidence, for a query of whose rare words the notes hold all
ABSTAIN = 0.1  # confidence of the best hit below which nothing in the notes is about the question
UNSURE = 0.25  # a hit below it is near, and probably not meant
COVERED = 0.5  # least confidence of a hit that holds every word of a query with a rare one
_CHANCE, _OWN = 0.9, 0.05  # quantiles
_EDGE = math.log(9)  # where a logistic is .9
_LEAST_APART = 0.05  # evidence; where titles say no more than chance does, the rise is steep but finite

Encode = Callable[[Sequence[str]], "Float32Matrix"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Evidence that chance gives, and that a question about the notes gives at least."""

    chance: float
    own: float

    def confidence(self, evidence: float) -> float:
        """Return how sure a hit with this evidence is, in [0, 1]."""
        half = max(self.own - self.chance, _LEAST_APART) / 2
        return 1.0 / (1.0 + math.exp(-_EDGE * max(min((evidence - self.chance) / half - 1.0, 9.0), -9.0)))


def known_share(lexical: LexicalIndex, weights: dict[str, float]) -> float:
    """Return the share, in [0, 1], of a query's IDF in terms that stand somewhere in the notes."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if lexical.document_frequency(term)) / total if total else 0.0


def evidence(cosine: float, known: float) -> float:
    """Return what speaks for a hit."""
    return cosine + KNOWN * known


def calibrate(
    vectors: VectorIndex, lexical: LexicalIndex, encode: Encode, titles: Sequence[tuple[str, IntVector]]
) -> Calibration | None:
    """Measure an index; `titles` gives some papers' titles with the rows of their windows. None for an empty one."""
    if not vectors.count or not titles:
        return None
    best = vectors.search(encode(EVERYDAY), 1)[0][:, 0]
    chance = [evidence(float(cosine), _known(lexical, text)) for text, cosine in zip(EVERYDAY, best, strict=True)]
    asked = encode([title for title, _ in titles])
    own = [
        evidence(_nearest(vectors, vector, rows), _known(lexical, title))
        for vector, (title, rows) in zip(asked, titles, strict=True)
    ]
    return Calibration(float(np.quantile(chance, _CHANCE)), float(np.quantile(own, _OWN)))


def _nearest(vectors: VectorIndex, vector: Float32Vector, rows: IntVector) -> float:
    return float(vectors.scores(vector, rows).max())


def _known(lexical: LexicalIndex, text: str) -> float:
    return known_share(lexical, term_weights(lexical, words.terms(text)))
