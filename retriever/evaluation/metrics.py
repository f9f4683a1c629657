"""Measures of ranked answers, as ir-measures computes them (trec_eval's definitions)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from retriever.errors import ExtraMissingError
from retriever.evaluation.judged import Question

Float64Vector: TypeAlias = npt.NDArray[np.float64]

METRICS = ("ndcg@10", "recall@5", "recall@10", "recall@100", "mrr@10")
_MEASURES = {"ndcg": "nDCG", "recall": "R", "mrr": "RR", "hit": "Success"}


def per_question(
    questions: Sequence[Question], found: Sequence[Sequence[str]], metrics: Sequence[str] = METRICS
) -> dict[str, Float64Vector]:
    """Return each metric of each question, shape (questions,), in [0, 1]; `found` are ids of papers, best first.

    A metric is ndcg, recall, mrr or hit, with @ and a rank to look down to, or without one. nDCG gains by the grade
    itself and discounts by log2(rank + 1). Raises ExtraMissingError without ir-measures.
    """
    library = _library()
    measures = {_measure(library, name): name for name in metrics}
    names = [f"q{at}" for at in range(len(questions))]
    judged = {name: dict(question.grades) for name, question in zip(names, questions, strict=True)}
    # Scores that fall with the rank keep the order that the search gave, also among equals.
    runs = {
        name: {paper: -float(rank) for rank, paper in enumerate(papers)}
        for name, papers in zip(names, found, strict=True)
    }
    values = {name: np.zeros(len(questions)) for name in metrics}
    for one in library.iter_calc(list(measures), judged, runs):
        values[measures[one.measure]][int(one.query_id[1:])] = one.value
    return values


def _measure(library: Any, metric: str) -> Any:
    kind, _, depth = metric.partition("@")
    measure = getattr(library, _MEASURES[kind])
    return measure @ int(depth) if depth else measure


def _library() -> Any:
    try:
        import ir_measures  # noqa: PLC0415  an extra: nothing but a retrieval test needs it
    except ImportError as error:
        raise ExtraMissingError("eval", "A retrieval test needs ir-measures") from error
    return ir_measures


def require_library() -> None:
    """Raise ExtraMissingError without ir-measures: better before the documents are embedded than after."""
    _library()
