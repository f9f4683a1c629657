"""Ranked papers as records: hits with their passages, in groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from retriever.query.groups import group
from retriever.query.highlight import highlights
from retriever.records import Hit, Mode, Paper, Parts, PassageHit, Reason, Results

if TYPE_CHECKING:
    from retriever.index import Catalog, WindowRow
    from retriever.query.rank import Ranked
    from retriever.records import Passage

Explain = Callable[["Ranked", Paper | None], tuple[Reason, ...]]
PartsOf = Callable[[int], Parts]
Sure = Callable[["Ranked"], float | None]


def results(
    catalog: Catalog,
    query: str,
    mode: Mode,
    ranked: Sequence[Ranked],
    *,
    terms: Collection[str],
    parts: PartsOf,
    explain: Explain,
    sure: Sure = lambda _: None,
    abstained: bool | None = None,
    remarks: Sequence[str] = (),
) -> Results:
    """Return the answer to a query: `parts` is asked with the row of each paper's best window, `sure` how sure each
    paper is.
    """
    papers = catalog.papers([entry.paper for entry in ranked if entry.paper is not None])
    passages = catalog.passages([window.passage for entry in ranked for window in entry.windows])
    hits = []
    for rank, entry in enumerate(ranked, start=1):
        paper = None if entry.paper is None else papers[entry.paper]
        shown = tuple(_shown(passages[window.passage], window, terms) for window in entry.windows)
        best = entry.windows[0].row
        hits.append(Hit(rank, entry.score, sure(entry), parts(best), explain(entry, paper), paper, shown))
    filed = catalog.topic_of_passages([entry.windows[0].passage for entry in ranked])
    nodes = {node.id: node for node in catalog.topics()}
    groups = group([filed.get(entry.windows[0].passage) for entry in ranked], nodes)
    return Results(query, mode, abstained, tuple(hits), groups, tuple(remarks))


def _shown(passage: Passage, window: WindowRow, terms: Collection[str]) -> PassageHit:
    return PassageHit(
        passage.id,
        passage.kind,
        passage.file,
        window.first_line,
        window.last_line,
        passage.heading_path,
        window.text,
        highlights(window.text, terms),
    )
