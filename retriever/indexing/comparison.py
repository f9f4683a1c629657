"""An index against its notes as they are now, and a sample of its vectors against the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from retriever import chunker
from retriever.embedder import load_encoder
from retriever.errors import IndexOutdatedError
from retriever.index import NoteEntry, Snapshot
from retriever.index.manifest import RECORDS, ROWS
from retriever.indexing.build import with_embedded
from retriever.indexing.plan import changes
from retriever.notes import NoteFile, read_bytes, read_note
from retriever.records import CheckReport, Comparison, Fault

_SAMPLED = 32  # windows to embed again
_ALIKE = 0.98  # cosine: processors differ by less, and two windows hardly ever are so near
_RECORDS_DIFFER = "the index does not hold what this note says; build it anew in another folder, and please report it"
_ROWS_DIFFER = "searches by meaning cannot be trusted; build the index anew in another folder, and please report it"


class _Piece(NamedTuple):
    """A window as a note gives it or as an index holds it."""

    passage: str
    first_line: int
    last_line: int
    text: str


@dataclass(slots=True)
class _Seen:
    """What was compared: the rows of windows that agree, with the texts that were embedded for them."""

    notes: int = 0
    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def compare(report: CheckReport, snapshot: Snapshot, *, download: bool = False) -> CheckReport:
    """Return the report with what a reading of the notes, and of the model, adds to it.

    ModelMissingError where the model is not at hand, IndexOutdatedError where it is another one by now.
    """
    notes = snapshot.catalog.notes()
    moved = changes(snapshot.manifest.folders, notes)
    seen = _Seen()
    if snapshot.manifest.chunker == chunker.VERSION:
        for entry in notes:
            _compare_note(snapshot, entry, seen)
    embedded = _embed_again(snapshot, seen, download=download)
    compared = Comparison(moved.added, moved.changed, moved.removed, seen.notes, embedded)
    return replace(report, faults=(*report.faults, *seen.faults), compared=compared)


def _compare_note(snapshot: Snapshot, entry: NoteEntry, seen: _Seen) -> None:
    """Cut a note again, unless it has changed, and compare what it gives with what the index holds."""
    found = NoteFile(entry.folder, Path(entry.root), entry.file, entry.size, entry.mtime_ns)
    try:
        content, sha256 = read_bytes(found)
    except (OSError, ValueError):
        return
    held, rows = _held(snapshot, entry)
    # Overrides are kept among the notes, and have no passages.
    if sha256 != entry.sha256 or not (held or content):
        return
    cut = [
        (_Piece(one.passage.id, window.first_line, window.last_line, _sound(window.text)), text)
        for one in chunker.chunks(read_note(content, folder=entry.folder, file=entry.file))
        for window, text in with_embedded(one)
    ]
    seen.notes += 1
    if [piece for piece, _ in cut] != held:
        place = f"{snapshot.path.name}/{RECORDS}"
        seen.faults.append(Fault(place, f"differs from {entry.file}, which has not changed", _RECORDS_DIFFER))
        return
    seen.rows += rows
    seen.texts += [text for _, text in cut]


def _held(snapshot: Snapshot, entry: NoteEntry) -> tuple[list[_Piece], list[int]]:
    passages = [one.id for one in snapshot.catalog.passages_of_notes([(entry.folder, entry.file)])]
    of_passage = snapshot.catalog.rows_of_passages(passages)
    rows = [row for passage in passages for row in of_passage.get(passage, ())]
    windows = snapshot.catalog.windows(rows)
    return [_Piece(one.passage, one.first_line, one.last_line, one.text) for one in windows], rows


def _embed_again(snapshot: Snapshot, seen: _Seen, *, download: bool) -> int:
    """Embed a sample of the windows that agree, and return its number."""
    sample = _spread(range(len(seen.rows)))
    if not sample:
        return 0
    encoder = load_encoder(snapshot.manifest.model, download=download)
    if encoder.fingerprint != snapshot.manifest.fingerprint:
        raise IndexOutdatedError(
            snapshot.index, "model", f"Make it anew with: retriever build --index {snapshot.index}"
        )
    anew = encoder.encode_document([seen.texts[at] for at in sample])
    held = snapshot.vectors.rows(np.array([seen.rows[at] for at in sample]))
    # A text without a known word may have a vector of zeros.
    wrong = int(((anew * held).sum(axis=1) < _ALIKE * (anew * anew).sum(axis=1)).sum())
    if wrong:
        problem = f"holds other vectors than the model gives, for {wrong} of {len(sample)} windows"
        seen.faults.append(Fault(f"{snapshot.path.name}/{ROWS}", problem, _ROWS_DIFFER))
    return len(sample)


def _spread(places: Sequence[int]) -> list[int]:
    """Return some places, as far apart as can be."""
    return sorted({places[at * len(places) // _SAMPLED] for at in range(_SAMPLED)}) if places else []


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
