"""What a question is answered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retriever.records.papers import Paper, PassageKind, TopicRef

Mode = Literal["hybrid", "lexical", "dense"]
SignalName = Literal["meaning", "words", "section", "imported", "topic", "citation", "reranker", "named"]
MEANT = 0.25  # confidence; a hit below it is near, and probably not meant


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage of a hit. `id`, `kind` and `heading_path` are the passage's own; lines, text and highlights
    are its best window's. Highlights are half-open ranges of code points of `text`, in order, apart.
    """

    id: str
    kind: PassageKind
    file: str
    first_line: int
    last_line: int
    heading_path: tuple[str, ...]
    text: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a score is made of: the lexical part in [0, 1], the cosine in [-1, 1]; None where not asked."""

    lexical: float | None
    dense: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit stands where it does. `papers` holds the ids of other papers that the reason names."""

    kind: str
    text: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """One of the things that a score is made of: `value` is what it adds, below 0 what it takes, `text` how it came."""

    name: SignalName
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked paper with its best passages; `rank` from 1. `paper` is None for a section about no paper.

    `score` compares within one query only; it is the sum of the values of `signals`, added in their order.
    `confidence`, 0 to 1, compares between queries; it is None until an index is calibrated.
    """

    rank: int
    score: float
    confidence: float | None
    parts: Parts
    reasons: tuple[Reason, ...]
    paper: Paper | None
    passages: tuple[PassageHit, ...]
    signals: tuple[Signal, ...] = ()

    @property
    def label(self) -> str:
        """What it is called: its paper, or for a section its last heading or its note."""
        if self.paper:
            return self.paper.label
        best = self.passages[0]
        return best.heading_path[-1] if best.heading_path else best.file

    @property
    def meant(self) -> bool:
        """False where it is near to the question and probably not what was asked for."""
        return self.confidence is None or self.confidence >= MEANT


@dataclass(frozen=True, slots=True)
class Group:
    """Hits that share a topic, by rank. `topic` is None for hits that are filed nowhere."""

    topic: TopicRef | None
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Hits in order of rank, and groups in the order of their best hit. Every rank stands in one group.

    `remarks` tell how the query was read, where it may have been meant otherwise, and which filter nothing passes.
    """

    query: str
    mode: Mode
    abstained: bool | None
    hits: tuple[Hit, ...]
    groups: tuple[Group, ...]
    remarks: tuple[str, ...] = ()
