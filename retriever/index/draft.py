"""The next generation, written beside the current one and published in one step.

What a publish does, in order: write every file and sync it, sync the folders, open it all as a reader would, replace
the pointer, sync the index folder, drop what is older than the generation before. Until the pointer is replaced
nobody reads the draft; a build that dies leaves a folder that the next one sweeps.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.errors import (
    BuildRunningError,
    IndexDamagedError,
    IndexNotFoundError,
    NewerFormatError,
    NotDurableError,
    RetrieverError,
)
from retriever.index import durable
from retriever.index.catalog_writer import CatalogWriter, Embedded, TopicLike
from retriever.index.manifest import (
    CURRENT,
    FAISS,
    FORMAT,
    LEXICAL,
    MANIFEST,
    RECORDS,
    ROWS,
    Manifest,
    Pointer,
    Source,
    check_file,
    decode_manifest,
    encode_manifest,
    file_entry,
    files_below,
    read_pointer,
)
from retriever.index.schema import NoteEntry
from retriever.index.snapshot import Snapshot, open_snapshot
from retriever.records import Evidence, Paper, Passage

if TYPE_CHECKING:
    from retriever.index.vector_writer import EarlierVectors, Encode

LOCK = "LOCK"
_NEXT = "CURRENT.next"
_GENERATION = re.compile(r"gen-(\d{6,})")


@contextmanager
def drafting(index: Path) -> Iterator[Draft]:
    """Hold the index's lock and give the next generation to fill; what is not published is dropped at the end.

    BuildRunningError where another build holds the lock, NewerFormatError where a newer version wrote the index,
    NotDurableError where the folder cannot be written.
    """
    durable.make_folder(index)
    with _locked(index):
        draft = Draft(index)
        try:
            yield draft
        finally:
            draft.close()


class Draft:
    """Call in order: keep_notes and add_note, mentions, set_papers, set_topics, finish_records, embed, index_words,
    publish. `previous` is the current generation; None where there is none, or where `previous_problem` says why it
    cannot be built upon.
    """

    def __init__(self, index: Path) -> None:
        self._index = index
        self.previous: Snapshot | None = None
        self.previous_problem: RetrieverError | None = None
        self._open_previous()
        self._sweep()
        number = max((_number(name) for name in _generations(index)), default=0) + 1
        self._path = index / f"gen-{number:06d}"
        durable.make_folder(self._path)
        self._records = CatalogWriter(self._path)
        self._words = ""
        self._fingerprint = ""
        self._dim = 0

    def _open_previous(self) -> None:
        try:
            self.previous = open_snapshot(self._index)
            check_file(self._index, self.previous.manifest, RECORDS)
        except IndexNotFoundError:
            pass
        except IndexDamagedError as problem:
            self.previous_problem = problem
            if self.previous is not None:
                self.previous.close()
                self.previous = None

    def _sweep(self) -> None:
        """Drop what killed builds left. Where no generation is current, vectors may be all that can be saved."""
        durable.remove_file(self._index / _NEXT)
        names = _generations(self._index)
        if self.previous is None:
            left = [name for name in names if not (self._index / name / MANIFEST).is_file()]
        else:
            current = self.previous.path.name
            older = [name for name in names if _number(name) < _number(current)]
            left = [name for name in names if name not in {current, *older[-1:]}]
        self._drop(left)

    def _drop(self, generations: Iterable[str]) -> None:
        for name in generations:
            durable.remove_folder(self._index / name)

    def keep_notes(self, notes: Sequence[NoteEntry]) -> None:
        """Take over notes of the previous generation, with passages and windows; sizes and times may be new."""
        if self.previous is None:
            raise ValueError("there is no generation to keep notes of")
        self._records.keep_notes(self.previous.path / RECORDS, notes)

    def add_note(self, entry: NoteEntry, passages: Sequence[tuple[Passage, Sequence[Embedded]]]) -> None:
        """Add a note with its passages, in order, each with its windows and the texts to embed for them."""
        self._records.add_note(entry, passages)

    def mentions(self) -> Iterator[Passage]:
        """Yield all passages, their text left empty, by folder, file and place in the file."""
        return self._records.mentions()

    def set_papers(
        self,
        papers: Iterable[Paper],
        of_passage: Mapping[str, str],
        evidence: Iterable[tuple[str, Evidence]],
        handles: Iterable[tuple[str, str, str]],
    ) -> None:
        """Set all papers, the paper of each passage (by ids), and (kind, normalised value, paper id) of each handle.

        The topics of the papers are left aside: `set_topics` says them.
        """
        self._records.set_papers(papers, of_passage, evidence, handles)

    def set_topics(
        self, nodes: Iterable[TopicLike], of_passage: Mapping[str, str], of_paper: Mapping[str, Sequence[str]]
    ) -> None:
        """Set the topics in reading order, the topic of each passage, and the topics of each paper."""
        self._records.set_topics(nodes, of_passage, of_paper)

    def finish_records(self) -> None:
        """Write the records; windows get their rows, by folder, file, passage and place in it."""
        self._records.finish()

    def embed(self, encode: Encode, fingerprint: str, dim: int) -> int:
        """Write the vectors, those of known texts from earlier generations; return the number of texts encoded.

        `encode` takes up to some hundred texts of like length and returns (n, dim) unit rows.
        """
        from retriever.index.vector_writer import write_vectors  # noqa: PLC0415  numpy

        self._fingerprint, self._dim = fingerprint, dim
        return write_vectors(self._path, encode, dim, self._earlier())

    def _earlier(self) -> EarlierVectors | None:
        """Return the newest intact vectors of the same model, also those of a generation that is otherwise damaged."""
        from retriever.index.vector_writer import EarlierVectors  # noqa: PLC0415  numpy

        for name in reversed(_generations(self._index)):
            with contextlib.suppress(OSError, IndexDamagedError, NewerFormatError):
                content = (self._index / name / MANIFEST).read_bytes()
                manifest = decode_manifest(self._index, f"{name}/{MANIFEST}", content)
                if (manifest.generation, manifest.fingerprint, manifest.dim) == (name, self._fingerprint, self._dim):
                    return EarlierVectors(self._index, manifest)
        return None

    def index_words(self) -> None:
        """Write the lexical index, or take over the previous one where it was made of the same words."""
        from retriever.index.lexical_writer import words_digest, write_words  # noqa: PLC0415  numpy

        self._words = words_digest(self._path)
        if self.previous is not None and self.previous.manifest.words == self._words:
            names = [name for name in self.previous.manifest.files if name.startswith(f"{LEXICAL}/")]
            durable.make_folder(self._path / LEXICAL)
            if all([self._link(name) for name in names]):
                durable.sync_folder(self._path / LEXICAL)
                return
            durable.remove_folder(self._path / LEXICAL)
        write_words(self._path)

    def publish(self, *, chunker: int, model: str, folders: Sequence[Source], counts: Mapping[str, int]) -> bool:
        """Make the draft the current generation. False, and nothing is published, where it equals the previous one."""
        self._derive_faiss()
        manifest = Manifest(
            format=FORMAT,
            generation=self._path.name,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            chunker=chunker,
            model=model,
            fingerprint=self._fingerprint,
            dim=self._dim,
            words=self._words,
            folders=tuple(folders),
            counts=dict(counts),
            files={name: file_entry(self._path / name) for name in files_below(self._path)},
        )
        if self.previous is not None:
            known = self.previous.manifest
            if replace(manifest, generation=known.generation, built=known.built) == known:
                return False
            self._link_unchanged(manifest)
        content = encode_manifest(manifest)
        durable.write_file(self._path / MANIFEST, content)
        durable.sync_folder(self._path)
        durable.sync_folder(self._index)
        verify(self._index, manifest)
        self._switch(Pointer(manifest.generation, sha256(content).hexdigest()))
        return True

    def _derive_faiss(self) -> None:
        from retriever.index.vector_writer import write_faiss  # noqa: PLC0415  numpy, then faiss

        rows = file_entry(self._path / ROWS)
        same = self.previous is not None and self.previous.manifest.files.get(ROWS) == rows
        if not (same and self._link(FAISS)):
            write_faiss(self._path, rows.size // (2 * self._dim), self._dim)

    def _link_unchanged(self, manifest: Manifest) -> None:
        for name, entry in manifest.files.items():
            path = self._path / name
            if self.previous is not None and self.previous.manifest.files.get(name) == entry and path.stat().st_nlink == 1:
                self._link(name)

    def _link(self, name: str) -> bool:
        """Let a file be the previous generation's, if every byte of that one is sound."""
        assert self.previous is not None
        try:
            check_file(self._index, self.previous.manifest, name)
        except IndexDamagedError:
            return False
        durable.remove_file(self._path / name)
        durable.link(self.previous.path / name, self._path / name)
        return True

    def _switch(self, pointer: Pointer) -> None:
        durable.write_file(self._index / _NEXT, pointer.line().encode())
        durable.replace(self._index / _NEXT, self._index / CURRENT)
        durable.sync_folder(self._index)
        keep = {pointer.generation, *(() if self.previous is None else (self.previous.path.name,))}
        # The build is published: what cannot be dropped now is dropped by the next one.
        with contextlib.suppress(NotDurableError):
            self._drop(name for name in _generations(self._index) if name not in keep)

    def close(self) -> None:
        """Free the files, and drop the draft unless it is the current generation."""
        self._records.close()
        if self.previous is not None:
            self.previous.close()
        with contextlib.suppress(RetrieverError):
            if not _is_current(self._index, self._path.name):
                self._drop([self._path.name])


def verify(index: Path, manifest: Manifest) -> None:
    """Open a generation as a reader does. IndexDamagedError unless its parts hold the same windows."""
    with Snapshot(index, manifest) as snapshot:
        windows = snapshot.catalog.counts()["windows"]
        if windows != snapshot.count:
            raise IndexDamagedError(index, f"{manifest.generation}/{RECORDS}", f"holds {windows} of {snapshot.count}")
        snapshot.vectors.check()
        assert snapshot.lexical.count == windows


def _is_current(index: Path, generation: str) -> bool:
    try:
        return read_pointer(index).generation == generation
    except IndexNotFoundError:
        return False


def _generations(index: Path) -> list[str]:
    """Return the names of the generations on the disk, oldest first, published or not."""
    names = [entry.name for entry in os.scandir(index) if _GENERATION.fullmatch(entry.name)]
    return sorted(names, key=_number)


def _number(generation: str) -> int:
    return int(generation.partition("-")[2])


@contextmanager
def _locked(index: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # noqa: PLC0415  readers take no lock

    path = index / LOCK
    # A soft lock would outlive a killed build.
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
    """Return the process that a lock names; None in the moment between taking it and writing it down."""
    try:
        return int(lock.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
