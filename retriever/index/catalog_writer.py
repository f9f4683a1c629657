"""The write side of records.sqlite: a staging database that fills in any order, and the final one in canonical order.

Both live in the folder of a generation that nobody reads yet, so neither keeps a journal: a build that dies here is
swept, and the final file is synced before it is published.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from retriever.errors import NotDurableError
from retriever.index import durable
from retriever.index.catalog import passage_of
from retriever.index.manifest import HASH_BYTES, RECORDS
from retriever.index.packing import packed, with_texts
from retriever.index.schema import (
    BARE,
    INDEXES,
    PASSAGE,
    PASSAGE_COLUMNS,
    TABLES,
    Filed,
    NoteEntry,
    dump,
    load,
    sign_hash,
)
from retriever.index.staging import FINISH, KEEP, KEEP_PAPERS, ORDER
from retriever.records import Evidence, Paper, Passage, Window

Bound = str | float | bytes | None  # what SQLite binds
Embedded = tuple[Window, str]  # a window and the text that its vector is made of

_STAGING = "staging.sqlite"
_PAGE = 8_192  # bytes; of 4,096 a row of a window leaves more unused
_DISK_ERRORS = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}

_STORED = ", ".join(f"p.{column}" for column in (*PASSAGE_COLUMNS, "before"))
_TEXT = PASSAGE[PASSAGE.rindex("unpacked(") :]


class TopicLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def path(self) -> tuple[str, ...]: ...
    @property
    def parent(self) -> str | None: ...


class CatalogWriter:
    """Takes notes, papers and topics in any order; `finish` writes them as records.sqlite in canonical order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._staging = folder / _STAGING
        with writing(self._staging):
            self._connection = _unjournaled(self._staging)
            self._connection.executescript(TABLES)
            self._connection.executescript(
                "CREATE UNIQUE INDEX staged_note ON note (folder, file);"
                "CREATE UNIQUE INDEX staged_passage ON passage (id);"
                "CREATE TEMP TABLE kept (folder, root, file, size, mtime_ns, sha256, title, warnings);"
                "CREATE TEMP TABLE gone (id TEXT PRIMARY KEY); CREATE TEMP TABLE unpaired (id TEXT PRIMARY KEY);"
                "BEGIN"
            )

    def close(self) -> None:
        self._connection.close()

    def keep_notes(self, records: Path, notes: Sequence[NoteEntry]) -> None:
        """Copy notes, with passages and windows, from another records.sqlite. ValueError where it lacks one."""
        with writing(self._staging), self._previous(records):
            self._connection.execute("DELETE FROM kept")
            self._connection.executemany("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_note_row, notes))
            numbers = {"note": self._next("note"), "passage": self._next("passage"), "window": self._next("window")}
            # One at a time: executescript would bind no numbers.
            copied = [self._connection.execute(sql, numbers).rowcount for sql in _statements(KEEP)]
        if copied[0] != len(notes):
            raise ValueError("a note to keep is not in the previous generation")

    def keep_papers(self, records: Path, gone: Collection[str], unpaired: Collection[str]) -> None:
        """Copy the papers of another records.sqlite but those `gone`, and the pairs that may be one but of `unpaired`.

        Call it before `set_papers`, which then adds to them.
        """
        with writing(self._staging), self._previous(records):
            for table, papers in (("gone", gone), ("unpaired", {*gone, *unpaired})):
                self._connection.executemany(f"INSERT INTO {table} VALUES (?)", ((paper,) for paper in papers))
            for sql in _statements(KEEP_PAPERS):
                self._connection.execute(sql)

    @contextmanager
    def _previous(self, records: Path) -> Iterator[None]:
        """Attach another records.sqlite, which no transaction may be open for."""
        self._connection.execute("COMMIT")
        self._connection.execute("ATTACH ? AS previous", (f"{records.absolute().as_uri()}?mode=ro&immutable=1",))
        self._connection.execute("BEGIN")
        yield
        self._connection.execute("COMMIT")
        self._connection.execute("DETACH previous")
        self._connection.execute("BEGIN")

    def add_note(self, entry: NoteEntry, passages: Sequence[tuple[Passage, Sequence[Embedded]]]) -> None:
        """Add a note with its passages, in order, each with its windows and the texts to embed."""
        with writing(self._staging):
            note = self._next("note")
            self._connection.execute("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (note, *_note_row(entry)))
            number, row = self._next("passage"), self._next("window")
            for ordinal, (passage, windows) in enumerate(passages):
                before = _before(windows)
                marks = ", ".join("?" * (6 + len(PASSAGE_COLUMNS)))
                self._connection.execute(
                    f"INSERT INTO passage VALUES ({marks})",
                    (number, note, ordinal, None, None, *_passage_row(passage, windows), *sound(before)),
                )
                self._connection.executemany(
                    "INSERT INTO window VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [(row + at, number, *_window_row(*window, before)) for at, window in enumerate(windows)],
                )
                number += 1
                row += len(windows)

    def _next(self, table: str) -> int:
        column = "row" if table == "window" else "number"
        number: int = self._connection.execute(f"SELECT coalesce(max({column}) + 1, 0) FROM {table}").fetchone()[0]
        return number

    def mentions(self) -> Iterator[Passage]:
        """Yield all passages, their text left empty, by folder, file and place."""
        joined = f"SELECT {BARE} FROM passage p JOIN note n ON n.number = p.note"
        yield from map(passage_of, self._connection.execute(f"{joined} ORDER BY n.folder, n.file, p.ordinal"))

    def filings(self) -> Iterator[Filed]:
        """Yield where each passage stands, by folder, file and place."""
        sql = (
            "SELECT p.id, p.paper, p.heading_path, p.tags, n.file, n.title, "
            f"CASE WHEN p.paper IS NULL THEN {_TEXT} ELSE '' END FROM passage p JOIN note n ON n.number = p.note"
        )
        for *row, text in self._connection.execute(f"{sql} ORDER BY n.folder, n.file, p.ordinal"):
            linking = text if "[[" in text or "](" in text else ""
            yield Filed(row[0], row[1], load(row[2]), load(row[3]), row[4], row[5], linking)

    def set_papers(
        self,
        papers: Iterable[Paper],
        of_passage: Mapping[str, str],
        evidence: Iterable[tuple[str, Evidence]],
        handles: Iterable[tuple[str, str, str]],
        *,
        perhaps: Iterable[tuple[str, str, str]],
        signs: Mapping[str, Iterable[str]],
    ) -> None:
        with writing(self._staging):
            insert = f"INSERT INTO paper VALUES ({', '.join('?' * 17)})"
            self._connection.executemany(insert, map(_paper_row, papers))
            self._assign("paper", of_passage)
            ties = ((paper, (tie.kind, tie.value, *tie.passages)) for paper, tie in evidence)
            self._connection.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)", _numbered(ties))
            self._connection.executemany("INSERT INTO perhaps VALUES (?, ?, ?)", (sound(*pair) for pair in perhaps))
            shown = ((sign_hash(sign), paper) for paper, of_paper in signs.items() for sign in of_paper)
            self._connection.executemany("INSERT OR IGNORE INTO sign VALUES (?, ?)", shown)
            self._connection.executemany(
                "INSERT OR IGNORE INTO handle VALUES (?, ?, ?)", (sound(*handle) for handle in handles)
            )

    def set_topics(
        self, nodes: Iterable[TopicLike], of_passage: Mapping[str, str], of_paper: Mapping[str, Sequence[str]]
    ) -> None:
        with writing(self._staging):
            rows = ((at, *sound(node.id, dump(node.path), node.parent)) for at, node in enumerate(nodes))
            self._connection.executemany("INSERT INTO topic (ordinal, id, path, parent) VALUES (?, ?, ?, ?)", rows)
            self._assign("topic", of_passage)
            filed = ((paper, at, topic) for paper, topics in of_paper.items() for at, topic in enumerate(topics))
            self._connection.executemany("INSERT INTO paper_topic (paper, ordinal, topic) VALUES (?, ?, ?)", filed)

    def _assign(self, column: str, of_passage: Mapping[str, str]) -> None:
        self._connection.executemany(
            f"UPDATE passage SET {column} = ? WHERE id = ?", (sound(value, id_) for id_, value in of_passage.items())
        )

    def finish(self) -> int:
        """Write records.sqlite, synced, and drop the staging database; return the number of windows."""
        records = self._folder / RECORDS
        with writing(records):
            with closing(_unjournaled(records)) as final:
                final.executescript(TABLES)
            self._connection.execute("COMMIT")
            self._connection.execute("ATTACH ? AS final", (records.absolute().as_uri(),))
            # The journal of an attached file is its own, and so is its sync.
            self._connection.executescript("PRAGMA final.journal_mode = OFF; PRAGMA final.synchronous = OFF;")
            self._connection.executescript(ORDER)
            self._connection.executescript(f"BEGIN; {FINISH.format(passage=_STORED)} COMMIT; DETACH final;")
            self._connection.close()
            with closing(_unjournaled(records)) as final:
                final.executescript(f"BEGIN; {INDEXES} ANALYZE; COMMIT;")
                windows: int = final.execute("SELECT count(*) FROM window").fetchone()[0]
        durable.sync_file(records)
        durable.remove_file(self._staging)
        return windows


def embedded_hash(text: str) -> bytes:
    """Return the key under which the vector of a text is found again."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:HASH_BYTES]


def sound(*values: Bound) -> tuple[Bound, ...]:
    """Return values that can be bound: SQLite takes no lone surrogates."""
    return tuple(value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values)


def _unjournaled(file: Path) -> sqlite3.Connection:
    connection = with_texts(sqlite3.connect(file.absolute().as_uri(), uri=True, isolation_level=None))
    connection.executescript(
        f"PRAGMA page_size = {_PAGE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;"
    )
    return connection


@contextmanager
def writing(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _DISK_ERRORS:
            raise NotDurableError(file, str(error)) from error
        raise


def _statements(script: str) -> list[str]:
    return [sql for sql in script.format(passage=_STORED).split(";") if sql.strip()]


def _note_row(note: NoteEntry) -> tuple[Bound, ...]:
    names = sound(note.folder, note.root, note.file)
    return (*names, note.size, note.mtime_ns, note.sha256, *sound(note.title, dump(note.warnings)))


def _before(windows: Sequence[Embedded]) -> str:
    """Return what the texts to embed hold before those of their windows; "" where the first holds something else."""
    if not windows:
        return ""
    (window, embedded), *_ = windows
    return embedded.removesuffix(window.text) if embedded.endswith(window.text) else ""


def _passage_row(passage: Passage, windows: Sequence[Embedded]) -> tuple[Bound, ...]:
    beside = "\n".join(window.text for window, _ in windows) or None
    values = {column: getattr(passage, column) for column in PASSAGE_COLUMNS}
    values |= {"abstract": packed(passage.abstract, beside), "text": packed(passage.text, beside)}
    return sound(*(dump(value) if isinstance(value, tuple) else value for value in values.values()))


def _window_row(window: Window, embedded: str, before: str) -> tuple[Bound, ...]:
    whole = None if embedded == before + window.text else embedded
    place = window.ordinal, window.first_line, window.last_line
    return (*place, *sound(window.text, int(window.imported), whole), embedded_hash(embedded))


def _paper_row(paper: Paper) -> tuple[Bound, ...]:
    return sound(
        *(paper.id, paper.label, paper.title, paper.name, paper.key, dump(paper.authors)),
        *(paper.venue, paper.year, paper.date, paper.arxiv, paper.openreview, paper.doi, paper.acl, paper.url),
        *(dump(paper.markers), dump(paper.tags), packed(paper.abstract)),
    )


def _numbered(told: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[Bound, ...]]:
    """Yield (paper, place, values) of what is told of papers, places counted from 0 for each."""
    places: dict[str, int] = {}
    for paper, values in told:
        place = places.get(paper, 0)
        places[paper] = place + 1
        yield (paper, place, *sound(*values))
