"""The tables of records.sqlite, and the records that its rows become.

Lists are JSON arrays. Numbers of notes and passages, and rows of windows, count from 0 in canonical order: by folder,
file, and place in the file. So equal notes make equal bytes, whatever the order in which they came.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

from retriever.index.packing import WINDOWS
from retriever.records import Passage

TABLES = """
CREATE TABLE note (
    number INTEGER PRIMARY KEY,
    folder TEXT NOT NULL, root TEXT NOT NULL, file TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
    title TEXT, warnings TEXT NOT NULL
);
CREATE TABLE passage (
    number INTEGER PRIMARY KEY,
    note INTEGER NOT NULL, ordinal INTEGER NOT NULL, paper TEXT, topic TEXT,
    id TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL,
    first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, heading_path TEXT NOT NULL,
    key TEXT, title TEXT, name TEXT, authors TEXT NOT NULL, venue TEXT, year INTEGER,
    arxiv TEXT, openreview TEXT, doi TEXT, acl TEXT, url TEXT,
    markers TEXT NOT NULL, tags TEXT NOT NULL, status TEXT, rating REAL, cites TEXT NOT NULL,
    abstract BLOB, text BLOB NOT NULL,  -- packed beside the texts of its windows
    before TEXT NOT NULL  -- what the embedded texts of its windows hold before `text`
);
CREATE TABLE window (
    row INTEGER PRIMARY KEY,
    passage INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, text TEXT NOT NULL,
    imported INTEGER NOT NULL,  -- 1 for an abstract that a library entry gives
    embedded TEXT,  -- the text that is embedded, where it is not the passage's `before` and `text`
    hash BLOB NOT NULL
);
CREATE TABLE paper (
    id TEXT PRIMARY KEY, label TEXT NOT NULL,
    title TEXT, name TEXT, key TEXT, authors TEXT NOT NULL, venue TEXT, year INTEGER, date TEXT,
    arxiv TEXT, openreview TEXT, doi TEXT, acl TEXT, url TEXT,
    markers TEXT NOT NULL, tags TEXT NOT NULL, abstract BLOB  -- packed
);
CREATE TABLE evidence (
    paper TEXT NOT NULL, ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL, value TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL,
    PRIMARY KEY (paper, ordinal)
) WITHOUT ROWID;
CREATE TABLE perhaps (
    paper TEXT NOT NULL, other TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (paper, other)
) WITHOUT ROWID;
CREATE TABLE sign (  -- what a paper must share with another to be offered for it, by its hash
    sign INTEGER NOT NULL, paper TEXT NOT NULL,
    PRIMARY KEY (sign, paper)
) WITHOUT ROWID;
CREATE TABLE handle (
    kind TEXT NOT NULL, value TEXT NOT NULL, paper TEXT NOT NULL,
    PRIMARY KEY (kind, value, paper)
) WITHOUT ROWID;
CREATE TABLE cite (  -- what passages name beside their own paper, as "kind:value"
    value TEXT NOT NULL, passage INTEGER NOT NULL,
    PRIMARY KEY (value, passage)
) WITHOUT ROWID;
CREATE TABLE topic (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, path TEXT NOT NULL, parent TEXT,
    clustered INTEGER NOT NULL DEFAULT 0  -- 1 where the notes name no such topic
);
CREATE TABLE paper_topic (
    paper TEXT NOT NULL, ordinal INTEGER NOT NULL, topic TEXT NOT NULL,
    confidence REAL,  -- of a paper that is placed by its meaning
    joined INTEGER NOT NULL DEFAULT 0,  -- 1 where it came to a cluster after that was made
    PRIMARY KEY (paper, ordinal)
) WITHOUT ROWID;
"""

INDEXES = """
CREATE UNIQUE INDEX note_file ON note (folder, file);
CREATE UNIQUE INDEX passage_id ON passage (id);
CREATE INDEX passage_note ON passage (note);
CREATE INDEX passage_paper ON passage (paper) WHERE paper IS NOT NULL;
CREATE INDEX passage_file ON passage (file);
CREATE INDEX window_passage ON window (passage, ordinal);
CREATE INDEX topic_id ON topic (id);
"""

PASSAGE_COLUMNS = tuple(field.name for field in fields(Passage))
_PACKED = ("abstract", "text")
# What makes a Passage of a row `p`, for `catalog.passage_of`; BARE leaves the text empty, which most of what compares
# papers never reads.
PASSAGE = ", ".join(
    f"unpacked(p.{column}, CASE WHEN p.{column} NOT NULL THEN {WINDOWS} END)" if column in _PACKED else f"p.{column}"
    for column in PASSAGE_COLUMNS
)
BARE = PASSAGE[: PASSAGE.rindex("unpacked(")] + "''"


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A note as the index knows it. `root` is the absolute path of its notes folder, `folder` that one's label.

    `size` (bytes) and `mtime_ns` hint at a change; `sha256`, of the file's bytes, decides.
    """

    folder: str
    root: str
    file: str
    size: int
    mtime_ns: int
    sha256: str
    title: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a passage stands: the paper it is about, if any, the headings above it, its tags, and its note.

    `linking` is the text of a passage about no paper that links to something, else "".
    """

    passage: str
    paper: str | None
    heading_path: tuple[str, ...]
    tags: tuple[str, ...]
    file: str
    note_title: str | None
    linking: str


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window where it is searched: `row` is its place in the vectors and in the lexical index."""

    row: int
    passage: str
    paper: str | None
    ordinal: int
    first_line: int
    last_line: int
    text: str
    imported: bool = False


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A node of the topic tree; `parent` is the id of the node above it, `clustered` tells that no note names it."""

    id: str
    path: tuple[str, ...]
    parent: str | None
    clustered: bool = False


def dump(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


def load(column: str) -> tuple[str, ...]:
    return tuple(json.loads(column))


def sign_hash(sign: str) -> int:
    """Return the number that stands for a sign: 63 bits of its SHA-256, so that two hardly ever meet."""
    return int.from_bytes(hashlib.sha256(sign.encode("utf-8", "replace")).digest()[:8], "big") >> 1
