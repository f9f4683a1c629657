"""The next generation, written beside the current one and published in one step.

What a publish does, in order: write every file and sync it, sync the folders, open it all as a reader would, replace
the pointer, sync the index folder, drop what is older than the generation before. Until the pointer is replaced
nobody reads the draft; a build that dies leaves a folder that the next one sweeps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from retriever.errors import IndexDamagedError, NotDurableError, RetrieverError
from retriever.index import durable
from retriever.index.catalog_writer import CatalogWriter, Embedded, TopicLike
from retriever.index.generations import draft_folder, drop, generations, sweep
from retriever.index.lock import locked
from retriever.index.manifest import (
    FAISS,
    FORMAT,
    LEXICAL,
    RECORDS,
    ROWS,
    Manifest,
    Source,
    check_file,
    file_entry,
    files_below,
)
from retriever.index.previous import previous_of
from retriever.index.publishing import publish
from retriever.index.salvage import manifests
from retriever.index.schema import Filed, NoteEntry
from retriever.index.snapshot import Snapshot
from retriever.records import Evidence, Paper, Passage

if TYPE_CHECKING:
    from retriever.index.late_topics import LateTopics
    from retriever.index.vector_writer import EarlierVectors, Encode, Told


Calibrate = Callable[[Snapshot], Mapping[str, float] | None]
_STALE = 0.2  # of the papers


@contextmanager
def drafting(index: Path) -> Iterator[Draft]:
    """Hold the index's lock and give the next generation to fill; what is not published is dropped at the end.

    BuildRunningError where another build holds the lock, NewerFormatError where a newer version wrote the index,
    NotDurableError where the folder cannot be written.
    """
    durable.make_folder(index)
    with locked(index), previous_of(index) as (previous, problem):
        sweep(index, None if previous is None else previous.path.name)
        with draft_folder(index) as folder, closing(CatalogWriter(folder)) as records:
            yield Draft(index, folder, records, previous, problem)


class Draft:
    """Call in order: keep_notes and add_note, mentions, keep_papers, set_papers, filings, set_topics, finish_records,
    embed, late_topics, index_words, publish. `previous` is the current generation; None where there is none, or where
    `previous_problem` says why it cannot be built upon.
    """

    def __init__(
        self,
        index: Path,
        folder: Path,
        records: CatalogWriter,
        previous: Snapshot | None,
        previous_problem: RetrieverError | None,
    ) -> None:
        self.previous = previous
        self.previous_problem = previous_problem
        self._index = index
        self._path = folder
        self._records = records
        self._words = ""
        self._fingerprint = ""
        self._dim = 0

    def keep_notes(self, notes: Sequence[NoteEntry]) -> None:
        """Take over notes of the previous generation, with passages and windows; sizes and times may be new."""
        if self.previous is None:
            raise ValueError("there is no generation to keep notes of")
        self._records.keep_notes(self.previous.path / RECORDS, notes)

    def add_note(self, entry: NoteEntry, passages: Sequence[tuple[Passage, Sequence[Embedded]]]) -> None:
        """Add a note with its passages, in order, each with its windows and the texts to embed for them."""
        self._records.add_note(entry, passages)

    def mentions(self) -> Iterator[Passage]:
        """Yield all passages, their text left empty, by folder, file and place."""
        return self._records.mentions()

    def keep_papers(self, gone: Collection[str], unpaired: Collection[str]) -> None:
        """Take over the papers of the previous generation but those `gone`, with all that is known of them.

        Of `unpaired` the pairs that may be one are left out. `set_papers` then adds to what was taken over.
        """
        if self.previous is None:
            raise ValueError("there is no generation to keep papers of")
        self._records.keep_papers(self.previous.path / RECORDS, gone, unpaired)

    def set_papers(
        self,
        papers: Iterable[Paper],
        of_passage: Mapping[str, str],
        evidence: Iterable[tuple[str, Evidence]],
        handles: Iterable[tuple[str, str, str]],
        *,
        perhaps: Iterable[tuple[str, str, str]] = (),
        signs: Mapping[str, Iterable[str]] = MappingProxyType({}),
    ) -> None:
        """Set papers, the paper of each passage (by ids), and (kind, normalised value, paper id) of each handle.
        `perhaps` says which papers may be the same as another (both ids, and why), `signs` what a paper must share
        with each to be looked at for it.

        The topics of the papers are left aside: `set_topics` says them.
        """
        self._records.set_papers(papers, of_passage, evidence, handles, perhaps=perhaps, signs=signs)

    def filings(self) -> Iterator[Filed]:
        """Yield where each passage stands, by folder, file and place, with the paper that was set."""
        return self._records.filings()

    def set_topics(
        self, nodes: Iterable[TopicLike], of_passage: Mapping[str, str], of_paper: Mapping[str, Sequence[str]]
    ) -> None:
        """Set the topics in reading order, the topic of each passage, and the topics of each paper."""
        self._records.set_topics(nodes, of_passage, of_paper)

    def finish_records(self) -> int:
        """Write the records; windows get their rows, by folder, file, passage and place in it. Return their number."""
        return self._records.finish()

    def embed(self, encode: Encode, fingerprint: str, dim: int, told: Told | None = None) -> int:
        """Write the vectors, those of known texts from earlier generations; return the number of texts encoded.

        `encode` takes up to some hundred texts of like length and returns (n, dim) unit rows; `told` is called
        after each with how many texts are done, and of how many.
        """
        from retriever.index.vector_writer import write_vectors  # noqa: PLC0415  numpy

        self._fingerprint, self._dim = fingerprint, dim
        return write_vectors(self._path, encode, dim, self._earlier(), told)

    def late_topics(self) -> LateTopics:
        """Return what papers are like, now that they have vectors, and a way to add the topics that follow from it."""
        from retriever.index.late_topics import LateTopics  # noqa: PLC0415  numpy

        return LateTopics(self._path, self._dim)

    def _earlier(self) -> EarlierVectors | None:
        """Return the newest intact vectors of the same model, also those of a generation that is otherwise damaged."""
        from retriever.index.vector_writer import EarlierVectors  # noqa: PLC0415  numpy

        for manifest in manifests(self._index):
            if (manifest.fingerprint, manifest.dim) == (self._fingerprint, self._dim):
                with suppress(OSError, IndexDamagedError):
                    return EarlierVectors(self._index, manifest)
        return None

    def index_words(self) -> None:
        """Write the lexical index, or take over the previous one where it was made of the same words."""
        from retriever.index.lexical_writer import words_digest, write_words  # noqa: PLC0415  numpy

        self._words = words_digest(self._path)
        if self.previous is not None and self.previous.manifest.words == self._words:
            names = [name for name in self.previous.manifest.files if name.startswith(f"{LEXICAL}/")]
            durable.make_folder(self._path / LEXICAL)
            if all(self._link(name) for name in names):
                durable.sync_folder(self._path / LEXICAL)
                return
            durable.remove_folder(self._path / LEXICAL)
        write_words(self._path)

    def publish(
        self,
        *,
        chunker: int,
        model: str,
        folders: Sequence[Source],
        counts: Mapping[str, int],
        calibrate: Calibrate | None = None,
    ) -> bool:
        """Make the draft the current generation. False, and nothing is published, where it equals the previous one.

        `calibrate` measures what scores mean, on the draft as a reader will see it; what the previous generation
        measured is kept until the model is another one or a fifth of the papers is new.
        """
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
        if calibrate is not None:
            manifest = replace(manifest, calibration=self._calibrated(manifest, calibrate))
        if self.previous is not None:
            known = self.previous.manifest
            if replace(manifest, generation=known.generation, built=known.built) == known:
                return False
            self._link_unchanged(manifest)
        publish(self._index, manifest)
        keep = {manifest.generation, *(() if self.previous is None else (self.previous.path.name,))}
        # The build is published: what cannot be dropped now is dropped by the next one.
        with suppress(NotDurableError):
            drop(self._index, [name for name in generations(self._index) if name not in keep])
        return True

    def _calibrated(self, manifest: Manifest, calibrate: Calibrate) -> Mapping[str, float] | None:
        papers = manifest.counts.get("papers", 0)
        # Where there is nothing to go on from, a generation that is damaged may still tell.
        known = next(manifests(self._index), None) if self.previous is None else self.previous.manifest
        if known is not None and known.fingerprint == manifest.fingerprint:
            kept = known.calibration
            if kept is not None and abs(papers - kept["papers"]) <= _STALE * kept["papers"]:
                return kept
        with Snapshot(self._index, manifest) as made:
            measured = calibrate(made)
        return None if measured is None else {**measured, "papers": papers}

    def _derive_faiss(self) -> None:
        from retriever.index.vector_writer import write_faiss  # noqa: PLC0415  numpy, then faiss

        rows = file_entry(self._path / ROWS)
        same = self.previous is not None and self.previous.manifest.files.get(ROWS) == rows
        if not (same and self._link(FAISS)):
            write_faiss(self._path, rows.size // (2 * self._dim), self._dim)

    def _link_unchanged(self, manifest: Manifest) -> None:
        for name, entry in manifest.files.items():
            path = self._path / name
            if (
                self.previous is not None
                and self.previous.manifest.files.get(name) == entry
                and path.stat().st_nlink == 1
            ):
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
