"""Test sets in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, and `qrels.tsv` or `qrels/test.tsv`.

A document is a paper with one passage: its title is the passage's, its text is cut into windows as any note's. The
document's id is the paper's id, so that two documents with the same title or text stay two, as the judgements take
them. Documents get no handles: a question that is a title is answered by the search, not looked up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from retriever.chunker import Chunk
from retriever.chunker.names import name_in
from retriever.chunker.windows import Stretch, windows
from retriever.errors import BrokenSetError
from retriever.evaluation.judged import JudgedSet, Question
from retriever.query.search import MAX_QUERY
from retriever.records import Passage, Window

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")  # the first that is there


def read_beir(folder: Path) -> JudgedSet:
    """Read a test set. BrokenSetError names the file and line that cannot be understood, and what to do about it."""
    corpus, queries = (_required(folder, name) for name in (CORPUS, QUERIES))
    qrels = next((folder / name for name in QRELS if (folder / name).is_file()), None)
    if qrels is None:
        raise BrokenSetError(folder, f"it has neither {QRELS[0]} nor {QRELS[1]}", "A set needs judgements to measure.")
    chunks, of_passage, documents, empty = _documents(corpus)
    grades, judged = _grades(qrels)
    warnings = [f"documents with neither title nor text, which nothing finds: {empty:,}"] if empty else []
    questions = tuple(_questions(queries, grades, judged, documents, warnings))
    if not questions:
        raise BrokenSetError(folder, "no question in it has an answer", f"Compare the ids in {QUERIES} and {qrels}.")
    return JudgedSet(
        name=folder.resolve().name,
        key=f"documents-{_digest(corpus)}",
        chunks=tuple(chunks),
        of_passage=of_passage,
        questions=questions,
        documents=len(documents),
        measures="Questions of a test set, each with the documents that were judged to answer it.",
        warnings=tuple(warnings),
    )


def _required(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise BrokenSetError(folder, f"it has no {name}", f"A set is a folder with {CORPUS}, {QUERIES} and {QRELS[0]}.")
    return folder / name


def _digest(corpus: Path) -> str:
    """Sets that ask other questions of the same documents share the index of these."""
    with corpus.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _documents(corpus: Path) -> tuple[list[Chunk], dict[str, str], set[str], int]:
    """Return passages with windows, the document of each passage, all ids, and how many documents are empty."""
    chunks: list[Chunk] = []
    of_passage: dict[str, str] = {}
    ids: set[str] = set()
    for line, fields in _objects(corpus):
        document, title, text = (_text(corpus, line, fields, name) for name in ("_id", "title", "text"))
        if not document or document in ids:
            raise _broken(corpus, line, f"the _id {document!r} is empty or stands there twice")
        ids.add(document)
        chunk = _chunk(line, title.strip() or None, text)
        if chunk.windows:
            chunks.append(chunk)
            of_passage[chunk.passage.id] = document
    return chunks, of_passage, ids, len(ids) - len(chunks)


def _chunk(line: int, title: str | None, text: str) -> Chunk:
    """Return a document as the chunker would give a note with a title; one of a title alone is found by that."""
    passage = Passage(
        id=f"{line:09d}",
        kind="paper",
        file=CORPUS,
        first_line=line,
        last_line=line,
        title=title,
        name=name_in(title),
    )
    alone = (Window(0, line, line, title),) if title else ()
    # One line of the file is one line, whatever line feeds the text has.
    return Chunk(passage, windows([Stretch(" ".join(text.split()), line)]) or alone)


def _grades(qrels: Path) -> tuple[dict[str, dict[str, int]], set[str]]:
    """Return the grades above 0 by question and document, and the questions that are judged at all."""
    grades: dict[str, dict[str, int]] = {}
    judged: set[str] = set()
    for line, text in _lines(qrels):
        parts = text.split("\t")
        score = _grade(parts[2]) if len(parts) == 3 else None
        if score is None:
            if line == 1 and len(parts) == 3:
                continue  # the header
            raise _broken(qrels, line, "it is not question, document and a whole number, parted by tabs")
        judged.add(parts[0])
        if score > 0:
            grades.setdefault(parts[0], {})[parts[1]] = score
    return grades, judged


def _grade(text: str) -> int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None


def _questions(
    queries: Path, grades: dict[str, dict[str, int]], judged: set[str], documents: set[str], warnings: list[str]
) -> Iterator[Question]:
    known: set[str] = set()
    blank = cut = 0
    for line, fields in _objects(queries):
        name, text = (_text(queries, line, fields, field) for field in ("_id", "text"))
        if name in known:
            raise _broken(queries, line, f"the _id {name!r} stands there twice")
        known.add(name)
        if name not in grades:
            continue
        blank += not text.strip()
        cut += len(text) > MAX_QUERY
        if text.strip():
            yield Question(text[:MAX_QUERY], grades[name])
    unknown = sum(document not in documents for given in grades.values() for document in given)
    for count, told in (
        (blank, "blank questions, left out"),
        (cut, f"questions longer than {MAX_QUERY:,} characters, cut there"),
        (len(judged - known), f"judged questions that {QUERIES} does not hold, left out"),
        (len((judged & known) - grades.keys()), "questions that no judged document answers, left out"),
        (unknown, f"judgements of documents that {CORPUS} does not hold, taken as not found"),
    ):
        if count:
            warnings.append(f"{told}: {count:,}")


def _objects(file: Path) -> Iterator[tuple[int, dict[str, object]]]:
    for line, text in _lines(file):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _broken(file, line, f"it is no JSON ({error})") from error
        if not isinstance(value, dict):
            raise _broken(file, line, "it is no JSON object")
        yield line, value


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, numbered from 1, without their ends."""
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, text in enumerate(lines, 1):
                if text.strip():
                    yield number, text.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenSetError(file, f"it cannot be read ({error})", "Put a readable UTF-8 file there.") from error


def _text(file: Path, line: int, fields: dict[str, object], name: str) -> str:
    value = fields.get(name, None if name == "_id" else "")
    if name == "_id" and isinstance(value, int):
        return str(value)
    if value is None and name != "_id":
        return ""
    if not isinstance(value, str):
        raise _broken(file, line, f"its {name} is no text")
    return value.encode("utf-8", "replace").decode()  # half a surrogate pair is no text to the index


def _broken(file: Path, line: int, problem: str) -> BrokenSetError:
    return BrokenSetError(file, f"line {line:,}: {problem}", "Mend that line, or fetch the set again.")
