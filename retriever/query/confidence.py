"""How sure an answer is, from 0 to 1: what a score means on this index, with this model.

A hit's evidence is the cosine of its best window, and a little for the part of the query's rare words that the notes
hold at all. Two things are measured on the index itself. What chance gives: the evidence of the best window for
questions of everyday life (`everyday`), at the 80th percentile. What a question about the notes gives: the evidence of
a paper's own best window for its title, at the 5th percentile. Between them the confidence rises as a logistic from
.1 to .9. So a larger index, in which chance finds something nearer, asks for more; and no cosine is good by itself.

Measured by tests/benchmarks/quality/silence.py on two folders of notes with both embedded models, by which KNOWN and
the percentile were chosen: a stricter one meets a fifth of the questions in other words with silence under
`paper-static`, whose cosines for them lie nearer to chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retriever import words
from retriever.query.everyday import EVERYDAY
from retriever.query.retrieve import term_weights

if TYPE_CHECKING:
    from retriever.embedder import Encoder
    from retriever.index import LexicalIndex, Snapshot
    from retriever.query.rank import Ranked
    from retriever.query.recognise import Recognised
    from retriever.query.retrieve import Candidates

KNOWN = 0.2  # of the evidence, for a query of whose rare words the notes hold all
ABSTAIN = 0.1  # confidence of the nearest window below which nothing in the notes is about the question
COVERED = 0.5  # least confidence of a hit that holds every word of a query with a rare one
_CHANCE, _OWN = 0.8, 0.05  # quantiles
_PAPERS = 48  # asked for by their titles: half a second with the default model
_OPENING = 20  # words that ask for a paper without a title
_EDGE = math.log(9)  # where a logistic is .9
_WHOLE = 0.999  # of the query: sums of floats
_LEAST_APART = 0.05  # evidence; where titles say no more than chance does, the rise is steep but finite


@dataclass(frozen=True, slots=True)
class Calibration:
    """Evidence that chance gives, and that a question about the notes gives at least."""

    chance: float
    own: float

    def confidence(self, evidence: float) -> float:
        """Return how sure a hit with this evidence is, in [0, 1]."""
        half = max(self.own - self.chance, _LEAST_APART) / 2
        return 1.0 / (1.0 + math.exp(-_EDGE * max(min((evidence - self.chance) / half - 1.0, 9.0), -9.0)))


class Sureness:
    """How sure the hits of one answer are: `known` is the share of the query's IDF that the notes hold at all."""

    def __init__(
        self, calibration: Calibration | None, candidates: Candidates, known: float, named: Recognised
    ) -> None:
        rows = candidates.rows.tolist()
        self._calibration = calibration
        self._cosine = {} if candidates.cosine is None else dict(zip(rows, candidates.cosine.tolist(), strict=True))
        self._covered: set[int] = set()
        if candidates.cover is not None and candidates.rare_words >= 1:
            self._covered = {row for row, cover in zip(rows, candidates.cover.tolist(), strict=True) if cover > _WHOLE}
        self._known = known
        self._named = set(named.papers) if named.spelled is None else set()

    def confidence(self, entry: Ranked) -> float | None:
        """Return how sure a hit is, in [0, 1]; None where meaning was not asked, or the index is not calibrated."""
        if entry.paper in self._named:
            return 1.0
        row = entry.windows[0].row
        if self._calibration is None or row not in self._cosine:
            return None
        sure = self._calibration.confidence(evidence(self._cosine[row], self._known))
        return max(sure, COVERED) if row in self._covered else sure

    def abstained(self, ranked: Sequence[Ranked]) -> bool | None:
        """Tell whether nothing in the notes is about the question; None where that is not known.

        The nearest window decides, and not `ranked`, the papers shown, beyond those that the question names: so it does
        not matter how many these are.
        """
        if self._calibration is None or not self._cosine:
            return None
        if self._covered or any(entry.paper in self._named for entry in ranked):
            return False
        nearest = evidence(max(self._cosine.values()), self._known)
        return self._calibration.confidence(nearest) < ABSTAIN


def calibration_of(snapshot: Snapshot) -> Calibration | None:
    """Return what the build measured; None where it did not."""
    known = snapshot.manifest.calibration
    return None if known is None else Calibration(known["chance"], known["own"])


def known_share(lexical: LexicalIndex, weights: Mapping[str, float]) -> float:
    """Return the share, in [0, 1], of a query's IDF in terms that stand somewhere in the notes."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if lexical.document_frequency(term)) / total if total else 0.0


def evidence(cosine: float, known: float) -> float:
    """Return what speaks for a hit."""
    return cosine + KNOWN * known


def calibrate(encoder: Encoder, snapshot: Snapshot) -> dict[str, float] | None:
    """Measure an index with its model; None for one without papers."""
    papers = dict(snapshot.catalog.sampled_papers(_PAPERS))
    rows = {paper: of_paper for paper, of_paper in snapshot.catalog.rows_of_papers(papers).items() if of_paper}
    if not rows:
        return None
    asked = {paper: papers[paper] or _opening(snapshot, rows[paper][0]) for paper in rows}
    best = snapshot.vectors.search(encoder.encode_query(EVERYDAY), 1)[0][:, 0]
    chance = [evidence(float(cosine), _known(snapshot, text)) for text, cosine in zip(EVERYDAY, best, strict=True)]
    own = []
    for vector, (paper, text) in zip(encoder.encode_query(list(asked.values())), asked.items(), strict=True):
        cosines = snapshot.vectors.scores(vector, np.array(rows[paper], dtype=np.int64))
        own.append(evidence(float(cosines.max()), _known(snapshot, text)))
    return {"chance": float(np.quantile(chance, _CHANCE)), "own": float(np.quantile(own, _OWN))}


def _opening(snapshot: Snapshot, row: int) -> str:
    return " ".join(snapshot.catalog.windows([row])[0].text.split()[:_OPENING])


def _known(snapshot: Snapshot, text: str) -> float:
    return known_share(snapshot.lexical, term_weights(snapshot.lexical, words.terms(text)))
