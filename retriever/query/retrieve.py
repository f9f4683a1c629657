"""From a query to candidate windows, and everything that scoring needs to know of each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from retriever.index import LexicalIndex, Snapshot
    from retriever.index.arrays import Float32Vector, IntVector, RowMask


@dataclass(frozen=True, slots=True)
class Question:
    """A query as the two sides see it.

    `weights` maps each distinct term to its IDF over the windows; a term that stands nowhere has the highest one.
    `vector` has shape (dim,), unit length (or all zero); None where the dense side is not asked.
    """

    weights: dict[str, float]
    vector: Float32Vector | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Windows by ascending row, and per window its measures; None where a side is not asked.

    `bm25` is 0 or more, `cover` the share in [0, 1] of the query's IDF that stands in the window or its title,
    name, key, authors or headings; `cosine` lies in [-1, 1]. `rare_words` is the query's IDF counted in words as
    rare as can be found: those that stand in one window.
    """

    rows: IntVector
    bm25: Float32Vector | None
    cover: Float32Vector | None
    cosine: Float32Vector | None
    rare_words: float = 0.0


def term_weights(lexical: LexicalIndex, terms: Iterable[str]) -> dict[str, float]:
    """Return the IDF of each distinct term over the windows, in order of appearance; never negative."""
    return {term: idf(lexical.count, lexical.document_frequency(term)) for term in dict.fromkeys(terms)}


def idf(windows: int, holding: int) -> float:
    """Return the inverse document frequency that BM25 uses; above 0."""
    return math.log1p((windows - holding + 0.5) / (holding + 0.5))


def retrieve(
    snapshot: Snapshot,
    question: Question,
    *,
    lexical: bool,
    pool: int,
    add: Iterable[int] = (),
    allow: RowMask | None = None,
) -> Candidates:
    """Return the best `pool` windows of each side that is asked, and the rows of `add`, all with every measure.

    With `allow`, shape (windows,), only the allowed rows are candidates, those of `add` too.
    """
    found = {row for row in add if allow is None or allow[row]}
    if question.vector is not None:
        found.update(nearest(snapshot, question.vector, pool, allow))
    if lexical:
        found.update(snapshot.lexical.search(list(question.weights), pool, allow=allow)[1].tolist())
    rows = np.array(sorted(found), dtype=np.int64)
    cosine = None if question.vector is None else snapshot.vectors.scores(question.vector, rows)
    if not lexical:
        return Candidates(rows, None, None, cosine)
    rare_words = sum(question.weights.values()) / idf(max(snapshot.lexical.count, 1), 1)
    return Candidates(
        rows, _bm25(snapshot, question, rows), _cover(snapshot, question, rows), cosine, rare_words=rare_words
    )


def nearest(snapshot: Snapshot, vector: Float32Vector, pool: int, allow: RowMask | None = None) -> list[int]:
    """Return the rows of the `pool` (allowed) windows nearest to a vector of shape (dim,), best first."""
    if not vector.any():  # no known word: as far from every window
        return []
    rows: list[int] = snapshot.vectors.search(vector[np.newaxis], pool, allow=allow)[1][0].tolist()
    return rows


def _bm25(snapshot: Snapshot, question: Question, rows: IntVector) -> Float32Vector:
    scores = np.zeros(len(rows), dtype=np.float32)
    if not question.weights or not len(rows):
        return scores
    allow = np.zeros(snapshot.lexical.count, dtype=np.bool_)
    allow[rows] = True
    values, matched = snapshot.lexical.search(list(question.weights), len(rows), allow=allow)
    scores[np.searchsorted(rows, matched)] = values
    return scores


def _cover(snapshot: Snapshot, question: Question, rows: IntVector) -> Float32Vector:
    total = sum(question.weights.values())
    if not total or not len(rows):
        return np.zeros(len(rows), dtype=np.float32)
    covered = snapshot.lexical.cover(question.weights, rows)
    shares: Float32Vector = np.clip(covered / np.float32(total), 0.0, 1.0)
    return shares
