"""From scored windows to ranked papers."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retriever.records import SignalName

if TYPE_CHECKING:
    from retriever.index import WindowRow
    from retriever.query.fuse import Fused

# A section about no paper must be clearly better than the papers below it: people look for papers. It earns .01 to .05
# of the MRR on the paraphrases, which all ask for papers.
SECTION_PENALTY = 0.1
# The same for an abstract that a library entry gives: what the note-taker wrote comes first. Where all windows are
# abstracts it changes nothing. Judgement: no set has both.
IMPORTED_PENALTY = 0.05
NAMED = 5.0  # for a paper that the whole query names: more than all else together, a reranker too
PASSAGES_SHOWN = 3

Added = tuple[tuple[SignalName, float], ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper, or a section with `paper` None, with what each signal adds to its score.

    `windows` holds the best window of each passage, best first, at most PASSAGES_SHOWN of them.
    """

    paper: str | None
    added: Added
    windows: tuple[WindowRow, ...]

    @property
    def score(self) -> float:
        return sum((value for _, value in self.added), 0.0)

    @property
    def unit(self) -> str:
        """The id of the paper, or of the section's passage."""
        return self.paper or self.windows[0].passage


def rank(windows: Sequence[WindowRow], fused: Fused, limit: int, *, first: Collection[str] = ()) -> list[Ranked]:
    """Return the best `limit` papers and sections, each once; `fused` stands beside `windows`.

    A paper scores as its best window, a section as that less SECTION_PENALTY, imported text as that less
    IMPORTED_PENALTY. Papers named in `first` come before all others. Ties go to the lower id.
    """
    sections = np.array([window.paper is None for window in windows], dtype=np.float64)
    imported = np.array([window.imported for window in windows], dtype=np.float64)
    scores = np.zeros(len(windows))
    for side in (fused.meaning, fused.words):
        if side is not None:
            scores += side
    scores += -SECTION_PENALTY * sections
    scores += -IMPORTED_PENALTY * imported
    places: dict[str, list[tuple[float, int, int]]] = {}  # of each unit: score, the highest first, row, place
    for at, (window, score) in enumerate(zip(windows, scores.tolist(), strict=True)):
        places.setdefault(window.paper or window.passage, []).append((-score, window.row, at))
    best = ((min(found)[0] - NAMED * (unit in first), unit) for unit, found in places.items())
    ranked = []
    for _, unit in heapq.nsmallest(limit, best):
        found = [at for *_, at in sorted(places[unit])]
        added = _added(fused, found[0], windows[found[0]], named=unit in first)
        ranked.append(Ranked(windows[found[0]].paper, added, one_a_passage([windows[at] for at in found])))
    return ranked


def best_first(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return ranked papers by score; ties go to the lower id."""
    return sorted(ranked, key=lambda entry: (-entry.score, entry.unit))


def one_a_passage(windows: Sequence[WindowRow]) -> tuple[WindowRow, ...]:
    best: dict[str, WindowRow] = {}
    for window in windows:
        best.setdefault(window.passage, window)
    return tuple(best.values())[:PASSAGES_SHOWN]


def _added(fused: Fused, at: int, window: WindowRow, *, named: bool) -> Added:
    added: list[tuple[SignalName, float]] = []
    if fused.meaning is not None:
        added.append(("meaning", float(fused.meaning[at])))
    if fused.words is not None:
        added.append(("words", float(fused.words[at])))
    if window.paper is None:
        added.append(("section", -SECTION_PENALTY))
    if window.imported:
        added.append(("imported", -IMPORTED_PENALTY))
    if named:
        added.append(("named", NAMED))
    return tuple(added)
