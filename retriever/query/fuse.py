"""One score from two sides: the meaning of a window, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from retriever.index.arrays import Float32Vector
    from retriever.query.retrieve import Candidates

COVER_WEIGHT = 0.2
BM25_WEIGHT = 0.3
TRUST_POWER = 2.0


def lexical_part(candidates: Candidates) -> Float32Vector:
    """Return the lexical part of each window, in [0, 1]: BM25 against the best, as far as the query is covered."""
    if candidates.bm25 is None or candidates.cover is None or not len(candidates.rows):
        return np.zeros(len(candidates.rows), dtype=np.float32)
    best = float(candidates.bm25.max())
    if best <= 0.0:
        return np.zeros(len(candidates.rows), dtype=np.float32)
    return (candidates.bm25 / np.float32(best) * candidates.cover.max()).astype(np.float32)


def fuse(candidates: Candidates) -> Float32Vector:
    """Return the score of each window; higher is better, and only scores of one query compare."""
    if candidates.cosine is None:
        return lexical_part(candidates)
    if candidates.bm25 is None or candidates.cover is None:
        return candidates.cosine
    trust = float(candidates.cover.max(initial=0.0)) ** TRUST_POWER
    lexical = lexical_part(candidates)
    return (candidates.cosine + COVER_WEIGHT * candidates.cover + BM25_WEIGHT * trust * lexical).astype(np.float32)
