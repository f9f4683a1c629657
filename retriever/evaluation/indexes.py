"""The index of a test, and the vectors of its questions: kept under the model's fingerprint, so that a model embeds
the same text once.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retriever import chunker
from retriever.embedder import Encoder
from retriever.evaluation.judged import JudgedSet
from retriever.index import NoteEntry, Source, drafting, durable
from retriever.indexing import with_embedded
from retriever.records import Paper

if TYPE_CHECKING:
    from retriever.index.arrays import Float32Vector

Progress = Callable[[str, int, int], None]  # stage, done, total

INDEX, VECTORS = "index", "questions.npz"
_NAME = "judged"  # of the one note, and of its folder


def make_index(judged: JudgedSet, encoder: Encoder, index: Path, progress: Progress | None = None) -> int:
    """Bring the index of a test up to date; return the number of texts that were embedded for it.

    Everything a build does after it has told papers apart: here the test says which passage is about which paper.
    """
    with drafting(index) as draft:
        entry = NoteEntry(_NAME, f"/{_NAME}", _NAME, 0, 0, judged.key, None)
        draft.add_note(entry, [(chunk.passage, with_embedded(chunk)) for chunk in judged.chunks])
        titles = {chunk.passage.id: chunk.passage.title for chunk in judged.chunks}
        named = {paper: titles[passage] or paper for passage, paper in judged.of_passage.items()}
        draft.set_papers([Paper(id=paper, label=label) for paper, label in named.items()], judged.of_passage, [], [])
        draft.set_topics([], {}, {})
        windows = draft.finish_records()
        told = partial(progress, "embedding") if progress else None
        embedded = draft.embed(encoder.encode_document, encoder.fingerprint, encoder.dim, told)
        draft.index_words()
        sections = len(judged.chunks) - len(judged.of_passage)
        counts = {"notes": 1, "papers": len(named), "sections": sections, "topics": 0, "windows": windows}
        folders = [Source(_NAME, f"/{_NAME}")]
        draft.publish(chunker=chunker.VERSION, model=encoder.model, folders=folders, counts=counts)
    return embedded


def question_vectors(
    encoder: Encoder, texts: Sequence[str], file: Path, progress: Progress | None = None
) -> tuple[Mapping[str, Float32Vector], int]:
    """Return the vector of each question, shape (dim,), and how many were encoded; the others are those of `file`.

    One at a time, as a search encodes them: some models give a text another vector in other company.
    """
    known = _read(file, encoder.dim)
    new = [text for text in dict.fromkeys(texts) if _hash(text) not in known]
    for done, text in enumerate(new, 1):
        known[_hash(text)] = np.asarray(encoder.encode_query([text])[0], dtype=np.float32)
        if progress:
            progress("encoding questions", done, len(new))
    if new:
        _write(file, known)
    return {text: known[_hash(text)] for text in texts}, len(new)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest().encode()


def _read(file: Path, dim: int) -> dict[bytes, Float32Vector]:
    """Return the vectors of a file by the hashes of their texts; none where it is missing or damaged."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
            hashes, vectors = kept["hashes"], kept["vectors"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    if vectors.shape != (len(hashes), dim):
        return {}
    return dict(zip(hashes.tolist(), vectors, strict=True))


def _write(file: Path, vectors: Mapping[bytes, Float32Vector]) -> None:
    content = io.BytesIO()
    np.savez(content, hashes=np.array(list(vectors)), vectors=np.array(list(vectors.values())))
    fresh = file.with_suffix(".new")
    durable.write_file(fresh, content.getvalue())
    durable.replace(fresh, file)
