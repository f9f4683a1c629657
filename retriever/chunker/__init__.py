"""Notes to passages and windows; mentions to papers."""

from retriever.chunker.identity import Identities, resolve
from retriever.chunker.passages import VERSION, Chunk, chunks, split

__all__ = ["VERSION", "Chunk", "Identities", "chunks", "resolve", "split"]
