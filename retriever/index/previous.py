"""The generation that a build goes on from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retriever.errors import IndexDamagedError, IndexNotFoundError, RetrieverError
from retriever.index.manifest import RECORDS, Manifest, check_file
from retriever.index.snapshot import Snapshot, open_snapshot


@contextmanager
def previous_of(index: Path) -> Iterator[tuple[Snapshot | None, RetrieverError | None]]:
    """Open the current generation to build upon, if every byte of its records is sound; else say why not."""
    try:
        snapshot = open_snapshot(index)
    except IndexNotFoundError:
        yield None, None
        return
    except IndexDamagedError as damage:
        yield None, damage
        return
    with snapshot:
        problem = _damage(index, snapshot.manifest)
        yield (snapshot, None) if problem is None else (None, problem)


def _damage(index: Path, manifest: Manifest) -> IndexDamagedError | None:
    try:
        check_file(index, manifest, RECORDS)
    except IndexDamagedError as damage:
        return damage
    return None
