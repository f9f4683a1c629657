"""An index, open for questions."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from retriever.errors import IndexOutdatedError
from retriever.index import Snapshot
from retriever.index.catalog_names import Named, names_beginning
from retriever.index.manifest import read_pointer
from retriever.library.following import FollowedIndex
from retriever.query import browsing
from retriever.query.filters import check_topics, from_keywords
from retriever.query.handles import find_paper, find_place
from retriever.records import (
    Dossier,
    Examination,
    Export,
    ExportFormat,
    Filters,
    Mode,
    Paper,
    Place,
    Query,
    Results,
    Sort,
    Status,
    Topic,
)
from retriever.records.browsing import By, Gaps, Sharing, TopicPage

if TYPE_CHECKING:
    from retriever.embedder import Encoder
    from retriever.embedder.reranker import Reranker
    from retriever.index.arrays import Float32Vector


class Retriever:
    """An index, open for questions.

    It follows the index: each call answers from the generation that is current when it begins, and from that one
    only. Safe to use from several threads. Every call may raise IndexNotFoundError, IndexDamagedError or
    NewerFormatError. A handle is an id or its beginning, key, arXiv, OpenReview, ACL or DOI id, link, title, name, or
    `file:line`; PaperNotFoundError if no paper answers to it, or several.
    """

    def __init__(self, index: Path, *, model: str | None = None, download: bool = False) -> None:
        self._index = index
        self._model = model
        self._download = download
        self._loading = threading.Lock()  # apart, so that nobody waits for a model who needs none
        self._followed = FollowedIndex(index)
        self._encoder: tuple[str, Encoder] | None = None
        self._reranker: tuple[str, Reranker] | None = None

    @classmethod
    def open(cls, index: str | os.PathLike[str], *, model: str | None = None, download: bool = False) -> Self:
        """Open the index in a folder. `model`, if given, must be the one that the index was made with."""
        retriever = cls(Path(index), model=model, download=download)
        with retriever._reading():
            return retriever

    def search(
        self,
        query: str | Query = "",
        *,
        limit: int = 10,
        mode: Mode = "hybrid",
        sort: Sort = "relevance",
        rerank: str | None = None,
        **filters: Unpack[Filters],
    ) -> Results:
        """Return the papers that answer a question, best first, at most `limit` (1 to 1,000).

        A handle, title, name, key or author as the whole question puts its papers first. Filters are given in the
        text ("attention venue:ICLR") or as keywords (venue="ICLR", year="2023..", tag=["a", "b"]), and act before
        the cut. Sorted by date, the `limit` best stand newest first. `rerank` names a cross-encoder, by folder or as
        on the hub, that reads the best papers again and orders them. Raises UsageError for a blank question, one
        over 6,000 characters, or a keyword's value that cannot be, TypeError for a keyword that is no filter,
        IndexOutdatedError and ModelMissingError unless the mode is lexical, the latter for `rerank` too.
        """
        from retriever.query.parse import parse  # noqa: PLC0415  a stemmer, which listing papers never needs
        from retriever.query.search import search  # noqa: PLC0415  numpy, the same

        more = from_keywords(filters)
        asked = parse(query, more) if isinstance(query, str) else replace(query, filters=(*query.filters, *more))

        def answer(snapshot: Snapshot) -> Results:
            check_topics(snapshot.catalog, more)
            return search(
                snapshot,
                asked,
                limit=limit,
                mode=mode,
                sort=sort,
                encode=lambda text: self._encode(snapshot, text),
                judge=None if rerank is None else self._loaded_reranker(rerank).scores,
            )

        return self._followed.answered(answer)

    def similar(
        self,
        *papers: str,
        limit: int = 10,
        without: Sequence[str] = (),
        among: Collection[str] | None = None,
        text: str | None = None,
    ) -> Results:
        """Return the papers most like those that the handles name, without these, each with reasons.

        A `file:line` in a section about no paper stands for the section's text. `without` names papers to keep away
        from. `among`, handles too, ranks just those papers. `text`, an abstract say, counts as one paper more; only
        for it a model is loaded, since the index holds all other vectors.
        """
        from retriever.query.similar import similar  # noqa: PLC0415  numpy, which listing papers never needs

        def answer(snapshot: Snapshot) -> Results:
            self._check_model(snapshot)
            return similar(
                snapshot,
                papers,
                limit=limit,
                without=without,
                among=among,
                text=text,
                encode=lambda text: self._encode(snapshot, text),
            )

        return self._followed.answered(answer)

    def topics(self) -> tuple[Topic, ...]:
        """Return the topic tree of the notes, with the number of papers at or below each topic."""
        with self._reading() as snapshot:
            return browsing.tree(snapshot.catalog)

    def topic(self, name: str) -> TopicPage:
        """Return the topics that a label, path or id means, with their papers; TopicNotFoundError if it means none."""
        with self._reading() as snapshot:
            return browsing.topic_page(snapshot.catalog, name)

    def sharing(self, by: By, topic: str | None = None) -> tuple[Sharing, ...]:
        """Return the papers, or those of a topic, by venue, year, tag or note."""
        with self._reading() as snapshot:
            return browsing.sharing(snapshot.catalog, by, topic)

    def gaps(self) -> Gaps:
        """Return what the notes lack: thin topics, papers linked but never described, stubs, papers without a title."""
        with self._reading() as snapshot:
            return browsing.gaps(snapshot.catalog)

    def paper(self, handle: str) -> Paper:
        """Return the paper that a handle names."""
        with self._reading() as snapshot:
            return _paper(snapshot, handle)

    def dossier(self, handle: str) -> Dossier:
        """Return everything the notes say about the paper that a handle names."""
        with self._reading() as snapshot:
            return browsing.dossier(snapshot.catalog, find_paper(snapshot.catalog, handle))

    def place(self, handle: str) -> Place:
        """Return where the notes first speak of the paper that a handle names: the file's absolute path, and the line.

        The id of a passage is a handle too here, and `file:line` is that very line.
        """
        with self._reading() as snapshot:
            return find_place(snapshot.catalog, handle)

    def papers(self, **filters: Unpack[Filters]) -> tuple[Paper, ...]:
        """Return all papers, or those that filters let through, by label. Filters as keywords; see `search`."""
        with self._reading() as snapshot:
            return browsing.papers(snapshot.catalog, from_keywords(filters))

    def generation(self) -> str:
        """Return the name of the current generation: while it stays the same, so does every answer."""
        return read_pointer(self._index).generation

    def export(
        self,
        papers: Results | Iterable[str] | None = None,
        *,
        format: ExportFormat = "bibtex",  # noqa: A002  the word that everybody has for it
    ) -> Export:
        """Return papers as the text of a file that other programs read: BibTeX, CSL-JSON, RIS, Markdown, CSV, JSONL.

        `papers` are those of an answer, or those that handles name, each once and in that order; None means all, by
        label. A citation key is the notes' own, and the same whatever is exported beside it. What is not known is
        left out and counted. UsageError for another format.
        """
        from retriever.library.exporting import exported  # noqa: PLC0415  no question needs it

        with self._reading() as snapshot:
            return exported(snapshot.catalog, papers, format)

    def names(self, beginning: str, *, of: Named = "paper", limit: int = 50) -> tuple[tuple[str, str], ...]:
        """Return names that begin so, each with what is said beside it, for a box or a shell that completes words.

        They are those of papers (keys and short names), topics, venues, authors, tags, statuses or notes.
        """
        with self._reading() as snapshot:
            return tuple(names_beginning(snapshot.catalog, beginning, of, limit))

    def status(self) -> Status:
        """Return what stands in the index, and how many notes were added, changed or removed since its build."""
        from retriever import indexing  # noqa: PLC0415  readers of notes, which questions never need

        with self._reading() as snapshot:
            return indexing.status(self._index, snapshot)

    def doctor(self) -> Examination:
        """Return what is found in the notes that the index covers, as they are now; see `doctor`."""
        from retriever import indexing  # noqa: PLC0415  readers of notes, which questions never need

        with self._reading() as snapshot:
            return indexing.examine(None, snapshot.manifest.folders)

    def close(self) -> None:
        """Free the files; a later call opens them again."""
        self._followed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _reading(self) -> AbstractContextManager[Snapshot]:
        return self._followed.reading()

    def _encode(self, snapshot: Snapshot, text: str) -> Float32Vector:
        """Return the vector of a question, shape (dim,)."""
        vector: Float32Vector = self._matching_encoder(snapshot).encode_query([text])[0]
        return vector

    def _matching_encoder(self, snapshot: Snapshot) -> Encoder:
        """Return the encoder that made the index; IndexOutdatedError if the asked model is another one."""
        from retriever.embedder import load_encoder  # noqa: PLC0415  loads a tokenizer, which words alone never need

        model = self._model or snapshot.manifest.model
        with self._loading:
            if self._encoder is None or self._encoder[0] != model:
                self._encoder = model, load_encoder(model, download=self._download)
            encoder = self._encoder[1]
        if encoder.fingerprint != snapshot.manifest.fingerprint:
            raise _outdated(self._index, model)
        return encoder

    def _loaded_reranker(self, model: str) -> Reranker:
        from retriever.embedder import load_reranker  # noqa: PLC0415  only where it is asked for

        with self._loading:
            if self._reranker is None or self._reranker[0] != model:
                self._reranker = model, load_reranker(model, download=self._download)
            return self._reranker[1]

    def _check_model(self, snapshot: Snapshot) -> None:
        """Raise IndexOutdatedError if a model was asked for that did not make the index."""
        if self._model is None or self._model == snapshot.manifest.model:
            return
        from retriever.embedder import fingerprint_of  # noqa: PLC0415  reads the model's files

        if fingerprint_of(self._model) != snapshot.manifest.fingerprint:
            raise _outdated(self._index, self._model)


def _outdated(index: Path, model: str) -> IndexOutdatedError:
    return IndexOutdatedError(index, "model", f"Make it anew with: retriever build --model {model} --index {index}")


def _paper(snapshot: Snapshot, handle: str) -> Paper:
    found = find_paper(snapshot.catalog, handle)
    return snapshot.catalog.papers([found])[found]
