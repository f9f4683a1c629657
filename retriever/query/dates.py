"""Papers by their dates: what filters alone find, and what is asked for newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from retriever.index.catalog_filters import first_rows, published
from retriever.query.rank import Ranked

if TYPE_CHECKING:
    from retriever.index import Catalog
    from retriever.index.arrays import RowMask


def newest_first(catalog: Catalog, ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return ranked papers by date, the newest first; without a date last, and otherwise as they were."""
    papers = catalog.papers([entry.paper for entry in ranked if entry.paper])
    dates = {paper.id: published(paper.date, paper.year, paper.arxiv) or "" for paper in papers.values()}
    return sorted(ranked, key=lambda entry: dates.get(entry.paper or "", ""), reverse=True)


def browse(catalog: Catalog, allow: RowMask, limit: int) -> list[Ranked]:
    """Return the papers and sections of the allowed rows, the newest first, at most `limit`; none scores above 0."""
    found = sorted(first_rows(catalog, allow.nonzero()[0].tolist()), key=lambda unit: unit[1] or "", reverse=True)
    windows = catalog.windows([row for row, _ in found[:limit]])
    return [Ranked(window.paper, (), (window,)) for window in windows]
