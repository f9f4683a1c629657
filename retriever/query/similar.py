"""Papers like other papers: by their text, and by where they are filed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from retriever import words
from retriever.errors import UsageError
from retriever.query import reasons
from retriever.query.answer import results
from retriever.query.handles import find_paper
from retriever.query.rank import rank
from retriever.query.retrieve import nearest, term_weights
from retriever.query.search import POOL, POOL_PER_PAPER, check_limit
from retriever.records import Paper, Parts, Reason, Results

if TYPE_CHECKING:
    from retriever.index import Catalog, Snapshot
    from retriever.index.arrays import Float32Vector, IntVector
    from retriever.query.rank import Ranked

# Being filed under one innermost topic counts as this much cosine.
TOPIC_BONUS = 0.05
TELLING = 1.0  # IDF of a term that stands in at most some 40 % of the windows


def similar(snapshot: Snapshot, handles: Sequence[str], *, limit: int, among: Collection[str] | None = None) -> Results:
    """Return the papers most like those that the handles name, taken together; they themselves are left out.

    `among`, handles too, ranks just those papers. Sections about no paper are no answer. Raises
    PaperNotFoundError for a handle, UsageError for no handle or a limit outside 1 to 1,000.
    """
    check_limit(limit)
    if not handles:
        raise UsageError("No paper is given.", "Name one by id, key, title, link or file:line.")
    catalog = snapshot.catalog
    asked = tuple(dict.fromkeys(find_paper(catalog, handle) for handle in handles))
    allowed = None if among is None else {find_paper(catalog, handle) for handle in among} - set(asked)
    own = catalog.rows_of_papers(asked)
    centre = _centre(snapshot, [own[paper] for paper in asked if own.get(paper)])
    rows = _rows(snapshot, centre, limit, asked, allowed)
    windows = catalog.windows(rows.tolist())
    cosine = dict(zip(rows.tolist(), snapshot.vectors.scores(centre, rows).tolist(), strict=True))
    papers = catalog.papers({*asked, *(window.paper for window in windows if window.paper is not None)})
    sources = {paper: papers[paper] for paper in asked}
    shared = {topic.id: topic for paper in sources.values() for topic in paper.topics}
    beside = {paper.id for paper in papers.values() if any(topic.id in shared for topic in paper.topics)}
    scores = [cosine[window.row] + TOPIC_BONUS * (window.paper in beside) for window in windows]
    ranked = rank(windows, scores, limit)
    weights = _source_terms(snapshot, catalog, own)

    def explain(entry: Ranked, paper: Paper | None) -> tuple[Reason, ...]:
        assert paper is not None  # sections were left out
        filed = reasons.filed_together(shared, paper, sources)
        alike = reasons.text_alike(weights, [entry.windows[0].text], asked)
        return (filed, alike) if filed else (alike,)

    return results(
        catalog,
        "; ".join(paper.label for paper in sources.values()),
        "dense",
        ranked,
        terms=weights.keys(),
        parts=lambda row: Parts(None, cosine[row]),
        explain=explain,
    )


def _centre(snapshot: Snapshot, rows: Sequence[Sequence[int]]) -> Float32Vector:
    """Return the unit mean of the papers' own means, shape (dim,): a long note weighs as much as a short one."""
    total = np.zeros(snapshot.vectors.dim, dtype=np.float32)
    for own in rows:
        total += _unit(snapshot.vectors.rows(np.array(sorted(own), dtype=np.int64)).mean(axis=0))
    return _unit(total)


def _unit(vector: Float32Vector) -> Float32Vector:
    """Return a vector at length 1; that of a text without a known word is all zero, and stays so."""
    unit: Float32Vector = vector / (np.float32(np.linalg.norm(vector)) or np.float32(1.0))
    return unit


def _rows(
    snapshot: Snapshot, centre: Float32Vector, limit: int, asked: Collection[str], allowed: Collection[str] | None
) -> IntVector:
    """Return the rows of windows to rank: of the allowed papers, or the nearest of enough papers but the asked."""
    if allowed is not None:
        found = [row for rows in snapshot.catalog.rows_of_papers(allowed).values() for row in rows]
        return np.array(sorted(found), dtype=np.int64)
    pool = max(POOL, POOL_PER_PAPER * limit)
    while True:
        nearby = sorted(nearest(snapshot, centre, pool))
        windows = [
            window
            for window in snapshot.catalog.windows(nearby)
            if window.paper is not None and window.paper not in asked
        ]
        if len({window.paper for window in windows}) >= limit or pool >= snapshot.vectors.count:
            return np.array([window.row for window in windows], dtype=np.int64)
        pool *= 4  # long notes of the asked papers filled it


def _source_terms(snapshot: Snapshot, catalog: Catalog, own: dict[str, list[int]]) -> dict[str, float]:
    """Return the telling terms of the asked papers' text, by IDF: not those that stand in most of the index."""
    rows = sorted(row for rows in own.values() for row in rows)
    terms = [term for window in catalog.windows(rows) for term in words.terms(window.text)]
    return {term: weight for term, weight in term_weights(snapshot.lexical, terms).items() if weight >= TELLING}
