"""The overrides of each notes folder: read with every build, kept among the notes so that a change is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retriever.chunker.overrides import NONE, Overrides, read_overrides
from retriever.index import NoteEntry
from retriever.notes import NoteFile, read_bytes


def read_all(files: Iterable[NoteFile]) -> tuple[Overrides, list[NoteEntry]]:
    """Return what all files say together, and an entry for each. One that is bad says nothing and costs a warning."""
    together, entries = NONE, []
    for found in files:
        content, sha256 = b"", ""
        warnings: tuple[str, ...] = ()
        try:
            content, sha256 = read_bytes(found)
            together += read_overrides(content, found.folder)
        except (OSError, ValueError) as error:
            warnings = (f"{found.file}: left out ({error})",)
        place = found.folder, str(found.root), found.file
        entries.append(NoteEntry(*place, len(content), found.mtime_ns, sha256, None, warnings))
    return together, entries


def warned(entries: Sequence[NoteEntry], warnings: Sequence[tuple[str, str]]) -> list[NoteEntry]:
    """Return the entries with what was wrong with each one's overrides, told as (folder, text)."""
    return [
        replace(
            entry, warnings=(*entry.warnings, *(f"{entry.file}: {text}" for at, text in warnings if at == entry.folder))
        )
        for entry in entries
    ]
