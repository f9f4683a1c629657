"""How an index stands, and how far the notes have moved on since it was built."""

from __future__ import annotations

from pathlib import Path

from retriever.index import Snapshot
from retriever.indexing.plan import changes
from retriever.records import Status


def status(index: Path, snapshot: Snapshot) -> Status:
    """Return what stands in an index, and how many of its notes were added, changed or removed since."""
    manifest = snapshot.manifest
    moved = changes(manifest.folders, snapshot.catalog.notes())
    return Status(
        index=str(index),
        generation=manifest.generation,
        built=manifest.built,
        notes_folders=tuple(source.root for source in manifest.folders),
        notes=manifest.counts["notes"],
        papers=manifest.counts["papers"],
        sections=manifest.counts["sections"],
        windows=manifest.counts["windows"],
        topics=manifest.counts["topics"],
        bytes=manifest.bytes,
        model=manifest.model,
        fingerprint=manifest.fingerprint,
        notes_added=moved.added,
        notes_changed=moved.changed,
        notes_removed=moved.removed,
        warnings=tuple(snapshot.catalog.warnings()),
    )
