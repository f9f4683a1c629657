"""Where notes come from: the paths that the user names, and the files there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from retriever import chunker
from retriever.chunker.overrides import OVERRIDES
from retriever.errors import NotesGoneError, UsageError
from retriever.index import Manifest, Source
from retriever.notes import NoteFile, note_files, read_bytes, read_note
from retriever.records import Passage


def sources(notes: Sequence[Path] | None, known: Manifest | None) -> tuple[Source, ...]:
    """Return the places to read: those named, or without any, those that the index covers."""
    if not notes:
        if known is None:
            raise UsageError("There is no index to refresh.", "Name the notes: retriever build NOTES")
        return known.folders
    labels: dict[str, str] = {}
    merged: dict[str, Source] = {}
    for path in notes:
        source = _source(path, labels)
        before = merged.get(source.root)
        if before is None or (before.only and not source.only):
            merged[source.root] = source
        elif before.only and source.only:
            merged[source.root] = replace(before, only=tuple(sorted({*before.only, *source.only})))
    return tuple(merged.values())


def _source(path: Path, labels: dict[str, str]) -> Source:
    """Return where a path says that notes are. Labels are folder names, made unique within one build."""
    place = path.expanduser().resolve()
    if not place.exists():
        raise NotesGoneError(f"{path} is not there.", "Name a folder of notes, or a note.")
    root = place if place.is_dir() else place.parent
    name, number = root.name or "notes", 1
    while labels.setdefault(name if number == 1 else f"{name}-{number}", str(root)) != str(root):
        number += 1
    return Source(name if number == 1 else f"{name}-{number}", str(root), () if root == place else (place.name,))


def files_of(places: Sequence[Source]) -> Iterator[NoteFile]:
    """Yield the notes of all places, in order of place and path, and after a folder's notes its overrides."""
    for source in places:
        yield from note_files(Path(source.root), source.label, source.only)
        if not source.only:
            yield from note_files(Path(source.root), source.label, (OVERRIDES,))


def chunk(paths: Iterable[Path]) -> Iterator[Passage]:
    """Yield the passages of notes, or of folders of notes; `file` is the path as given, joined with what is below.

    Raises NotesGoneError for a path that is not there.
    """
    for path in paths:
        source = _source(path, {})
        for found in note_files(Path(source.root), source.label, source.only):
            content, _ = read_bytes(found)
            shown = path if source.only else path / found.file
            for passage in chunker.split(read_note(content, folder=found.folder, file=found.file)):
                yield replace(passage, file=str(shown))
