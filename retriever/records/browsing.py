"""What browsing shows: topics with their papers, papers by what they share, and what the notes lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retriever.records.papers import Paper, Topic, TopicRef

By = Literal["venue", "year", "tag", "note"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The papers that stand directly under a topic."""

    topic: TopicRef
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """The topics that a name means, and each that is at or below them and holds papers, in the order of the tree."""

    topics: tuple[Topic, ...]
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Papers (their ids) that share a venue, year, tag or note. `value` is None for those that have none."""

    value: str | int | None
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThinTopic:
    """A topic of which the notes say little: `words` of the note-taker's own, on all papers at or below it."""

    topic: TopicRef
    papers: int
    words: int


@dataclass(frozen=True, slots=True)
class Undescribed:
    """A paper that passages link to and no note is about: `handle` is "kind:value" of an id, `passages` counts."""

    handle: str
    passages: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the notes lack: thin topics, papers linked and never described, papers with hardly a word of the
    note-taker's own, and papers with an id but no title.
    """

    thin: tuple[ThinTopic, ...]
    undescribed: tuple[Undescribed, ...]
    stubs: tuple[Paper, ...]
    untitled: tuple[Paper, ...]
