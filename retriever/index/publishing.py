"""How a generation, complete beside the current one, takes its place."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from retriever.errors import IndexDamagedError
from retriever.index import durable
from retriever.index.generations import switch
from retriever.index.manifest import COPY, MANIFEST, RECORDS, Manifest, Pointer, encode_manifest, sealed
from retriever.index.snapshot import Snapshot


def publish(index: Path, manifest: Manifest) -> None:
    """Write the manifest of a generation whose other files are synced, open it as a reader would, and switch to it.

    NotDurableError, or IndexDamagedError where its parts do not fit: then the index is as it was.
    """
    content = encode_manifest(manifest)
    folder = index / manifest.generation
    durable.write_file(folder / MANIFEST, content)
    durable.write_file(folder / COPY, sealed(content))
    durable.sync_folder(folder)
    durable.sync_folder(index)
    verify(index, manifest)
    switch(index, Pointer(manifest.generation, sha256(content).hexdigest()))


def verify(index: Path, manifest: Manifest) -> None:
    """Open a generation as a reader does. IndexDamagedError unless its parts hold the same windows."""
    with Snapshot(index, manifest) as snapshot:
        windows = snapshot.catalog.counts()["windows"]
        if windows != snapshot.count:
            raise IndexDamagedError(index, f"{manifest.generation}/{RECORDS}", f"holds {windows} of {snapshot.count}")
        snapshot.vectors.check()
        assert snapshot.lexical.count == windows
