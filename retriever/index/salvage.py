"""What can still be told, and used, of generations that are damaged or were set aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from retriever.errors import IndexDamagedError, NewerFormatError
from retriever.index.generations import generations, number, set_aside
from retriever.index.manifest import COPY, MANIFEST, Manifest, decode_manifest, read_regular, unsealed


def manifests(index: Path) -> Iterator[Manifest]:
    """Yield all manifests of an index that can be read, the newest first, also of generations that were set aside.

    `generation` is the folder that each stands for. A byte of it may be wrong where its copy is gone: what it says of
    a file holds for one whose hash it gives.
    """
    folders = [*set_aside(index), *generations(index)]
    for name in sorted(folders, key=number, reverse=True):
        own = f"gen-{name.removeprefix('damaged-').split('-')[1]}"  # the name that its manifest has kept
        for content in (_copied(index / name), _read(index / name / MANIFEST)):
            with suppress(IndexDamagedError, NewerFormatError):
                manifest = decode_manifest(index, f"{own}/{MANIFEST}", content)
                yield replace(manifest, generation=name)
                break


def _copied(folder: Path) -> bytes:
    return unsealed(_read(folder / COPY)) or b""


def _read(path: Path) -> bytes:
    try:
        return read_regular(path)
    except OSError:
        return b""
