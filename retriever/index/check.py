"""Every byte of an index against what its build wrote down: read only, and all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from retriever.errors import IndexDamagedError, IndexNotFoundError, NewerFormatError
from retriever.index.generations import generations, is_index, set_aside
from retriever.index.lock import LOCK
from retriever.index.manifest import (
    COPY,
    CURRENT,
    FAISS,
    FORMAT,
    HASHES,
    LEXICAL,
    MANIFEST,
    RECORDS,
    ROWS,
    FileEntry,
    Manifest,
    Pointer,
    decode_manifest,
    file_entry,
    read_pointer,
    read_regular,
    unsealed,
)
from retriever.index.soundness import check_formats
from retriever.records import CheckReport, Fault

_TRIES = 3
_MEANING = {
    CURRENT: "no search can tell which generation is the current one; the generations may be sound",
    MANIFEST: "no search can tell what the other files should be",
    COPY: "searches are right; only the manifest's copy is lost, which a repair would need",
    RECORDS: "papers, passages and their lines cannot be trusted; they are in the notes",
    ROWS: "searches by meaning cannot be trusted; what no other generation holds must be embedded again",
    HASHES: "searches are right, but vectors cannot be found by their texts; they are in the records",
    FAISS: "searches by meaning may fail or miss papers; it is made from vectors.f16",
    LEXICAL: "searches by words may fail or miss papers; it is made from the records",
}
_OLDER = "a build from the notes makes it anew, and uses its vectors"
_WRITTEN_SO = "its bytes are those that were written, so it was wrong from the first: please report it"
_MISSING = "is missing"
_CHANGED = "is not what was written"


@dataclass(slots=True)
class Examined:
    """A generation as it was found. `content` is its manifest where each byte of that is known to be right, `damaged`
    the files, by their path below it, that are not as they were written.
    """

    name: str
    content: bytes | None = None
    manifest: Manifest | None = None
    damaged: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether a reader may trust it; the copy of the manifest is none of his business."""
        return self.manifest is not None and self.damaged <= {MANIFEST, COPY}

    @property
    def derivable(self) -> bool:
        """Whether all that is damaged can be made from what is not."""
        lost = {name for name in self.damaged if not name.startswith(f"{LEXICAL}/")}
        return self.manifest is not None and lost <= {MANIFEST, COPY, HASHES, FAISS}

    def blame(self, file: str, problem: str, meaning: str | None = None) -> None:
        self.damaged.add(file)
        said = meaning or _MEANING.get(file.partition("/")[0], "it belongs to no known part")
        self.faults.append(Fault(f"{self.name}/{file}", problem, said))


@dataclass(slots=True)
class Findings:
    """All of an index as it was found: `current` is None where the pointer names no generation that is there."""

    pointer: Pointer | None
    current: Examined | None
    others: list[Examined]
    faults: list[Fault]
    strays: list[str]
    files: dict[tuple[int, int], FileEntry]

    @property
    def all_faults(self) -> list[Fault]:
        found = [self.current, *self.others] if self.current else self.others
        return [*self.faults, *(fault for one in found for fault in one.faults)]


def check(index: Path) -> CheckReport:
    """Read every byte of the current generation and of those kept back, and say what is not as it was written.

    IndexNotFoundError without an index, NewerFormatError. A build may publish meanwhile: then it is read again.
    """
    for _ in range(_TRIES):
        found = examine(index)
        if not found.all_faults or _pointer(index)[0] == found.pointer:
            break
    return CheckReport(
        index=str(index),
        generation=found.current.name if found.current else None,
        kept=tuple(one.name for one in found.others),
        aside=tuple(set_aside(index)),
        files=len(found.files),
        bytes=sum(entry.size for entry in found.files.values()),
        faults=tuple(found.all_faults),
        strays=tuple(found.strays),
    )


def examine(index: Path) -> Findings:
    """Return what each generation is worth, newest first. The errors of `check`."""
    if not is_index(index):
        raise IndexNotFoundError(index)
    pointer, fault = _pointer(index)
    names = [name for name in reversed(generations(index)) if _complete(index / name)]
    faults = [] if fault is None else [fault]
    files: dict[tuple[int, int], FileEntry] = {}
    examined = {}
    current = None
    if pointer is not None and pointer.generation in names:
        current = _examined(index, pointer.generation, pointer.sha256, files)
        examined[pointer.generation] = current
        names = names[names.index(pointer.generation) :]  # what is newer was never published
    if pointer is not None and (current is None or not _named(current, pointer)):
        problem = f"names {pointer.generation}, which {'is not there' if current is None else 'has another manifest'}"
        faults.append(Fault(CURRENT, problem, _MEANING[CURRENT]))
        current, names = None, [name for name in reversed(generations(index)) if _complete(index / name)]
    all_known = [examined.get(name) or _examined(index, name, None, files) for name in names]
    others = [one for one in all_known if one is not current]
    return Findings(pointer, current, others, faults, sorted(_strays(index, all_known)), files)


