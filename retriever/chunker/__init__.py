"""Notes to passages and windows; mentions to papers.

Names are resolved on first use: a search needs the form of identifiers, and not the readers of notes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retriever.chunker.changes import resolve_changes as resolve_changes
    from retriever.chunker.identity import Identities as Identities
    from retriever.chunker.identity import resolve as resolve
    from retriever.chunker.passages import VERSION as VERSION
    from retriever.chunker.passages import Chunk as Chunk
    from retriever.chunker.passages import chunks as chunks
    from retriever.chunker.passages import split as split

_HOME = {
    "VERSION": "passages",
    "Chunk": "passages",
    "Identities": "identity",
    "chunks": "passages",
    "resolve": "identity",
    "resolve_changes": "changes",
    "split": "passages",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
