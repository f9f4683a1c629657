"""Ranked papers as records: hits with their passages, in groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from retriever.query.groups import group
from retriever.query.highlight import highlights
from retriever.records import Hit, Mode, PassageHit, Results

if TYPE_CHECKING:
    from retriever.index import Catalog, WindowRow
    from retriever.query.rank import Ranked
    from retriever.records import Paper, Parts, Passage, Reason, Signal

Sure = Callable[["Ranked"], float | None]


class Explanation(Protocol):
    """What can be told of each ranked paper of an answer; `passage` is that of its best window."""

    def parts(self, entry: Ranked) -> Parts: ...
    def reasons(self, entry: Ranked, paper: Paper | None, passage: Passage, /) -> tuple[Reason, ...]: ...
    def signals(self, entry: Ranked, passage: Passage) -> tuple[Signal, ...]: ...


def results(
    catalog: Catalog,
    query: str,
    mode: Mode,
    ranked: Sequence[Ranked],
    *,
    terms: Collection[str],
    explained: Explanation,
    sure: Sure = lambda _: None,
    abstained: bool | None = None,
    remarks: Sequence[str] = (),
) -> Results:
    """Return the answer to a query; `terms` are marked in its passages, and `sure` tells how sure each paper is."""
    papers = catalog.papers([entry.paper for entry in ranked if entry.paper is not None])
    passages = catalog.passages([window.passage for entry in ranked for window in entry.windows])
    hits = []
    for rank, entry in enumerate(ranked, start=1):
        paper = None if entry.paper is None else papers[entry.paper]
        shown = tuple(_shown(passages[window.passage], window, terms) for window in entry.windows)
        best = passages[entry.windows[0].passage]
        hits.append(
            Hit(
                rank,
                entry.score,
                sure(entry),
                explained.parts(entry),
                explained.reasons(entry, paper, best),
                paper,
                shown,
                explained.signals(entry, best),
            )
        )
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
