"""What is on disk: generations of immutable files, and one pointer that is replaced in one step.

`open_snapshot` reads the current generation; `drafting` writes the next.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from retriever.index.catalog import Catalog
from retriever.index.manifest import FORMAT, FileEntry, Manifest, Source
from retriever.index.schema import NoteEntry, TopicRow, WindowRow
from retriever.index.snapshot import Snapshot, open_snapshot

if TYPE_CHECKING:
    from retriever.index.draft import Draft as Draft
    from retriever.index.draft import drafting as drafting
    from retriever.index.lexical import LexicalIndex as LexicalIndex
    from retriever.index.vectors import VectorIndex as VectorIndex

# Loaded on first use: a reader needs no writer, and a listing of papers neither numpy nor tantivy.
_HOME = {"Draft": "draft", "drafting": "draft", "LexicalIndex": "lexical", "VectorIndex": "vectors"}

__all__ = [
    "FORMAT",
    "Catalog",
    "Draft",
    "FileEntry",
    "LexicalIndex",
    "Manifest",
    "NoteEntry",
    "Snapshot",
    "Source",
    "TopicRow",
    "VectorIndex",
    "WindowRow",
    "drafting",
    "open_snapshot",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
