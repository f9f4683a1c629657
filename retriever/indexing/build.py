"""One build: read what changed, chunk it, tell papers apart, embed what is new, publish."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from retriever import chunker
from retriever.embedder import DEFAULT_MODEL, Encoder, document_text, load_encoder
from retriever.embedder.pace import seconds_by_model
from retriever.errors import NotesUnreadableError
from retriever.index import Draft, NoteEntry, Snapshot, drafting
from retriever.indexing.difference import before_build, changed, passages_of
from retriever.indexing.filing import by_meaning, by_notes
from retriever.indexing.overriding import read_all, warned
from retriever.indexing.plan import Plan, came_and_went, plan
from retriever.indexing.sources import sources
from retriever.notes import read_bytes, read_note
from retriever.records import BuildReport, Passage, Window
from retriever.topics import TopicTree

Progress = Callable[[str, int, int], None]  # stage, done, total
Foretell = Callable[[int, Mapping[str, float]], None]  # windows to embed, and the seconds that each model would take
MANY = 2_000  # windows: fewer are embedded while one reads how long it takes
_SAMPLED = 32
Calibrate = Callable[[Encoder, Snapshot], Mapping[str, float] | None]


def build(
    notes: Sequence[Path] | None,
    index: Path,
    *,
    model: str | None = None,
    encoder: Encoder | None = None,
    allow_shrink: bool = False,
    strict: bool = False,
    download: bool = False,
    relayout: bool = False,
    calibrate: Calibrate | None = None,
    progress: Progress | None = None,
    foretell: Foretell | None = None,
) -> BuildReport:
    """Bring an index up to date with its notes and publish it. See `retriever.library.build`.

    `calibrate` is what the read side makes of an index and a model, to know what its scores mean.
    """
    started = time.perf_counter()
    with drafting(index) as draft:
        known = draft.previous.manifest if draft.previous else None
        places = sources(notes, known)
        encoder = encoder or load_encoder(model or (known.model if known else DEFAULT_MODEL), download=download)
        work = plan(places, draft.previous, allow_shrink=allow_shrink)
        before = before_build(draft.previous, [*work.removed, *work.stale])
        fresh = _add_notes(draft, work, strict=strict, progress=progress)
        outcome = _set_records(draft, work, fresh.passages)
        if foretell is not None:
            _foretell(draft, encoder, fresh, outcome.windows, foretell)
        told = partial(progress, "embedding") if progress else None
        embedded = draft.embed(encoder.encode_document, encoder.fingerprint, encoder.dim, told)
        clusters = by_meaning(draft, outcome.tree, outcome.papers, relayout=relayout)
        draft.index_words()
        counts = {
            "notes": len(work.kept) + len(fresh.entries),
            "papers": len(outcome.papers),
            "sections": outcome.sections,
            "topics": len(outcome.tree.nodes) + clusters,
            "windows": outcome.windows,
        }
        published = draft.publish(
            chunker=chunker.VERSION,
            model=encoder.model,
            folders=places,
            counts=counts,
            calibrate=None if calibrate is None else partial(calibrate, encoder),
        )
        notes_added, notes_removed = came_and_went(work, fresh.entries)
        return BuildReport(
            index=str(index),
            notes=counts["notes"],
            papers=counts["papers"],
            papers_in_many_places=outcome.in_many_places,
            sections=counts["sections"],
            papers_added=len(outcome.papers - before.papers),
            papers_changed=changed(before, fresh.passages, outcome.of_passage),
            papers_removed=len(before.papers - outcome.papers),
            notes_read=len(fresh.entries),
            notes_added=notes_added,
            notes_removed=notes_removed,
            windows=counts["windows"],
            windows_embedded=embedded,
            model=encoder.model,
            seconds=round(time.perf_counter() - started, 3),
            published=published,
            warnings=(*fresh.warnings, *outcome.warnings),
        )


@dataclass(slots=True)
class _Fresh:
    """The notes that this build read, what their passages say, and what went wrong."""

    entries: list[NoteEntry] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    windows: int = 0
    sample: list[str] = field(default_factory=list)  # of the texts to embed


def _add_notes(draft: Draft, work: Plan, *, strict: bool, progress: Progress | None) -> _Fresh:
    if work.kept:
        draft.keep_notes(work.kept)
    fresh = _Fresh()
    unread: list[str] = []
    for done, found in enumerate(work.to_read, 1):
        try:
            content, sha256 = read_bytes(found)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            unread.append(f"{found.file}: skipped ({reason})")
            continue
        note = read_note(content, folder=found.folder, file=found.file)
        entry = NoteEntry(
            folder=found.folder,
            root=str(found.root),
            file=found.file,
            size=len(content),
            mtime_ns=found.mtime_ns,
            sha256=sha256,
            title=note.title,
            warnings=tuple(f"{found.file}: {warning}" for warning in note.warnings),
        )
        chunks = chunker.chunks(note)
        embedded = [(one.passage, with_embedded(one)) for one in chunks]
        draft.add_note(entry, embedded)
        texts = [text for _, windows in embedded for _, text in windows]
        fresh.windows += len(texts)
        fresh.sample += texts[: _SAMPLED - len(fresh.sample)]
        fresh.entries.append(entry)
        fresh.passages += [one.passage for one in chunks]
        fresh.warnings += entry.warnings
        if progress:
            progress("reading notes", done, len(work.to_read))
    if unread and strict:
        raise NotesUnreadableError(unread)
    fresh.warnings += unread
    return fresh


def _foretell(draft: Draft, encoder: Encoder, fresh: _Fresh, windows: int, foretell: Foretell) -> None:
    """Tell how long embedding will take with this model and the embedded ones, where there is much to do."""
    previous = draft.previous
    same = previous is not None and previous.manifest.fingerprint == encoder.fingerprint
    count = fresh.windows if same else windows
    if count < MANY:
        return
    sample = fresh.sample
    if previous is not None and not sample:  # the same notes with another model
        sample = [window.text for window in previous.catalog.windows(range(_SAMPLED))]
    foretell(count, seconds_by_model(encoder, sample, count))


def with_embedded(one: chunker.Chunk) -> list[tuple[Window, str]]:
    """Return the windows of a passage, each with the text that is embedded for it."""
    passage = one.passage
    heading = passage.heading_path[-1] if passage.heading_path else None
    named = passage.title or passage.name
    return [(window, document_text(named, heading, window.text)) for window in one.windows]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the records of a draft came to. `of_passage` gives the paper of each paper passage."""

    of_passage: Mapping[str, str]
    sections: int
    tree: TopicTree
    windows: int
    warnings: list[str]  # about overrides

    @property
    def papers(self) -> set[str]:
        return set(self.of_passage.values())

    @property
    def in_many_places(self) -> int:
        return sum(count > 1 for count in Counter(self.of_passage.values()).values())


