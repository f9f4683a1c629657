"""What papers cite: each other, and the same others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from retriever.chunker.naming import identifiers
from retriever.records import Reason

if TYPE_CHECKING:
    from retriever.index import Catalog
    from retriever.records import Passage

_NAMED = 2  # works that papers both cite, as told


class Links:
    """The citations between some papers and others, and the works that both cite."""

    def __init__(self, catalog: Catalog, asked: Collection[str], others: Iterable[str]) -> None:
        self._catalog = catalog
        mentions = catalog.mentions_of({*asked, *others})
        self._asked = asked
        self._cites = {paper: _cited(passages) for paper, passages in mentions.items()}
        self._named = {paper: _handles(passages) for paper, passages in mentions.items()}

    def tied(self, paper: str) -> bool:
        """Tell whether a paper and an asked one are tied by a citation."""
        return self._tie(paper) is not None

    def reason(self, paper: str) -> Reason | None:
        """Say how a paper and the asked ones are tied; None if they are not."""
        tie = self._tie(paper)
        if tie is None:
            return None
        told, others = tie
        return Reason("cites", told, others)

    def _tie(self, paper: str) -> tuple[str, tuple[str, ...]] | None:
        cites, names = self._of(self._cites, paper), self._of(self._named, paper)
        citing = tuple(other for other in self._asked if self._of(self._cites, other) & names)
        if citing:
            return "cited beside it in your notes", citing
        cited = tuple(other for other in self._asked if self._of(self._named, other) & cites)
        if cited:
            return "your notes on it cite the other", cited
        both = {other: common for other in self._asked if (common := self._of(self._cites, other) & cites)}
        if not both:
            return None
        works = sorted(set().union(*both.values()))[:_NAMED]
        return f"both cite {' and '.join(map(self._label, works))}", tuple(both)

    def _label(self, work: str) -> str:
        kind, _, value = work.partition(":")
        papers = self._catalog.handles(kind, value)
        return self._catalog.papers(papers)[papers[0]].label if papers else value

    @staticmethod
    def _of(values: Mapping[str, set[str]], paper: str) -> set[str]:
        return values.get(paper, set())


def _cited(passages: Iterable[Passage]) -> set[str]:
    return {work for passage in passages for work in passage.cites}


def _handles(passages: Iterable[Passage]) -> set[str]:
    return {f"{kind}:{value}" for passage in passages for kind, value in identifiers(passage).items()}
