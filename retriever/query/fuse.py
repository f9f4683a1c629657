"""One score from two sides: the meaning of a window, and its words.

    score = cosine + WORDS * trust * lexical
    lexical = COVER * cover / best cover + (1 - COVER) * BM25 / best BM25, in [0, 1]

Questions in other words than the notes' share only common words with them, and a fixed sum lets those decide. So the
words count as far as they can be trusted: not at all where even the best window holds little of what is rare in the
query, in full where it holds most of it, or where some four words meet in it of which each is as rare as can be.
Within that they are shares of what the best window has, so that a long query, of which no window holds much, is not
left to meaning by half.

The constants were set on nine sets with three models, the same for all: paraphrases and plain questions on two folders
of notes, and five test sets. So what tests/benchmarks/quality measures on those are figures of tuning, not of questions
kept aside. They lie on a plateau: COVER from .6 to .8 and WORDS from .5 to .7 are as good on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from retriever.index.arrays import Float32Vector
    from retriever.query.retrieve import Candidates

WORDS = 0.6
COVER = 0.7
COVER_FROM, COVER_FULL = 0.35, 0.6  # share of the query's IDF in the window that holds most of it
RARE_FROM, RARE_FULL = 1.8, 3.6  # the same in words that stand in one window only: long queries are never half covered


@dataclass(frozen=True, slots=True)
class Fused:
    """What each side adds to the score of each candidate window, shape (windows,); None where it was not asked."""

    meaning: Float32Vector | None
    words: Float32Vector | None

    @property
    def score(self) -> Float32Vector:
        """Higher is better, and only scores of one query compare."""
        sides = [side for side in (self.meaning, self.words) if side is not None]
        return np.sum(sides, axis=0, dtype=np.float32) if sides else np.zeros(0, dtype=np.float32)


def fuse(candidates: Candidates) -> Fused:
    """Return what meaning and words add: words alone rank by the lexical part, meaning alone by the cosine."""
    words = None if candidates.cover is None else lexical_part(candidates)
    if candidates.cosine is not None and words is not None:
        words *= np.float32(WORDS * trust(candidates))
    return Fused(candidates.cosine, words)


def lexical_part(candidates: Candidates) -> Float32Vector:
    """Return the lexical part of each window, in [0, 1]; all 0 where words were not asked, or none is shared."""
    if candidates.cover is None or candidates.bm25 is None:
        return np.zeros(len(candidates.rows), dtype=np.float32)
    cover, bm25 = of_the_best(candidates.cover), of_the_best(candidates.bm25)
    part: Float32Vector = np.float32(COVER) * cover + np.float32(1 - COVER) * bm25
    return part


def of_the_best(measure: Float32Vector) -> Float32Vector:
    """Return a measure of each window as a share of the best one's, in [0, 1]; all 0 where none has any."""
    best = measure.max(initial=0.0)
    shares: Float32Vector = measure / best if best > 0.0 else np.zeros_like(measure)
    return shares


def trust(candidates: Candidates) -> float:
    """Return how far the words of the query can be trusted to find its answer, in [0, 1]."""
    if candidates.cover is None:
        return 0.0
    cover = float(candidates.cover.max(initial=0.0))
    return max(_ramp(cover, COVER_FROM, COVER_FULL), _ramp(cover * candidates.rare_words, RARE_FROM, RARE_FULL))


def _ramp(value: float, start: float, full: float) -> float:
    return min(max((value - start) / (full - start), 0.0), 1.0)
