"""What a generation is made of, and the one line that names the current generation."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from retriever.errors import IndexDamagedError, IndexNotFoundError, NewerFormatError

FORMAT = 5
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
COPY = "manifest.copy"  # the SHA-256 of the manifest, and the manifest once more: see `sealed`

RECORDS = "records.sqlite"
ROWS = "vectors.f16"
HASHES = "vectors.hashes"
FAISS = "vectors.faiss"
LEXICAL = "lexical"
HASH_BYTES = 16  # of the SHA-256 of a window's embedded text, one in HASHES a row

_POINTER = re.compile(r"(gen-\d{6,}) ([0-9a-f]{64})\n")
_CHUNK = 1 << 20
_MANIFEST_BYTES = 16 << 20  # more than any build writes


@dataclass(frozen=True, slots=True)
class Source:
    """A notes folder: `root` is its absolute path, `only` the files named one by one (empty: all of it)."""

    label: str
    root: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileEntry:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`built` is an ISO time in UTC; `chunker` the version of the rules that cut the notes.

    `fingerprint` is the encoder's; `words` the hash of all that the lexical index was fed with. `files` holds every
    file of the generation but the manifest, by its path below the generation's folder. `calibration` is what scores
    mean on this index with this model, as the read side measured it, with the number of papers there were then.
    """

    format: int
    generation: str
    built: str
    chunker: int
    model: str
    fingerprint: str
    dim: int
    words: str
    folders: tuple[Source, ...]
    counts: Mapping[str, int]
    files: Mapping[str, FileEntry]
    calibration: Mapping[str, float] | None = None

    @property
    def bytes(self) -> int:
        return sum(entry.size for entry in self.files.values())


@dataclass(frozen=True, slots=True)
class Pointer:
    """The content of CURRENT: the name of a generation and the SHA-256 of its manifest."""

    generation: str
    sha256: str

    def line(self) -> str:
        return f"{self.generation} {self.sha256}\n"


def read_pointer(index: Path) -> Pointer:
    """Return the pointer of an index. IndexNotFoundError without one, IndexDamagedError for a bad one."""
    try:
        line = read_regular(index / CURRENT, 256)
    except (FileNotFoundError, NotADirectoryError):
        raise IndexNotFoundError(index) from None
    except OSError as error:
        raise IndexDamagedError(index, CURRENT, error.strerror or str(error)) from error
    match = _POINTER.fullmatch(line.decode("ascii", "replace"))
    if match is None:
        raise IndexDamagedError(index, CURRENT, "does not name a generation")
    return Pointer(match[1], match[2])


def encode_manifest(manifest: Manifest) -> bytes:
    return (json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n").encode()


def read_manifest(index: Path, pointer: Pointer) -> Manifest:
    """Return the manifest that a pointer names. FileNotFoundError where it is gone."""
    name = f"{pointer.generation}/{MANIFEST}"
    content = read_regular(index / name)
    if hashlib.sha256(content).hexdigest() != pointer.sha256:
        raise IndexDamagedError(index, name, f"is not the one that {CURRENT} names")
    manifest = decode_manifest(index, name, content)
    if manifest.format < FORMAT:  # its vectors can be used again, its records cannot
        raise IndexDamagedError(index, name, f"was written by an older version, in format {manifest.format}")
    return manifest


def decode_manifest(index: Path, name: str, content: bytes) -> Manifest:
    """Return the manifest in the content of the file `name`. NewerFormatError, IndexDamagedError."""
    try:
        fields: dict[str, Any] = json.loads(content)
        if fields["format"] > FORMAT:
            raise NewerFormatError(index, fields["format"], FORMAT)
        fields["folders"] = tuple(
            Source(folder["label"], folder["root"], tuple(folder["only"])) for folder in fields["folders"]
        )
        fields["files"] = {path: FileEntry(**entry) for path, entry in fields["files"].items()}
        manifest = Manifest(**fields)
        _check_fields(manifest, name)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexDamagedError(index, name, f"cannot be read ({error})") from error
    return manifest


def sealed(content: bytes) -> bytes:
    """Return a manifest with its own hash before it: a copy that can be trusted without CURRENT."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def unsealed(copy: bytes) -> bytes | None:
    """Return the manifest in a sealed copy, or None where one of its bytes is not as it was written."""
    content = copy[65:]
    return content if sealed(content) == copy else None


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading. OSError where it is none: a pipe put in its place would be waited for without end."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    return file


def read_regular(path: Path, limit: int = _MANIFEST_BYTES) -> bytes:
    """Return up to `limit` bytes of a file. OSError where it is none."""
    with open_regular(path) as file:
        return file.read(limit)


def _check_fields(manifest: Manifest, name: str) -> None:
    """Raise ValueError for what no build writes: an index may have been planted."""
    if f"{manifest.generation}/{MANIFEST}" != name:
        raise ValueError(f"it is the manifest of {manifest.generation}")
    if not isinstance(manifest.dim, int) or manifest.dim < 1:
        raise ValueError(f"vectors of length {manifest.dim}")
    if missing := {RECORDS, ROWS, HASHES, FAISS} - manifest.files.keys():
        raise ValueError(f"without {', '.join(sorted(missing))}")
    if any(".." in file or file.startswith("/") for file in manifest.files):
        raise ValueError("it names files elsewhere")


def files_below(folder: Path) -> Iterator[str]:
    """Yield the paths of a generation's files, in order; not the manifest and its copy, nor the locks of tantivy."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in {MANIFEST, COPY} and path.suffix != ".lock":
            yield name


def file_entry(path: Path) -> FileEntry:
    """Return the size and hash of a file as it is on the disk now."""
    digest = hashlib.sha256()
    size = 0
    with open_regular(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return FileEntry(size, digest.hexdigest())


def check_sizes(index: Path, manifest: Manifest) -> None:
    """Raise FileNotFoundError for a file that is gone, IndexDamagedError for one of another size."""
    for name, entry in manifest.files.items():
        found = (index / manifest.generation / name).stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size != entry.size:
            problem = f"has {found.st_size:,} bytes where its manifest says {entry.size:,}"
            raise IndexDamagedError(index, f"{manifest.generation}/{name}", problem)


def check_file(index: Path, manifest: Manifest, name: str) -> None:
    """Raise IndexDamagedError unless every byte of a file is what the manifest says."""
    damaged = IndexDamagedError(index, f"{manifest.generation}/{name}", "is not what its manifest says")
    try:
        intact = file_entry(index / manifest.generation / name) == manifest.files.get(name)
    except OSError as error:
        raise damaged from error
    if not intact:
        raise damaged
