"""What is on disk: generations of immutable files, and one pointer that is replaced in one step.

`open_snapshot` reads the current generation; `drafting` writes the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retriever.index.catalog import Catalog
from retriever.index.draft import Draft, drafting
from retriever.index.manifest import FORMAT, FileEntry, Manifest, Source
from retriever.index.schema import NoteEntry, TopicRow, WindowRow
from retriever.index.snapshot import Snapshot, open_snapshot

if TYPE_CHECKING:
    from retriever.index.lexical import LexicalIndex as LexicalIndex
    from retriever.index.vectors import VectorIndex as VectorIndex

# LexicalIndex and VectorIndex, whose modules import numpy, are named here for annotations alone.
__all__ = [
    "FORMAT",
    "Catalog",
    "Draft",
    "FileEntry",
    "Manifest",
    "NoteEntry",
    "Snapshot",
    "Source",
    "TopicRow",
    "WindowRow",
    "drafting",
    "open_snapshot",
]
