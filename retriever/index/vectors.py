"""Nearest windows by cosine: FAISS finds candidates, the float16 rows score them; few rows are scored outright.

Every score is the product of a query with a float16 row, summed in double precision and rounded once. So the same
pair has the same score whichever way it was found, however many rows were scored beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retriever.errors import IndexDamagedError
from retriever.index.manifest import FAISS, ROWS

if TYPE_CHECKING:
    from retriever.index.arrays import Float16Matrix, Float32Matrix, Float32Vector, IntMatrix, IntVector, RowMask

HALF_UP_TO = 50_000  # rows that FAISS holds as float16; more are held as 4-bit product codes, many times faster
DIRECT_UP_TO = 2_048  # products of a query with a row that cost less than the 40 ms of importing FAISS
POOL = 800  # candidates taken from product codes: near exact, and only 1 ms dearer than 200
# Threads wait for each other by spinning: on a busy machine two of them learned codes 20 times slower than one. And
# the codes do not depend on the number of cores.
_THREADS = 1
_TRAINING = 65_536  # rows that product codes are learned from
_CHUNK = 16_384  # rows held as float32 at once
_SLACK = 1e-5  # two ways to sum the same product differ by less


class VectorIndex:
    """The vectors of one generation. Threads may share one."""

    def __init__(self, index: Path, folder: Path, count: int, dim: int) -> None:
        """Map the float16 rows; FAISS is loaded by the first search that needs it."""
        self.count = count
        self.dim = dim
        self._index = index
        self._file = folder / FAISS
        self._lock = threading.Lock()
        self._faiss: Any = None
        try:
            self._matrix = map_rows(folder / ROWS, count, dim)
        except OSError as error:
            raise IndexDamagedError(index, f"{folder.name}/{ROWS}", error.strerror or str(error)) from error

    def rows(self, rows: IntVector) -> Float32Matrix:
        """Return the vectors of rows, shape (len(rows), dim)."""
        return self._matrix[rows].astype(np.float32)

    def scores(self, query: Float32Vector, rows: IntVector) -> Float32Vector:
        """Return the cosine of a query, shape (dim,), with each of some rows."""
        exact = self._matrix[rows].astype(np.float64) @ query.astype(np.float64)
        if not np.isfinite(exact).all():
            raise IndexDamagedError(self._index, f"{self._file.parent.name}/{ROWS}", "holds what is no number")
        return np.clip(exact, -1, 1).astype(np.float32)

    def search(
        self, queries: Float32Matrix, limit: int, *, allow: RowMask | None = None
    ) -> tuple[Float32Matrix, IntMatrix]:
        """Return (scores, rows), each (n_queries, min(limit, allowed rows)), best first.

        `queries` are unit rows (n_queries, dim). Scores are cosines in [-1, 1]; ties go to the lower row. With
        `allow`, shape (count,), every allowed row is scored. ValueError for queries of another shape or not finite.
        """
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries have shape {queries.shape}, not (n, {self.dim})")
        if not np.isfinite(queries).all():
            raise ValueError("a query vector is not finite")
        allowed = None if allow is None else np.flatnonzero(allow)
        if allowed is None and len(queries) * self.count <= DIRECT_UP_TO:
            allowed = np.arange(self.count)
        limit = min(max(limit, 0), self.count if allowed is None else len(allowed))
        scores = np.zeros((len(queries), limit), dtype=np.float32)
        rows = np.zeros((len(queries), limit), dtype=np.int64)
        if limit and len(queries):
            pools = self._from_faiss(queries, limit) if allowed is None else self._from_rows(queries, limit, allowed)
            for at, pool in enumerate(pools):
                exact = self.scores(queries[at], pool)
                order = np.lexsort((pool, -exact))[:limit]
                scores[at], rows[at] = exact[order], pool[order]
        return scores, rows

    def _from_rows(self, queries: Float32Matrix, limit: int, allowed: IntVector) -> Iterable[IntVector]:
        """Return for each query those of the allowed rows that may be among its best `limit`."""
        estimates = np.empty((len(queries), len(allowed)), dtype=np.float32)
        for start in range(0, len(allowed), _CHUNK):
            part = allowed[start : start + _CHUNK]
            estimates[:, start : start + _CHUNK] = queries @ self.rows(part).T
        cuts = np.partition(estimates, -limit, axis=1)[:, -limit] - _SLACK
        # Not "at least the cut": what is no number must come through, to be found out.
        return [allowed[~(estimate < cut)] for estimate, cut in zip(estimates, cuts, strict=True)]

    def _from_faiss(self, queries: Float32Matrix, limit: int) -> Iterable[IntVector]:
        """Return for each query the rows that may be among its best `limit`, as FAISS finds them."""
        index = self._loaded()
        if self.count > HALF_UP_TO:
            found = index.search(queries, min(self.count, max(POOL, 4 * limit)))[1]
        else:
            wanted = limit
            while True:
                wanted = min(self.count, 2 * wanted + 16)
                estimates, found = index.search(queries, wanted)
                # Rows as good as the last one asked for may stand behind the cut: look further.
                if wanted == self.count or (estimates[:, -1] < estimates[:, limit - 1] - _SLACK).all():
                    break
        if found.min() < 0 or found.max() >= self.count:
            raise self._damaged("names rows that do not exist")
        return list(found)

    def _loaded(self) -> Any:
        import faiss  # noqa: PLC0415  a search by words alone never pays for it

        faiss.omp_set_num_threads(_THREADS)
        with self._lock:
            if self._faiss is None:
                try:
                    content = np.fromfile(self._file, dtype=np.uint8)
                    # A damaged count would have FAISS take all memory before it fails.
                    faiss.set_deserialization_vector_byte_limit(len(content) + (1 << 20))
                    index = faiss.deserialize_index(content)
                except (RuntimeError, OSError) as error:
                    raise self._damaged("cannot be read") from error
                if (index.ntotal, index.d) != (self.count, self.dim):
                    raise self._damaged(f"holds {index.ntotal} x {index.d} vectors, not {self.count} x {self.dim}")
                self._faiss = index
            return self._faiss

    def check(self) -> None:
        """Raise IndexDamagedError unless FAISS can be loaded and holds as many vectors as there are rows."""
        self._loaded()

    def _damaged(self, problem: str) -> IndexDamagedError:
        return IndexDamagedError(self._index, f"{self._file.parent.name}/{FAISS}", problem)


def map_rows(file: Path, count: int, dim: int) -> Float16Matrix:
    """Return the rows of a file of float16 vectors, read as they are needed."""
    if not count * dim:  # an empty file cannot be mapped
        return np.zeros((count, dim), dtype=np.float16)
    return np.memmap(file, dtype=np.float16, mode="r", shape=(count, dim))


def faiss_bytes(matrix: Float16Matrix) -> bytes:
    """Return a FAISS index over rows, (count, dim) float16, as the bytes that `VectorIndex` loads."""
    import faiss  # noqa: PLC0415  the only import of it, beside the search

    faiss.omp_set_num_threads(_THREADS)
    count, dim = matrix.shape
    if count <= HALF_UP_TO or dim % 2:
        index: Any = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    else:
        index = faiss.IndexPQFastScan(dim, dim // 2, 4, faiss.METRIC_INNER_PRODUCT)
        step = -(-count // _TRAINING)
        index.train(np.ascontiguousarray(matrix[::step], dtype=np.float32))
    for start in range(0, count, _CHUNK):
        index.add(np.ascontiguousarray(matrix[start : start + _CHUNK], dtype=np.float32))
    return bytes(faiss.serialize_index(index).tobytes())
