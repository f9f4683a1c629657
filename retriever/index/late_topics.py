"""Topics that follow from vectors: they join the records of a draft after all else is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from retriever.index import durable
from retriever.index.catalog_writer import Bound, TopicLike, sound, writing
from retriever.index.manifest import RECORDS, ROWS
from retriever.index.schema import dump
from retriever.index.vectors import map_rows

if TYPE_CHECKING:
    from retriever.index.arrays import Float32Matrix

_CHUNK = 16_384  # rows held as float32 at once
_ROWS = """
SELECT p.paper, w.row FROM passage p JOIN window w ON w.passage = p.number
WHERE p.paper IS NOT NULL ORDER BY p.paper, w.row
"""
_TEXTS = """
SELECT asked.value, paper.title, w.text FROM json_each(?) asked JOIN paper ON paper.id = asked.value
JOIN passage p ON p.paper = asked.value JOIN window w ON w.passage = p.number ORDER BY asked.key, w.row
"""


class BelongingLike(Protocol):
    @property
    def topic(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def joined(self) -> bool: ...


class LateTopics:
    """The records and vectors of a draft, both written, for the one thing that needs both."""

    def __init__(self, folder: Path, dim: int) -> None:
        self._folder = folder
        self._dim = dim

    def vectors(self) -> tuple[list[str], Float32Matrix]:
        """Return the ids of all papers, ascending, and for each the mean of its windows, (papers, dim) unit rows."""
        with closing(self._open("ro&immutable=1")) as records:
            found = records.execute(_ROWS).fetchall()
            windows = records.execute("SELECT count(*) FROM window").fetchone()[0]
        papers = list(dict.fromkeys(paper for paper, _ in found))
        place = {paper: at for at, paper in enumerate(papers)}
        of_row = np.array([place[paper] for paper, _ in found], dtype=np.int64)
        rows = np.array([row for _, row in found], dtype=np.int64)
        matrix = map_rows(self._folder / ROWS, windows, self._dim)
        totals = np.zeros((len(papers), self._dim), dtype=np.float32)
        for start in range(0, len(rows), _CHUNK):
            of_part = of_row[start : start + _CHUNK]
            present, first = np.unique(of_part, return_index=True)
            totals[present] += np.add.reduceat(matrix[rows[start : start + _CHUNK]].astype(np.float32), first, axis=0)
        lengths = np.linalg.norm(totals, axis=1, keepdims=True)
        return papers, (totals / np.where(lengths > 0, lengths, 1)).astype(np.float32)

    def texts(self, papers: Sequence[str]) -> dict[str, str]:
        """Return the title of each paper and all that is said of it, as reading text."""
        said: dict[str, list[str]] = {}
        with closing(self._open("ro&immutable=1")) as records:
            for paper, title, text in records.execute(_TEXTS, (dump(papers),)):
                said.setdefault(paper, [title] if title else []).append(text)
        return {paper: ".\n".join(texts) for paper, texts in said.items()}

    def add(self, nodes: Collection[TopicLike], of_paper: Mapping[str, BelongingLike]) -> None:
        """Add clusters after the topics, and where papers belong that have no topic; so do their passages."""
        if not of_paper:
            return
        file = self._folder / RECORDS
        belonging = sorted(of_paper.items())
        with writing(file), closing(self._open("rw")) as records:
            records.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            records.execute("BEGIN")
            (first,) = records.execute("SELECT coalesce(max(ordinal) + 1, 0) FROM topic").fetchone()
            records.executemany("INSERT INTO topic VALUES (?, ?, ?, ?, 1)", _topic_rows(nodes, first))
            records.executemany(
                "INSERT INTO paper_topic VALUES (?, 0, ?, ?, ?)",
                [(paper, found.topic, found.confidence, int(found.joined)) for paper, found in belonging],
            )
            records.executemany(
                "UPDATE passage SET topic = ? WHERE paper = ?", [(found.topic, paper) for paper, found in belonging]
            )
            for last in ("ANALYZE topic", "ANALYZE paper_topic", "COMMIT"):
                records.execute(last)
        durable.sync_file(file)

    def _open(self, mode: str) -> sqlite3.Connection:
        uri = f"{(self._folder / RECORDS).absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, isolation_level=None)


def _topic_rows(nodes: Iterable[TopicLike], first: int) -> list[tuple[Bound, ...]]:
    return [(at, *sound(node.id, dump(node.path), node.parent)) for at, node in enumerate(nodes, first)]
