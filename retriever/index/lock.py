"""One build at a time: a lock of the operating system, which frees it when its holder dies, however it dies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retriever.errors import BuildRunningError, NotDurableError
from retriever.index import durable

LOCK = "LOCK"
_PATIENCE = 1.0  # seconds for a holder to write its process id down


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
    """Return the process that holds a lock, or None where it does not say.

    Between taking the lock and writing itself down its file is empty, or names the holder before it.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            pid = int(lock.read_text(encoding="ascii"))
            os.kill(pid, 0)
        except PermissionError:  # of another user, and alive
            return pid
        except (OSError, ValueError, OverflowError):
            if time.monotonic() > until:
                return None
            time.sleep(0.02)
        else:
            return pid
