"""One build at a time: a lock of the operating system, which frees it when its holder dies, however it dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retriever.errors import BuildRunningError, NotDurableError
from retriever.index import durable

LOCK = "LOCK"


@contextmanager
def locked(index: Path) -> Iterator[None]:
    """Hold the index's lock. BuildRunningError, with the holder's process id, where another build has it."""
    from filelock import FileLock, Timeout  # noqa: PLC0415  readers take no lock

    path = index / LOCK
    # Where the system has no locks filelock would leave a marker instead, which outlives a killed build.
    lock = FileLock(path, timeout=0, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise BuildRunningError(index, _holder(path)) from None
    except OSError as error:
        raise NotDurableError(path, error.strerror or str(error)) from error
    try:
        durable.write_file(path, f"{os.getpid()}\n".encode())
        yield
    finally:
        lock.release()


def _holder(lock: Path) -> int | None:
    """Return the process that a lock names; None in the moment between taking the lock and writing it down."""
    try:
        return int(lock.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
