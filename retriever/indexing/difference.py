"""What a build changed, told in papers: which came, which went, and of which the notes now say something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from retriever.index import NoteEntry, Snapshot
from retriever.records import Passage

Said = tuple[str, tuple[str, ...], str]  # file, headings and text of a passage


@dataclass(frozen=True, slots=True)
class Before:
    """The papers of the previous generation, and what the notes that are now read again, or gone, said of them."""

    papers: set[str] = field(default_factory=set)
    said: dict[str, list[Said]] = field(default_factory=dict)


def before_build(previous: Snapshot | None, touched: Sequence[NoteEntry]) -> Before:
    if previous is None:
        return Before()
    catalog = previous.catalog
    passages = passages_of(previous, touched)
    of_passage = catalog.paper_of_passages([passage.id for passage in passages])
    return Before(catalog.paper_ids(), _said(passages, of_passage))


def passages_of(previous: Snapshot, notes: Iterable[NoteEntry]) -> list[Passage]:
    """Return what the previous generation has of notes."""
    return previous.catalog.passages_of_notes([(entry.folder, entry.file) for entry in notes])


def _said(passages: Iterable[Passage], of_passage: Mapping[str, str]) -> dict[str, list[Said]]:
    said: dict[str, list[Said]] = defaultdict(list)
    for passage in passages:
        if passage.id in of_passage:
            said[of_passage[passage.id]].append((passage.file, passage.heading_path, passage.text))
    return {paper: sorted(sayings) for paper, sayings in said.items()}


def changed(before: Before, fresh: Iterable[Passage], of_passage: Mapping[str, str]) -> int:
    """Count the papers that stay, of which the notes now say something else."""
    now = _said(fresh, of_passage)
    stayed = before.papers & set(of_passage.values())
    return sum(before.said.get(paper) != now.get(paper) for paper in stayed & (before.said.keys() | now.keys()))
