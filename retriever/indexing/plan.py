"""What a build has to do: which notes changed since the last one, told by content, with size and time as a hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from retriever import chunker
from retriever.chunker.overrides import OVERRIDES
from retriever.errors import NotesGoneError
from retriever.index import Manifest, NoteEntry, Snapshot, Source
from retriever.indexing.sources import files_of
from retriever.notes import NoteFile, read_bytes

_RACY_NS = 2_000_000_000  # a file written this shortly before the last build may have changed again unseen


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each note: keep it as the last build read it, or read it; and which ones went.

    Overrides are few and small: each build reads them all. `overrides_before` says whether the last one had any.
    """

    kept: list[NoteEntry]
    to_read: list[NoteFile]
    stale: list[NoteEntry]
    removed: list[NoteEntry]
    overrides: list[NoteFile]
    overrides_before: bool


def plan(sources: Sequence[Source], previous: Snapshot | None, *, allow_shrink: bool) -> Plan:
    known = {(entry.folder, entry.root, entry.file): entry for entry in (previous.catalog.notes() if previous else [])}
    arrived: list[NoteFile] = []
    roots = {source.root for source in sources}
    covered = sum(root in roots for _, root, _ in known)
    usable = previous is not None and previous.manifest.chunker == chunker.VERSION
    trusted_before = _built_ns(previous.manifest) - _RACY_NS if previous else 0
    work = Plan([], [], [], [], [], overrides_before=any(file == OVERRIDES for _, _, file in known))
    for found in files_of(sources):
        entry = known.pop((found.folder, str(found.root), found.file), None)
        if found.file == OVERRIDES:
            work.overrides.append(found)
        elif entry is None:
            work.to_read.append(found)
            arrived.append(found)
        elif usable and _same(found, entry, trusted_before):
            work.kept.append(replace(entry, size=found.size, mtime_ns=found.mtime_ns))
        else:
            work.to_read.append(found)
            work.stale.append(entry)
    work.removed.extend(known.values())
    gone = [entry for entry in work.removed if entry.root in roots]
    if not allow_shrink:
        lost = len(gone) - (_moved(gone, arrived) if len(gone) * 2 > covered else 0)
        _refuse_loss(sources, lost, covered, left=len(work.kept) + len(work.to_read))
    return work


def _moved(gone: Sequence[NoteEntry], arrived: Iterable[NoteFile]) -> int:
    """Count the notes that went and whose content came elsewhere: a folder that was renamed loses nothing."""
    sizes = {entry.size for entry in gone}
    went = Counter(entry.sha256 for entry in gone)
    came = Counter(_hash(found) or "" for found in arrived if found.size in sizes)
    return (went & came).total()


def came_and_went(work: Plan, read: Iterable[NoteEntry]) -> tuple[int, int]:
    """Return how many notes were added and how many went, where `read` are those that could be read."""
    before = {(entry.folder, entry.root, entry.file) for entry in work.stale}
    now = {(entry.folder, entry.root, entry.file) for entry in read}
    removed = sum(entry.file != OVERRIDES for entry in work.removed)
    return len(now - before), removed + len(before - now)


def _refuse_loss(sources: Sequence[Source], gone: int, covered: int, *, left: int) -> None:
    named = ", ".join(source.root for source in sources)
    if gone * 2 > covered:
        raise NotesGoneError(
            f"{gone} of {covered} notes are gone from {named}; the index is as it was before.",
            "If that is right, build with --allow-shrink.",
        )
    if not left:
        raise NotesGoneError(
            f"There are no notes in {named}.", "Name the folder that holds them: retriever build NOTES"
        )


def _same(found: NoteFile, entry: NoteEntry, trusted_before: int) -> bool:
    looks_same = (found.size, found.mtime_ns) == (entry.size, entry.mtime_ns)
    if looks_same and found.mtime_ns < trusted_before:
        return True
    return found.size == entry.size and _hash(found) == entry.sha256


def _hash(found: NoteFile) -> str | None:
    try:
        return read_bytes(found)[1]
    except (OSError, ValueError):
        return None


def _built_ns(manifest: Manifest) -> int:
    return int(datetime.fromisoformat(manifest.built).timestamp()) * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """How the notes differ from those that an index was built from, counted in notes."""

    added: int
    changed: int
    removed: int


def changes(folders: Sequence[Source], notes: Sequence[NoteEntry]) -> Changes:
    """Compare notes as they stand now with those of an index. A file that only looks newer is read to be sure."""
    known = {(Path(entry.root), entry.file): entry for entry in notes}
    added = changed = 0
    for found in files_of(folders):
        entry = known.pop((found.root, found.file), None)
        if entry is None:
            added += 1
        elif (found.size, found.mtime_ns) != (entry.size, entry.mtime_ns):
            changed += _hash(found) != entry.sha256
    return Changes(added, changed, len(known))
