"""A test from end to end: its index, its questions asked in every mode, the figures with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retriever.embedder import DEFAULT_MODEL, Encoder, load_encoder
from retriever.evaluation.asking import MODES, ask
from retriever.evaluation.beir import read_beir
from retriever.evaluation.indexes import INDEX, VECTORS, Progress, make_index, question_vectors
from retriever.evaluation.intervals import intervals
from retriever.evaluation.judged import JudgedSet
from retriever.evaluation.metrics import per_question, require_library
from retriever.evaluation.own import known_items
from retriever.index import open_snapshot

if TYPE_CHECKING:
    from retriever.evaluation.metrics import Float64Vector

Values = Mapping[str, Mapping[str, "Float64Vector"]]  # mode or variant -> metric -> (questions,)
Means = Mapping[str, Mapping[str, float]]
Bounds = Mapping[str, Mapping[str, tuple[float, float]]]

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """What one model reached, question by question. `embedded` counts the texts that it had to embed for it."""

    model: str
    fingerprint: str
    windows: int
    embedded: int
    values: Values


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean of differences, question by question, and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Another model on the same questions. `differences` are the first model's figures less this one's, paired."""

    model: str
    fingerprint: str
    embedded: int
    modes: Means
    intervals: Bounds
    differences: Mapping[str, Mapping[str, Difference]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The figures of a test: `modes["hybrid"]["ndcg@10"]` in [0, 1], and `intervals` with (low, high) beside each.

    `measures` says what the test is; `embedded` counts the texts, questions among them, that had no vector yet.
    """

    test: str
    measures: str
    questions: int
    documents: int
    windows: int
    model: str
    fingerprint: str
    embedded: int
    modes: Means
    intervals: Bounds
    compare: Comparison | None
    warnings: tuple[str, ...]


def evaluate_folder(
    folder: Path,
    work: Path,
    *,
    model: str | None = None,
    compare: str | None = None,
    download: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure a model, None for the default, on a test set in BEIR's layout, and another beside it.

    Indexes and vectors are kept in `work`. Raises BrokenSetError, ModelMissingError, ExtraMissingError.
    """
    require_library()
    judged = read_beir(folder)
    encoders = [load_encoder(name, download=download) for name in (model or DEFAULT_MODEL, compare) if name]
    return evaluate(judged, work, *encoders, progress=progress)


def evaluate_own(
    index: Path,
    work: Path,
    *,
    model: str | None = None,
    compare: str | None = None,
    download: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure a model, None for the index's own, on the notes of an index, and another beside it; see `own`.

    Raises UsageError where no paper can be asked for, IndexNotFoundError, ModelMissingError, ExtraMissingError.
    """
    require_library()
    with open_snapshot(index) as snapshot:
        judged = known_items(snapshot)
        own = snapshot.manifest.model
    encoders = [load_encoder(name, download=download) for name in (model or own, compare) if name]
    return evaluate(judged, work, *encoders, progress=progress)


def evaluate(
    judged: JudgedSet, work: Path, encoder: Encoder, compare: Encoder | None = None, *, progress: Progress | None = None
) -> Evaluation:
    """Measure an encoder on a test, and another beside it."""
    measured = measure(judged, encoder, work, progress)
    modes, bounds = figures(measured.values)
    return Evaluation(
        test=judged.name,
        measures=judged.measures,
        questions=len(judged.questions),
        documents=judged.documents,
        windows=measured.windows,
        model=measured.model,
        fingerprint=measured.fingerprint,
        embedded=measured.embedded,
        modes=modes,
        intervals=bounds,
        compare=None if compare is None else _compared(measured, measure(judged, compare, work, progress)),
        warnings=judged.warnings,
    )


def measure(judged: JudgedSet, encoder: Encoder, work: Path, progress: Progress | None = None) -> Measured:
    """Return an encoder's figures of each question in each mode."""
    place = kept_in(work, judged, encoder)
    embedded = make_index(judged, encoder, place / INDEX, progress)
    texts = [question.text for question in judged.questions]
    vectors, encoded = question_vectors(encoder, texts, place / VECTORS, progress)
    with open_snapshot(place / INDEX) as snapshot:
        values: Values = {
            mode: per_question(judged.questions, ask(snapshot, judged.questions, vectors, mode, progress))
            for mode in MODES
        }
        return Measured(encoder.model, encoder.fingerprint, snapshot.count, embedded + encoded, values)


def kept_in(work: Path, judged: JudgedSet, encoder: Encoder) -> Path:
    """Return the folder in which the index and the vectors of a test are kept for an encoder."""
    return work / judged.key / encoder.fingerprint[:16]


def figures(values: Values) -> tuple[Means, Bounds]:
    """Return the mean of each metric over the questions, and its 95 % interval."""
    means = {mode: {metric: _rounded(each.mean()) for metric, each in of.items()} for mode, of in values.items()}
    bounds: dict[str, dict[str, tuple[float, float]]] = {}
    for mode, of in values.items():
        low, high = intervals(np.stack(list(of.values()), axis=1))
        pairs = zip(low, high, strict=True)
        bounds[mode] = {metric: (_rounded(a), _rounded(b)) for metric, (a, b) in zip(of, pairs, strict=True)}
    return means, bounds


def differences(ours: Values, theirs: Values) -> dict[str, dict[str, Difference]]:
    """Return the paired differences of what both measured on the same questions: ours less theirs."""
    apart = {
        mode: {metric: ours[mode][metric] - theirs[mode][metric] for metric in ours[mode]}
        for mode in ours
        if mode in theirs
    }
    means, bounds = figures(apart)
    return {
        mode: {metric: Difference(value, *bounds[mode][metric]) for metric, value in of.items()}
        for mode, of in means.items()
    }


def _compared(measured: Measured, other: Measured) -> Comparison:
    modes, bounds = figures(other.values)
    return Comparison(
        model=other.model,
        fingerprint=other.fingerprint,
        embedded=other.embedded,
        modes=modes,
        intervals=bounds,
        differences=differences(measured.values, other.values),
    )


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS) + 0.0  # no minus before a zero
