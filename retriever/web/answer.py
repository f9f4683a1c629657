"""An answer as the search page shows it: hits under their topics, those only near apart, and what to filter by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retriever.records.wording import adding_up
from retriever.web.facets import Facet, facets, of_answer

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.records import Hit, PassageHit, Results, Signal, TopicRef
    from retriever.web.asked import Asked
    from retriever.web.overview import Overview

DOTS = 4
NEAREST = 5  # hits shown where nothing in the notes is about the question


@dataclass(frozen=True, slots=True)
class Shelf:
    """Hits that share a topic, by rank."""

    topic: TopicRef | None
    hits: tuple[Hit, ...]

    @property
    def count(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True)
class Answer:
    """`meant` and `near` hold each hit once. `papers` counts all that the filters let through, where no words rank
    them; else it is None. `more` tells that there may be more than was asked for.
    """

    results: Results
    meant: tuple[Shelf, ...]
    near: tuple[Shelf, ...]
    facets: tuple[Facet, ...]
    papers: int | None
    more: bool


def answer(retriever: Retriever, asked: Asked, overview: Overview) -> Answer:
    """Ask the library what a page is asked."""
    filters: Any = asked.filters  # by the names of `Filters`
    results = retriever.search(asked.query, limit=asked.limit, mode=asked.mode, sort=asked.sort, **filters)
    papers = None
    if asked.query:
        counted = of_answer(results, overview.ids)
    else:
        passing = retriever.papers(**filters)
        papers = len(passing)
        counted = facets(((paper, overview.notes.get(paper.id, ())) for paper in passing), overview.ids)
    if results.abstained:  # the nearest few are told, so that one sees that nothing was overlooked
        nearest = tuple(_shelves(results, lambda hit: hit.rank <= NEAREST))
        return Answer(results, (), nearest, overview.facets, None, more=False)
    return Answer(
        results,
        tuple(_shelves(results, lambda hit: hit.meant)),
        tuple(_shelves(results, lambda hit: not hit.meant)),
        counted,
        papers,
        more=len(results.hits) == asked.limit,
    )


def stretches(passage: PassageHit) -> Iterator[tuple[str, bool]]:
    """Yield a passage's text in pieces, each with whether it is highlighted."""
    at = 0
    for start, end in passage.highlights:
        yield passage.text[at:start], False
        yield passage.text[start:end], True
        at = end
    yield passage.text[at:], False


def signals(hit: Hit) -> Iterator[tuple[Signal, float]]:
    """Yield each signal of a hit with its value, rounded so that they add up to the score as it is shown."""
    yield from zip(hit.signals, adding_up([signal.value for signal in hit.signals], hit.score), strict=True)


def dots(confidence: float) -> str:
    """Return a confidence, 0 to 1, as so many full dots of four."""
    full = round(confidence * DOTS)
    return "●" * full + "○" * (DOTS - full)


def _shelves(results: Results, wanted: Callable[[Hit], bool]) -> Iterator[Shelf]:
    hits = {hit.rank: hit for hit in results.hits if wanted(hit)}
    for group in results.groups:
        held = tuple(hits[rank] for rank in group.ranks if rank in hits)
        if held:
            yield Shelf(group.topic, held)
