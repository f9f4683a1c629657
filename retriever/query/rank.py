"""From scored windows to ranked papers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retriever.index import WindowRow

# A section about no paper must be clearly better than the papers below it: people look for papers.
SECTION_PENALTY = 0.1
# The same for an abstract that a library entry gives: what the note-taker wrote comes first. Where all
# windows are abstracts it changes nothing. Both penalties are judgement, not measured.
IMPORTED_PENALTY = 0.05
PASSAGES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper, or a section with `paper` None, by its best window.

    `windows` holds the best window of each passage, best first, at most PASSAGES_SHOWN of them.
    """

    paper: str | None
    score: float
    windows: tuple[WindowRow, ...]


def rank(
    windows: Sequence[WindowRow], scores: Sequence[float], limit: int, *, first: Collection[str] = ()
) -> list[Ranked]:
    """Return the best `limit` papers and sections, each once; `scores` stand beside `windows`.

    A paper scores as its best window, a section as that less SECTION_PENALTY, imported text as that less
    IMPORTED_PENALTY. Papers named in `first` come before
    all others. Ties go to the lower id.
    """
    best: dict[str, list[tuple[float, WindowRow]]] = {}
    for window, score in zip(windows, scores, strict=True):
        fair = score - SECTION_PENALTY * (window.paper is None) - IMPORTED_PENALTY * window.imported
        best.setdefault(window.paper or window.passage, []).append((fair, window))
    ranked: list[tuple[bool, float, str, Ranked]] = []
    for unit, found in best.items():
        found.sort(key=lambda pair: (-pair[0], pair[1].row))
        top = Ranked(found[0][1].paper, found[0][0], one_a_passage([window for _, window in found]))
        ranked.append((unit not in first, -top.score, unit, top))
    ranked.sort(key=lambda entry: entry[:3])
    return [entry[3] for entry in ranked[:limit]]


def one_a_passage(windows: Sequence[WindowRow]) -> tuple[WindowRow, ...]:
    best: dict[str, WindowRow] = {}
    for window in windows:
        best.setdefault(window.passage, window)
    return tuple(best.values())[:PASSAGES_SHOWN]
