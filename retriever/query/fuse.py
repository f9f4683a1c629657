"""One score from two sides: the meaning of a window, and its words.

    score = cosine + WORDS * trust * lexical        lexical = half of (cover + BM25 / best BM25), in [0, 1]

Questions in other words than the notes' share only common words with them, and a fixed sum lets those decide. So the
words count as far as they can be trusted: not at all where even the best window holds little of what is rare in the
query, in full where it holds most of it, or where some four words meet in it of which each is as rare as can be.

The constants were set on five test sets, one window a document, and 75 paraphrases. So what tests/benchmarks/quality
measures on those are figures of tuning, not of questions kept aside. With the default model they lie on a plateau: a
quarter more or less of any changes no set by .02. On the paraphrases that is more than what the words bring to the MRR.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from retriever.index.arrays import Float32Vector
    from retriever.query.retrieve import Candidates

WORDS = 0.6
COVER_FROM, COVER_FULL = 0.35, 0.6  # share of the query's IDF in the window that holds most of it
RARE_FROM, RARE_FULL = 1.8, 3.6  # the same in words that stand in one window only: long queries are never half covered


def lexical_part(candidates: Candidates) -> Float32Vector:
    """Return the lexical part of each window, in [0, 1]; all 0 where words were not asked, or none is shared."""
    part = np.zeros(len(candidates.rows), dtype=np.float32)
    if candidates.bm25 is None or candidates.cover is None:
        return part
    best = candidates.bm25.max(initial=0.0)
    if best > 0.0:
        part = 0.5 * (candidates.cover + candidates.bm25 / best)
    return part


def trust(candidates: Candidates) -> float:
    """Return how far the words of the query can be trusted to find its answer, in [0, 1]."""
    if candidates.cover is None:
        return 0.0
    cover = float(candidates.cover.max(initial=0.0))
    return max(_ramp(cover, COVER_FROM, COVER_FULL), _ramp(cover * candidates.rare_words, RARE_FROM, RARE_FULL))


def fuse(candidates: Candidates) -> Float32Vector:
    """Return the score of each window; higher is better, and only scores of one query compare.

    Words alone rank by the lexical part, meaning alone by the cosine.
    """
    if candidates.cosine is None:
        return lexical_part(candidates)
    return candidates.cosine + np.float32(WORDS * trust(candidates)) * lexical_part(candidates)


def _ramp(value: float, start: float, full: float) -> float:
    return min(max((value - start) / (full - start), 0.0), 1.0)
