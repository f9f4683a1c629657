"""Sections about no paper, as what papers may be like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retriever.errors import PaperNotFoundError
from retriever.query.handles import find_paper, find_section
from retriever.query.likeness import of_windows
from retriever.records import TopicRef

if TYPE_CHECKING:
    from retriever.index import Catalog, Snapshot
    from retriever.index.arrays import Float32Vector


@dataclass(frozen=True, slots=True)
class Section:
    """A passage about no paper, by its id, with the rows of its windows; `label` is its last heading, or its note."""

    id: str
    label: str
    rows: tuple[int, ...]

    def text(self, snapshot: Snapshot) -> tuple[Float32Vector, list[str]]:
        """Return the mean direction of its windows, shape (dim,), and its terms, repeated ones too."""
        return of_windows(snapshot, self.label, snapshot.catalog.windows(self.rows))


def named(catalog: Catalog, handles: Iterable[str]) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    """Return the ids of the papers that handles name, and the sections that places among them stand in, each once.

    PaperNotFoundError for a handle of neither, or of several papers.
    """
    papers: dict[str, None] = {}
    sections: dict[str, Section] = {}
    for handle in handles:
        try:
            papers[find_paper(catalog, handle)] = None
        except PaperNotFoundError:
            id_ = find_section(catalog, handle)
            rows = catalog.rows_of_passages([id_]) if id_ else {}
            if not id_ or not rows or catalog.paper_of_passages([id_]):
                raise
            passage = catalog.passages([id_])[id_]
            label = passage.heading_path[-1] if passage.heading_path else passage.file
            sections[id_] = Section(id_, label, tuple(rows[id_]))
    return tuple(papers), tuple(sections.values())


def topics_of(catalog: Catalog, sections: Sequence[Section]) -> dict[str, TopicRef]:
    """Return the topics that sections are filed under, by id."""
    filed = set(catalog.topic_of_passages([section.id for section in sections]).values())
    return {node.id: TopicRef(node.id, node.path) for node in catalog.topics() if node.id in filed} if filed else {}
