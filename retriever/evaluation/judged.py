"""What a retrieval test is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retriever.chunker import Chunk


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the grade (1 or more) of each paper that answers it, by paper id."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSet:
    """Passages to search, whose paper each of them is (by ids; sections have none), and questions about papers.

    `key` names the folder in which its indexes are kept: sets of the same passages share them. `documents` counts the
    papers, those too that no passage is left of. `measures` says in a sentence what the test is.
    """

    name: str
    key: str
    chunks: tuple[Chunk, ...]
    of_passage: Mapping[str, str]
    questions: tuple[Question, ...]
    documents: int
    measures: str
    warnings: tuple[str, ...] = ()
