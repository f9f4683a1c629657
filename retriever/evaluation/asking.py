"""Asking the questions of a test through the query path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, get_args

from retriever.evaluation.judged import Question
from retriever.query.rank import Ranked
from retriever.query.search import find
from retriever.records import Mode, Query

if TYPE_CHECKING:
    from retriever.evaluation.indexes import Progress
    from retriever.index import Snapshot
    from retriever.index.arrays import Float32Vector

MODES: tuple[Mode, ...] = ("lexical", "dense", "hybrid")
assert set(MODES) == set(get_args(Mode))
DEPTH = 100  # papers of an answer that count: recall is measured down to here


def ask(
    snapshot: Snapshot,
    questions: Sequence[Question],
    vectors: Mapping[str, Float32Vector],
    mode: Mode,
    progress: Progress | None = None,
    *,
    depth: int = DEPTH,
) -> list[list[str]]:
    """Return for each question the ids of the papers found, best first, at most `depth`.

    A section about no paper takes its rank under the id of its passage. `vectors` gives each question's by its text,
    which is words alone: nothing in it is syntax, and no typing error of it is undone.
    """
    found = []
    for done, question in enumerate(questions, 1):
        answer = find(snapshot, Query(question.text), limit=depth, mode=mode, encode=vectors.__getitem__)
        found.append([paper_or_section(entry) for entry in answer.ranked])
        if progress:
            progress(f"asking ({mode})", done, len(questions))
    return found


def paper_or_section(entry: Ranked) -> str:
    return entry.paper or f"section {entry.windows[0].passage}"
