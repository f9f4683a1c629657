"""The read side of records.sqlite: notes, passages, windows, papers, handles and topics."""

from __future__ import annotations

import errno
import json
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from retriever.errors import IndexDamagedError
from retriever.index.packing import with_texts
from retriever.index.schema import BARE, PASSAGE, PASSAGE_COLUMNS, NoteEntry, TopicRow, WindowRow, dump, load, sign_hash
from retriever.records import Evidence, Paper, Passage, PerhapsSame, TopicRef

T = TypeVar("T")
Row = tuple[Any, ...]

_PAPER_COLUMNS = tuple(field.name for field in fields(Paper) if field.name != "topics")
_PAPER = ", ".join(_PAPER_COLUMNS).replace("abstract", "unpacked(abstract, NULL)")
_WINDOWS = "FROM passage p JOIN window w ON w.passage = p.number"
_PAPER_TOPICS = "SELECT f.paper, f.topic, t.path, f.confidence FROM paper_topic f JOIN topic t ON t.id = f.topic"
_IN = "IN (SELECT value FROM json_each(?))"
_LAST = "\U0010ffff"  # no text sorts after it


def passage_of(row: Row) -> Passage:
    """Return the passage in a row of PASSAGE_COLUMNS."""
    values = dict(zip(PASSAGE_COLUMNS, row, strict=True))
    for column in ("heading_path", "authors", "markers", "tags", "cites"):
        values[column] = load(values[column])
    return Passage(**values)


