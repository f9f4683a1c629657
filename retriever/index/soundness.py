"""Whether the parts of a generation, once every byte is known to be as written, are what a reader takes them for."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from retriever.errors import IndexDamagedError
from retriever.index.catalog import Catalog
from retriever.index.manifest import HASHES, RECORDS, ROWS, Manifest
from retriever.index.publishing import verify
from retriever.index.vectors import map_rows

_CHUNK = 16_384  # rows held as float32 at once
_LONGEST = 1.01  # of a unit vector in float16


def check_formats(index: Path, manifest: Manifest) -> None:
    """Open a generation as a reader does, and go through all its records and rows. IndexDamagedError."""
    verify(index, manifest)
    folder = index / manifest.generation
    catalog = Catalog(index, folder / RECORDS)
    try:
        found = catalog.read(lambda row: str(row[0]), "PRAGMA integrity_check(1)")
        hashes = b"".join(catalog.read(lambda row: bytes(row[0]), "SELECT hash FROM window ORDER BY row"))
    finally:
        catalog.close()
    if found != ["ok"]:
        raise IndexDamagedError(index, f"{folder.name}/{RECORDS}", found[0])
    if hashes != (folder / HASHES).read_bytes():
        raise IndexDamagedError(index, f"{folder.name}/{HASHES}", f"does not match {RECORDS}")
    rows = map_rows(folder / ROWS, manifest.counts["windows"], manifest.dim)
    for start in range(0, len(rows), _CHUNK):
        lengths = np.linalg.norm(rows[start : start + _CHUNK].astype(np.float32), axis=1)
        if not (lengths <= _LONGEST).all():
            raise IndexDamagedError(index, f"{folder.name}/{ROWS}", "holds what is no unit vector")
