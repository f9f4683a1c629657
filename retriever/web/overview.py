"""What stands in the index as a whole, kept until it is another: the first page is shown often, and changes seldom."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retriever.web.facets import Facet, Path, facets, paths

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.records import Status, Topic

SECONDS = 5.0  # that a look at the notes themselves is trusted


@dataclass(frozen=True, slots=True)
class Overview:
    """Of one generation: the topics that stand at the top, the ids of all by path, all by id; the notes that speak of
    each paper, and the facets of all papers.
    """

    generation: str
    tree: tuple[Topic, ...]
    ids: dict[Path, str]
    topics: dict[str, Topic]
    notes: dict[str, list[str]]
    facets: tuple[Facet, ...]


class Overviews:
    """Makes an overview when the generation is another. Safe to use from several threads."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._lock = threading.Lock()
        self._overview: Overview | None = None
        self._status: tuple[float, str, Status] | None = None

    def current(self) -> Overview:
        with self._lock:
            generation = self._retriever.generation()
            if self._overview is None or self._overview.generation != generation:
                self._overview = self._made(generation)
            return self._overview

    def status(self) -> Status:
        """Return how index and notes stand, as of a few seconds ago at most."""
        with self._lock:
            generation, now = self._retriever.generation(), time.monotonic()
            if self._status is None or self._status[1] != generation or now - self._status[0] > SECONDS:
                self._status = now, generation, self._retriever.status()
            return self._status[2]

    def _made(self, generation: str) -> Overview:
        tree = self._retriever.topics()
        every = dict(paths(tree))
        notes: dict[str, list[str]] = defaultdict(list)
        for shared in self._retriever.sharing("note"):
            for paper in shared.papers:
                notes[paper] += [str(shared.value)] if shared.value is not None else []
        ids = {path: topic.id for path, topic in every.items()}
        counted = facets(((paper, notes[paper.id]) for paper in self._retriever.papers()), ids)
        return Overview(generation, tree, ids, {topic.id: topic for topic in every.values()}, dict(notes), counted)