class Catalog:
    """Threads may share one. Lists of ids may hold unknown ones: they are left out of the answer."""

    def __init__(self, index: Path, file: Path) -> None:
        """Open the file for reading. FileNotFoundError where it is gone, IndexDamagedError for no database."""
        self._index = index
        self._name = f"{file.parent.name}/{file.name}"
        self._lock = threading.Lock()
        if not file.exists():
            raise FileNotFoundError(file)
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            self._connection = with_texts(sqlite3.connect(uri, uri=True, check_same_thread=False))
        except sqlite3.OperationalError as error:  # dropped, with its generation, since we looked
            raise FileNotFoundError(errno.ENOENT, str(error), str(file)) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def read(self, make: Callable[[Row], T], sql: str, *values: object) -> list[T]:
        """Return what each row of a query makes. IndexDamagedError where the file or a row is not sound."""
        try:
            with self._lock:
                return [make(row) for row in self._connection.execute(sql, values)]
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise IndexDamagedError(self._index, self._name, str(error)) from error

    def grouped(self, sql: str, *values: object) -> dict[str, list[Any]]:
        """Return the second column of a query's rows, in order, by the first."""
        groups: dict[str, list[Any]] = defaultdict(list)
        for key, value in self.read(tuple, sql, *values):
            groups[key].append(value)
        return dict(groups)

    def counts(self) -> dict[str, int]:
        """Return the number of notes, passages, windows, papers and topics."""
        tables = ("note", "passage", "window", "paper", "topic")
        sql = " UNION ALL ".join(f"SELECT '{table}s', count(*) FROM {table}" for table in tables)
        return dict(self.read(lambda row: (row[0], row[1]), sql))

    def notes(self) -> list[NoteEntry]:
        """Return the notes by folder and file."""
        sql = "SELECT folder, root, file, size, mtime_ns, sha256, title, warnings FROM note ORDER BY number"
        return self.read(lambda row: NoteEntry(*(*row[:7], load(row[7]))), sql)

    def warnings(self) -> list[str]:
        """Return what was wrong with the notes, note by note."""
        return [warning for note in self.notes() for warning in note.warnings]

    def windows(self, rows: Sequence[int]) -> list[WindowRow]:
        """Return the windows of rows, in the order asked."""
        sql = (
            "SELECT w.row, p.id, p.paper, w.ordinal, w.first_line, w.last_line, w.text, w.imported "
            "FROM json_each(?) asked JOIN window w ON w.row = asked.value JOIN passage p ON p.number = w.passage "
            "ORDER BY asked.key"
        )
        return self.read(
            lambda row: WindowRow(*(*row[:7], bool(row[7]))), sql, f"[{','.join(str(int(row)) for row in rows)}]"
        )

    def rows_of_papers(self, papers: Collection[str]) -> dict[str, list[int]]:
        """Return the rows of each paper's windows, ascending."""
        sql = f"SELECT p.paper, w.row {_WINDOWS} WHERE p.paper {_IN} ORDER BY w.row"
        return self.grouped(sql, _asked(papers))

    def rows_of_passages(self, passages: Collection[str]) -> dict[str, list[int]]:
        """Return the rows of each passage's windows, ascending."""
        sql = f"SELECT p.id, w.row {_WINDOWS} WHERE p.id {_IN} ORDER BY w.row"
        return self.grouped(sql, _asked(passages))

    def passages(self, ids: Collection[str]) -> dict[str, Passage]:
        sql = f"SELECT {PASSAGE} FROM passage p WHERE p.id {_IN} ORDER BY p.number"
        return {passage.id: passage for passage in self.read(passage_of, sql, _asked(ids))}

    def passages_of(self, paper: str) -> list[Passage]:
        """Return a paper's passages by file and first line."""
        sql = f"SELECT {PASSAGE} FROM passage p WHERE p.paper = ? ORDER BY p.file, p.first_line, p.number"
        return self.read(passage_of, sql, _sound(paper))

    def citing(self, handles: Collection[str], paper: str) -> list[Passage]:
        """Return the passages that name one of some handles ("kind:value") and are not about `paper`, by place."""
        sql = (
            f"SELECT {PASSAGE} FROM passage p WHERE p.paper IS NOT ? AND p.number IN "
            f"(SELECT c.passage FROM cite c WHERE c.value {_IN}) ORDER BY p.file, p.first_line, p.number"
        )
        return self.read(passage_of, sql, _sound(paper), _asked(handles))

    def passages_in(self, file: str) -> list[Passage]:
        """Return the passages of a note by first line; those of every notes folder that has such a file."""
        sql = f"SELECT {PASSAGE} FROM passage p WHERE p.file = ? ORDER BY p.first_line, p.number"
        return self.read(passage_of, sql, _sound(file))

    def passages_of_notes(self, notes: Collection[tuple[str, str]]) -> list[Passage]:
        """Return the passages of notes, each named by folder and file, by their order in the index."""
        sql = (
            f"SELECT {PASSAGE} FROM json_each(?) asked "
            "CROSS JOIN note n ON n.folder = json_extract(asked.value, '$[0]') "
            "AND n.file = json_extract(asked.value, '$[1]') JOIN passage p ON p.note = n.number ORDER BY p.number"
        )
        return self.read(passage_of, sql, _sound(json.dumps(sorted(set(notes)), ensure_ascii=False)))

    def papers(self, ids: Collection[str]) -> dict[str, Paper]:
        """Return papers by id, with the topics that they are filed under."""
        asked = _asked(ids)
        return self._with_topics(
            self.read(tuple, f"SELECT {_PAPER} FROM paper WHERE id {_IN}", asked),
            self.read(tuple, f"{_PAPER_TOPICS} WHERE f.paper {_IN} ORDER BY f.paper, f.ordinal", asked),
        )

    def all_papers(self) -> list[Paper]:
        """Return all papers by label (case left aside), then id."""
        papers = self._with_topics(
            self.read(tuple, f"SELECT {_PAPER} FROM paper"),
            self.read(tuple, f"{_PAPER_TOPICS} ORDER BY f.paper, f.ordinal"),
        )
        return sorted(papers.values(), key=lambda paper: (paper.label.casefold(), paper.id))

    def sampled_papers(self, limit: int) -> list[tuple[str, str | None]]:
        """Return (id, title or name) of up to `limit` papers by id: a sample, since ids are hashes."""
        sql = "SELECT id, coalesce(title, name) FROM paper ORDER BY id LIMIT ?"
        return self.read(lambda row: (row[0], row[1]), sql, limit)

    def paper_ids(self) -> set[str]:
        return set(self.read(lambda row: str(row[0]), "SELECT id FROM paper"))

    def _with_topics(self, papers: list[Row], filed: list[Row]) -> dict[str, Paper]:
        topics: dict[str, list[TopicRef]] = defaultdict(list)
        try:
            for paper, topic, path, confidence in filed:
                topics[paper].append(TopicRef(topic, load(path), confidence))
            return {row[0]: _paper_of(row, tuple(topics[row[0]])) for row in papers}
        except (ValueError, TypeError) as error:
            raise IndexDamagedError(self._index, self._name, str(error)) from error

    def evidence(self, paper: str) -> list[Evidence]:
        """Return what ties a paper's passages together, strongest first."""
        sql = "SELECT kind, value, first, second FROM evidence WHERE paper = ? ORDER BY ordinal"
        return self.read(lambda row: Evidence(row[0], row[1], (row[2], row[3])), sql, _sound(paper))

    def perhaps(self, paper: str) -> list[PerhapsSame]:
        """Return the papers that may be the same as this one, by id."""
        sql = (
            "SELECT u.other, p.label, u.reason FROM perhaps u JOIN paper p ON p.id = u.other "
            "WHERE u.paper = ? ORDER BY u.other"
        )
        return self.read(lambda row: PerhapsSame(*row), sql, _sound(paper))

    def handles(self, kind: str, value: str) -> list[str]:
        """Return the ids of the papers that a normalised handle names, ascending."""
        sql = "SELECT paper FROM handle WHERE kind = ? AND value = ? ORDER BY paper"
        return self.read(lambda row: str(row[0]), sql, _sound(kind), _sound(value))

    def handles_among(self, kind: str, values: Collection[str]) -> list[tuple[str, str]]:
        """Return (value, paper) of those normalised handles that some paper has, in order."""
        sql = (
            "SELECT h.value, h.paper FROM json_each(?) asked "
            "CROSS JOIN handle h ON h.kind = ? AND h.value = asked.value ORDER BY h.value, h.paper"
        )
        return self.read(lambda row: (row[0], row[1]), sql, _asked(values), _sound(kind))

    def titles_from(self, prefix: str) -> list[tuple[str, str]]:
        """Return (paper, title) of the papers with a normalised title that begins so, in the order of those."""
        prefix = _sound(prefix)
        sql = (
            "SELECT p.id, p.title FROM handle h JOIN paper p ON p.id = h.paper "
            "WHERE h.kind = 'title' AND h.value >= ? AND h.value < ? AND p.title NOT NULL ORDER BY h.value, p.id"
        )
        return self.read(lambda row: (row[0], row[1]), sql, prefix, prefix + _LAST)

    def place(self, passage: str) -> tuple[str, str, int] | None:
        """Return the notes folder, the file below it and the first line of a passage; None for an unknown one."""
        sql = "SELECT n.root, p.file, p.first_line FROM passage p JOIN note n ON n.number = p.note WHERE p.id = ?"
        return next(iter(self.read(lambda row: (row[0], row[1], row[2]), sql, _sound(passage))), None)

    def handle_prefixes(self, prefix: str, limit: int) -> list[str]:
        """Return the ids of up to `limit` papers that have, or had, an id with this prefix, ascending.

        Ids that a paper had before a better identifier turned up are handles of the kind "id".
        """
        prefix = _sound(prefix)
        sql = (
            "SELECT id FROM paper WHERE id >= ? AND id < ? "
            "UNION SELECT paper FROM handle WHERE kind = 'id' AND value >= ? AND value < ? ORDER BY 1 LIMIT ?"
        )
        last = prefix + _LAST
        return self.read(lambda row: str(row[0]), sql, prefix, last, prefix, last, limit)

    def topics(self) -> list[TopicRow]:
        """Return the topics in reading order."""
        sql = "SELECT id, path, parent, clustered FROM topic ORDER BY ordinal"
        return self.read(lambda row: TopicRow(row[0], load(row[1]), row[2], bool(row[3])), sql)

    def topic_papers(self) -> dict[str, list[str]]:
        """Return the ids of the papers filed directly under each topic, ascending; topics without any are left out."""
        return self.grouped("SELECT topic, paper FROM paper_topic GROUP BY topic, paper ORDER BY topic, paper")

    def joined_papers(self) -> set[str]:
        """Return the papers that came to a cluster after it was made."""
        return set(self.read(lambda row: str(row[0]), "SELECT paper FROM paper_topic WHERE joined"))

    def papers_named(self, handles: Collection[tuple[str, str]]) -> set[str]:
        """Return the papers that have one of these handles: (kind, normalised value)."""
        sql = (
            "SELECT DISTINCT h.paper FROM json_each(?) asked CROSS JOIN handle h "
            "ON h.kind = json_extract(asked.value, '$[0]') AND h.value = json_extract(asked.value, '$[1]')"
        )
        asked = _sound(json.dumps(sorted(set(handles)), ensure_ascii=False))
        return set(self.read(lambda row: str(row[0]), sql, asked))

    def papers_showing(self, signs: Collection[str]) -> dict[str, set[str]]:
        """Return the papers that have each sign; signs that none has are left out."""
        hashes = {sign_hash(sign): sign for sign in signs}
        sql = f"SELECT sign, paper FROM sign WHERE sign {_IN}"
        found = self.grouped(sql, json.dumps(sorted(hashes)))
        return {hashes[int(number)]: set(papers) for number, papers in found.items()}

    def mentions_of(self, papers: Collection[str]) -> dict[str, list[Passage]]:
        """Return each paper's passages by their order in the index, the text left empty."""
        sql = f"SELECT p.paper, {BARE} FROM passage p WHERE p.paper {_IN} ORDER BY p.number"
        found: dict[str, list[Passage]] = defaultdict(list)
        for paper, passage in self.read(lambda row: (row[0], passage_of(row[1:])), sql, _asked(papers)):
            found[paper].append(passage)
        return dict(found)

    def paper_of_passages(self, ids: Collection[str]) -> dict[str, str]:
        """Return the paper that each passage is about; passages about none are left out."""
        sql = f"SELECT id, paper FROM passage WHERE paper IS NOT NULL AND id {_IN} ORDER BY number"
        return dict(self.read(lambda row: (row[0], row[1]), sql, _asked(ids)))

    def topic_of_passages(self, ids: Collection[str]) -> dict[str, str]:
        """Return the topic that each passage stands under; passages under none are left out."""
        sql = f"SELECT id, topic FROM passage WHERE topic IS NOT NULL AND id {_IN} ORDER BY number"
        return dict(self.read(lambda row: (row[0], row[1]), sql, _asked(ids)))


def _paper_of(row: Row, topics: tuple[TopicRef, ...]) -> Paper:
    values = dict(zip(_PAPER_COLUMNS, row, strict=True))
    for column in ("authors", "markers", "tags"):
        values[column] = load(values[column])
    return Paper(**values, topics=topics)


def _asked(ids: Collection[str]) -> str:
    return _sound(dump(sorted(set(ids))))


def _sound(text: str) -> str:
    """Return text that can be bound: SQLite takes no lone surrogates."""
    return text.encode("utf-8", "replace").decode()
