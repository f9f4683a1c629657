"""The generation of an index that is current: kept open while it is read, followed to the next, shared by threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from retriever.errors import IndexDamagedError
from retriever.index import Snapshot, open_snapshot
from retriever.index.counted import CountedSnapshot
from retriever.index.manifest import CURRENT, read_pointer

T = TypeVar("T")
_TRIES = 5


class FollowedIndex:
    """Threads may share one."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._open: CountedSnapshot | None = None

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Give the current generation, and keep it open for as long as it is used."""
        with self._lock:
            pointer = read_pointer(self._index)  # one short line, new with every build
            if self._open is None or self._open.pointer != pointer:
                fresh = CountedSnapshot(open_snapshot(self._index), pointer)
                if self._open is not None:
                    self._open.retire()
                self._open = fresh
            held = self._open
            held.users += 1
        try:
            yield held.snapshot
        finally:
            with self._lock:
                held.users -= 1
                held.close_if_unused()

    def answered(self, answer: Callable[[Snapshot], T]) -> T:
        """Return an answer from the current generation.

        Vectors and words are opened by the first question that needs them. If two builds were published since the
        generation was opened they are gone by then, and the answer comes from the next one.
        """
        for _ in range(_TRIES):
            with self.reading() as snapshot:
                try:
                    return answer(snapshot)
                except IndexDamagedError:
                    if read_pointer(self._index).generation == snapshot.manifest.generation:
                        raise
        raise IndexDamagedError(self._index, CURRENT, "moves on faster than it can be read")

    def close(self) -> None:
        """Free the files once nobody reads them; a later call opens them again."""
        with self._lock:
            retired, self._open = self._open, None
            if retired is not None:
                retired.retire()
