"""A folder of notes: which files are notes, and the bytes of each.

Only regular files inside the folder count. Hidden folders and those of other programs are passed over, links
that leave the folder are not followed, and `.retrieverignore` leaves out what it names, in gitignore syntax.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from retriever.notes.reading import SUFFIXES

MAX_BYTES = 20 * 1024 * 1024
IGNORE = ".retrieverignore"
_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A file that may be a note. `folder` is the label of its notes folder, `file` its path below `root`."""

    folder: str
    root: Path
    file: str
    size: int
    mtime_ns: int

    @property
    def path(self) -> Path:
        return self.root / self.file


def note_files(root: Path, label: str, only: Sequence[str] = ()) -> Iterator[NoteFile]:
    """Yield the notes of a folder by path, or of the files named in `only`, if they are there."""
    if only:
        yield from (found for file in sorted(only) if (found := _note_file(root, label, root / file)))
        return
    ignored = _ignored(root)
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not _is_passed_over(name))
        for name in sorted(files):
            path = here / name
            if name.startswith(".") or path.suffix.casefold() not in SUFFIXES:
                continue
            if not ignored.match_file(path.relative_to(root).as_posix()) and (found := _note_file(root, label, path)):
                yield found


def may_change_notes(root: Path, path: Path, only: Sequence[str] = ()) -> bool:
    """Tell whether something that happened to a path, a file's or a folder's, may change what `note_files` yields.

    A path that is gone may have been a folder of notes, so it counts unless its name is one that is passed over.
    """
    if only:
        return path.parent == root and path.name in only
    if not path.is_relative_to(root):
        return False
    below = path.relative_to(root)
    if below.parts in ((), (IGNORE,)):
        return True
    *folders, name = below.parts
    if name.startswith(".") or any(_is_passed_over(folder) for folder in folders):
        return False
    if path.suffix.casefold() in SUFFIXES:
        return not _ignored(root).match_file(below.as_posix())
    return not (path.is_file() or _is_passed_over(name) or _ignored(root).match_file(f"{below.as_posix()}/"))


def read_bytes(found: NoteFile) -> tuple[bytes, str]:
    """Return the bytes of a note and their SHA-256 in hex. Raises OSError, or ValueError over the size bound."""
    # O_NONBLOCK and the second look at the type keep a pipe put in place of the file from hanging the build.
    handle = os.open(found.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ValueError("not a regular file")
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 2**20} MiB")
    return content, hashlib.sha256(content).hexdigest()


def _is_passed_over(folder: str) -> bool:
    return folder.startswith(".") or folder in _SKIPPED_FOLDERS


def _ignored(root: Path) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines((root / IGNORE).read_text("utf-8", "replace").splitlines())
    except OSError:
        return GitIgnoreSpec.from_lines([])


def _note_file(root: Path, label: str, path: Path) -> NoteFile | None:
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            return None
        status = path.stat()
    except (OSError, RuntimeError):  # gone, or a loop of links
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return NoteFile(label, root, path.relative_to(root).as_posix(), status.st_size, status.st_mtime_ns)