def _set_records(draft: Draft, work: Plan, fresh: Sequence[Passage]) -> _Outcome:
    """Tell the papers apart, grow the topics, and put the records of a draft in order."""
    entries = _set_papers(draft, work, fresh)
    filed = list(draft.filings())
    tree = by_notes(filed)
    draft.set_topics(tree.nodes, tree.of_passage, tree.of_paper)
    windows = draft.finish_records()
    of_passage = {one.passage: one.paper for one in filed if one.paper is not None}
    warnings = [warning for entry in entries for warning in entry.warnings]
    return _Outcome(of_passage, len(filed) - len(of_passage), tree, windows, warnings)


def _set_papers(draft: Draft, work: Plan, fresh: Sequence[Passage]) -> list[NoteEntry]:
    """Resolve who is the same paper, and return the entries of the overrides.

    Overrides may join or part any papers, so with them, as they come and as they go, all are resolved anew.
    """
    previous = draft.previous
    if previous is not None and work.kept and not work.overrides and not work.overrides_before:
        known = chunker.resolve_changes(previous.catalog, passages_of(previous, [*work.removed, *work.stale]), fresh)
        draft.keep_papers(known.gone, known.unpaired)
        _put(draft, known.now)
        return []
    overrides, entries = read_all(work.overrides)
    resolved = chunker.resolve(draft.mentions(), overrides)
    _put(draft, resolved)
    entries = warned(entries, resolved.warnings)
    for entry in entries:
        draft.add_note(entry, [])
    return entries


def _put(draft: Draft, known: chunker.Identities) -> None:
    draft.set_papers(
        known.papers, known.of_passage, known.evidence, known.handles, perhaps=known.perhaps, signs=known.signs
    )