def _pointer(index: Path) -> tuple[Pointer | None, Fault | None]:
    try:
        return read_pointer(index), None
    except IndexNotFoundError:
        return None, Fault(CURRENT, _MISSING, _MEANING[CURRENT])
    except IndexDamagedError as error:
        return None, Fault(CURRENT, error.problem, _MEANING[CURRENT])


def _complete(folder: Path) -> bool:
    return (folder / MANIFEST).is_file() or (folder / COPY).is_file()


def _named(one: Examined, pointer: Pointer) -> bool:
    """Tell whether a pointer names what the generation is; where its manifest is lost the pointer has no witness."""
    return one.content is None or _hash(one.content) == pointer.sha256


def _examined(index: Path, name: str, sha256: str | None, files: dict[tuple[int, int], FileEntry]) -> Examined:
    """Read a generation. `sha256` is what CURRENT says of its manifest, `files` what was read already, by inode."""
    one = Examined(name)
    _read_manifest(one, index / name, sha256)
    if one.content is not None:
        _decode(one, index, one.content, current=sha256 is not None)
    if one.manifest is None:
        return one
    for file, entry in one.manifest.files.items():
        if problem := _problem(index / name / file, entry, files):
            one.blame(file, problem)
    if not one.faults:
        try:
            check_formats(index, one.manifest)
        except IndexDamagedError as error:
            one.blame(error.file.partition("/")[2], error.problem, _WRITTEN_SO)
    return one


def _decode(one: Examined, index: Path, content: bytes, *, current: bool) -> None:
    """Read what the manifest says. One of another version is no fault where it is only kept back."""
    try:
        manifest = decode_manifest(index, f"{one.name}/{MANIFEST}", content)
    except NewerFormatError:
        if current:
            raise
    except IndexDamagedError as error:
        one.blame(MANIFEST, error.problem)
    else:
        if manifest.format == FORMAT:
            one.manifest = manifest
        elif current:
            one.blame(MANIFEST, f"was written by an older version, in format {manifest.format}", _OLDER)


def _read_manifest(one: Examined, folder: Path, sha256: str | None) -> None:
    """Find the manifest that is right, of the two that a generation has, and blame the one that is not."""
    content, copy = _bytes(folder / MANIFEST), _bytes(folder / COPY)
    copied = None if copy is None else unsealed(copy)
    if content is not None and _hash(content) == sha256:
        one.content = content
    elif copied is not None:
        one.content = copied
    elif content is not None and (copy is None or _hash(content).encode() == copy[:64] or copy[65:] == content):
        # A generation of an earlier version has no copy, and one kept back nothing that could tell of a wrong byte.
        one.content = content if copy is not None or sha256 is None else None
    if content is None or content != one.content:
        one.blame(MANIFEST, _MISSING if content is None else _CHANGED)
    if copy is not None and (copied is None or copied != one.content):
        one.blame(COPY, _CHANGED)


def _problem(path: Path, entry: FileEntry, files: dict[tuple[int, int], FileEntry]) -> str | None:
    try:
        status = path.stat()
        inode = status.st_dev, status.st_ino
        if status.st_size != entry.size:
            return f"has {status.st_size:,} bytes where its manifest says {entry.size:,}"
        if inode not in files:
            files[inode] = file_entry(path)
        return None if files[inode] == entry else _CHANGED
    except FileNotFoundError:
        return _MISSING
    except OSError as error:
        return error.strerror or str(error)


def _strays(index: Path, known: list[Examined]) -> Iterator[str]:
    """Yield what no generation knows, but for what a person may have put there: README and hidden files."""
    listed = {CURRENT, LOCK, *(one.name for one in known)}
    for path in index.iterdir():
        if path.name not in listed and not path.name.startswith((".", "README", "damaged-")):
            yield f"{path.name}/" if path.is_dir() else path.name
    for one in known:
        folder = index / one.name
        of_it = {MANIFEST, COPY, *(one.manifest.files if one.manifest else ())}
        for path in folder.rglob("*") if one.manifest else ():
            if not path.is_dir() and path.relative_to(folder).as_posix() not in of_it:
                yield path.relative_to(index).as_posix()


def _bytes(path: Path) -> bytes | None:
    try:
        return read_regular(path)
    except OSError:
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
