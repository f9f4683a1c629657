"""The only place that changes the disk for a publish: writes, syncs, renames, links, folders.

Every failure of the disk becomes a NotDurableError that names the file. FAISS reports success on a full disk and
knows no sync, so even its bytes are written here.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from retriever.errors import NotDurableError

_CHUNK = 1 << 20
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS}
# On macOS a plain fsync stops at the drive's own cache.
_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotDurableError(path, error.strerror or str(error)) from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it, unless it stands already."""
    with _writing(path):
        for folder in [*reversed(path.parents), path]:
            if not folder.is_dir():
                os.mkdir(folder)  # noqa: PTH102  the tests count the calls of os
                sync_folder(folder.parent)


def write_file(path: Path, content: bytes | memoryview) -> None:
    """Write a new file, or a file anew, and sync it."""
    with RowFile(path) as file:
        file.write_at(0, content)


class RowFile:
    """A new file that is written at given offsets; synced and closed at the end of its `with` block."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        with _writing(self._path):
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with _writing(self._path):
            try:
                if kind is None:
                    _sync(self._file)
            finally:
                os.close(self._file)

    def write_at(self, offset: int, content: bytes | memoryview) -> None:
        left = memoryview(content).cast("B")
        with _writing(self._path):
            while left:
                written = os.pwrite(self._file, left[:_CHUNK], offset)
                offset += written
                left = left[written:]


def sync_file(path: Path) -> None:
    _sync_path(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    _sync_path(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync_path(path: Path, flags: int) -> None:
    with _writing(path):
        file = os.open(path, flags)
        try:
            _sync(file)
        finally:
            os.close(file)


def _sync(file: int) -> None:
    if _FULL_SYNC is None:
        os.fsync(file)
    else:
        fcntl.fcntl(file, _FULL_SYNC)


def replace(source: Path, target: Path) -> None:
    """Give `source` the name `target` in one step; a reader sees the old file or the new one."""
    with _writing(target):
        os.replace(source, target)  # noqa: PTH105  the tests count the calls of os


def link(source: Path, target: Path) -> None:
    """Let `target` be the same file as `source`, or a synced copy where the file system refuses links."""
    with _writing(target):
        try:
            os.link(source, target)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
        else:
            return
    _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reader, RowFile(target) as writer:
        offset = 0
        while chunk := reader.read(_CHUNK):
            writer.write_at(offset, chunk)
            offset += len(chunk)


def remove_file(path: Path) -> None:
    """Remove a file if it is there."""
    with _writing(path), suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108  the tests count the calls of os


def remove_folder(path: Path) -> None:
    """Remove a folder and all that it holds, links unfollowed, if it is there."""
    with _writing(path):
        if not path.is_dir():
            return
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                remove_folder(Path(entry.path))
            else:
                remove_file(Path(entry.path))
        os.rmdir(path)  # noqa: PTH106  the tests count the calls of os
