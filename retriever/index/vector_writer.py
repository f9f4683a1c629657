"""Writes the vectors of a draft: rows of earlier generations for texts that they hold, new ones for the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retriever.errors import IndexDamagedError
from retriever.index import durable
from retriever.index.manifest import FAISS, HASH_BYTES, HASHES, RECORDS, ROWS, Manifest, check_file
from retriever.index.vectors import faiss_bytes, map_rows

if TYPE_CHECKING:
    from retriever.index.arrays import Float16Matrix, Float32Matrix, IntVector

_CHUNK = 8_192  # rows whose vectors, or texts, are in memory at once
_BATCH = 512  # texts that the encoder is given at once
_HASH = np.dtype(f"S{HASH_BYTES}")
_TEXTS = """
SELECT coalesce(w.embedded, p.before || w.text) FROM json_each(?) asked
JOIN window w ON w.row = asked.value JOIN passage p ON p.number = w.passage ORDER BY asked.key
"""
Encode = Callable[[Sequence[str]], "Float32Matrix"]
Told = Callable[[int, int], None]  # texts done, of how many


class EarlierVectors:
    """The vectors of a generation, found by the hashes of the texts that they were made of."""

    def __init__(self, index: Path, manifest: Manifest) -> None:
        """Check every byte first: a flipped bit would live on in the next generation. IndexDamagedError."""
        folder = index / manifest.generation
        check_file(index, manifest, ROWS)
        check_file(index, manifest, HASHES)
        hashes = np.fromfile(folder / HASHES, dtype=_HASH)
        self._order = np.argsort(hashes, kind="stable")
        self._sorted = hashes[self._order]
        if manifest.files[ROWS].size != len(hashes) * manifest.dim * 2:
            raise IndexDamagedError(index, f"{manifest.generation}/{ROWS}", f"does not match {HASHES}")
        self.matrix = map_rows(folder / ROWS, len(hashes), manifest.dim)

    def find(self, hashes: np.ndarray) -> IntVector:
        """Return for each hash the row that holds its vector, or -1."""
        if not len(self._sorted):
            return np.full(len(hashes), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, hashes), len(self._sorted) - 1)
        return np.where(self._sorted[at] == hashes, self._order[at], -1)


def write_vectors(
    folder: Path, encode: Encode, dim: int, earlier: EarlierVectors | None, told: Told | None = None
) -> int:
    """Write the vectors of a draft's windows and their hashes; return the number of texts that were encoded.

    A text that stands in several windows is encoded once. ValueError if the encoder returns another shape than
    (n, dim), or a value that is not finite.
    """
    hashes = write_hashes(folder)
    with _opened(folder) as records:
        known = np.full(len(hashes), -1, dtype=np.int64) if earlier is None else earlier.find(hashes)
        with durable.RowFile(folder / ROWS) as file:
            for start, rows in _reused(known, earlier, dim):
                file.write_at(start * dim * 2, rows.tobytes())
            missing = np.flatnonzero(known < 0)
            _, first, place = np.unique(hashes[missing], return_index=True, return_inverse=True)
            copies = missing[np.argsort(place, kind="stable")]
            counts = np.bincount(place, minlength=len(first))
            ends = np.cumsum(counts)
            done = 0
            for unique, vectors in _encoded(records, missing[first], encode, dim):
                done += len(unique)
                if told:
                    told(done, len(first))
                for text, vector in zip(unique, vectors, strict=True):
                    for row in copies[ends[text] - counts[text] : ends[text]]:
                        file.write_at(int(row) * dim * 2, vector.tobytes())
    return len(first)


def write_hashes(folder: Path) -> np.ndarray:
    """Write the hashes of a draft's windows as its records have them, and return them, shape (windows,)."""
    with _opened(folder) as records:
        stored = b"".join(row[0] for row in records.execute("SELECT hash FROM window ORDER BY row"))
    durable.write_file(folder / HASHES, stored)
    return np.frombuffer(stored, dtype=_HASH)


def _opened(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{(folder / RECORDS).absolute().as_uri()}?mode=ro&immutable=1", uri=True))


def _reused(known: IntVector, earlier: EarlierVectors | None, dim: int) -> Iterator[tuple[int, Float16Matrix]]:
    """Yield runs of rows from their first: the vectors that are known, zeros for the others."""
    for start in range(0, len(known), _CHUNK):
        part = known[start : start + _CHUNK]
        rows = np.zeros((len(part), dim), dtype=np.float16)
        if earlier is not None:
            rows[part >= 0] = earlier.matrix[part[part >= 0]]
        yield start, rows


def _encoded(
    records: sqlite3.Connection, rows: IntVector, encode: Encode, dim: int
) -> Iterator[tuple[IntVector, Float16Matrix]]:
    """Yield, for batches of like length, places in `rows` and the vectors of their texts."""
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        texts = [text for (text,) in records.execute(_TEXTS, (f"[{','.join(map(str, part.tolist()))}]",))]
        by_length = sorted(range(len(texts)), key=lambda at: (len(texts[at]), at))
        for batch_start in range(0, len(texts), _BATCH):
            batch = by_length[batch_start : batch_start + _BATCH]
            vectors = np.asarray(encode([texts[at] for at in batch]), dtype=np.float32)
            if vectors.shape != (len(batch), dim) or not np.isfinite(vectors).all():
                raise ValueError(f"the encoder returned vectors of shape {vectors.shape} for {len(batch)} x {dim}")
            yield np.array(batch, dtype=np.int64) + start, vectors.astype(np.float16)


def write_faiss(folder: Path, count: int, dim: int) -> None:
    """Write the FAISS index of a draft's vectors."""
    durable.write_file(folder / FAISS, faiss_bytes(map_rows(folder / ROWS, count, dim)))
