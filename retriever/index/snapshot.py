"""One published generation, opened for reading. Readers take no lock: what is published never changes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from retriever.errors import IndexDamagedError
from retriever.index.catalog import Catalog
from retriever.index.manifest import (
    HASH_BYTES,
    HASHES,
    RECORDS,
    ROWS,
    Manifest,
    check_sizes,
    read_manifest,
    read_pointer,
)

if TYPE_CHECKING:
    from retriever.index.lexical import LexicalIndex
    from retriever.index.vectors import VectorIndex

_TRIES = 5


class Snapshot:
    """`index` is the index's folder, `path` that of the generation. Threads may share one.

    Opening reads the manifest and the sizes of the files; vectors and words are opened by the first use of them.
    """

    def __init__(self, index: Path, manifest: Manifest) -> None:
        """FileNotFoundError where a file is gone, IndexDamagedError where one has another size."""
        self.index = index
        self.path = index / manifest.generation
        self.manifest = manifest
        check_sizes(index, manifest)
        self.catalog = Catalog(index, self.path / RECORDS)
        self._lock = threading.Lock()
        self._vectors: VectorIndex | None = None
        self._lexical: LexicalIndex | None = None

    @property
    def count(self) -> int:
        """The number of windows, known by the hashes of their texts."""
        return self.manifest.files[HASHES].size // HASH_BYTES

    @property
    def vectors(self) -> VectorIndex:
        from retriever.index.vectors import VectorIndex  # noqa: PLC0415  numpy, which listing papers never needs

        with self._lock:
            if self._vectors is None:
                if self.manifest.files[ROWS].size != self.count * self.manifest.dim * 2:
                    raise IndexDamagedError(self.index, f"{self.path.name}/{ROWS}", f"does not match {HASHES}")
                self._vectors = VectorIndex(self.index, self.path, self.count, self.manifest.dim)
            return self._vectors

    @property
    def lexical(self) -> LexicalIndex:
        from retriever.index.lexical import LexicalIndex  # noqa: PLC0415  tantivy, which listing papers never needs

        with self._lock:
            if self._lexical is None:
                self._lexical = LexicalIndex(self.index, self.path, self.count)
            return self._lexical

    def close(self) -> None:
        self.catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_snapshot(index: Path) -> Snapshot:
    """Open the current generation of an index.

    IndexNotFoundError without one, IndexDamagedError where a file is not what it should be, NewerFormatError.
    A build may publish, and drop what is old, while we open: then the pointer has moved on, and we follow it.
    """
    pointer = read_pointer(index)
    for _ in range(_TRIES):
        try:
            return Snapshot(index, read_manifest(index, pointer))
        except OSError as error:
            seen, pointer = pointer, read_pointer(index)
            if pointer == seen:
                gone = Path(error.filename or pointer.generation).name
                raise IndexDamagedError(index, f"{pointer.generation}/{gone}", error.strerror or str(error)) from error
    raise IndexDamagedError(index, pointer.generation, "moves on faster than it can be opened")
