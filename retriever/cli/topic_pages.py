"""The pages of `topics`: the tree, one topic with its papers, papers by what they share, what the notes lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from retriever.cli.pages import papers
from retriever.cli.screen import Screen, clip, pad, width, wrap
from retriever.records.printable import clean
from retriever.records.wording import counted

if TYPE_CHECKING:
    from retriever.records import By, Gaps, Paper, Sharing, Shelf, Topic, TopicPage, TopicRef

SHOWN = 10  # of each kind of gap; all of them stand in the JSON
_NAMELESS = {"venue": "(no venue)", "year": "(no year)", "tag": "(no tag)", "note": "(no note)"}


def tree(found: Sequence[Topic], screen: Screen) -> Iterator[str]:
    """Yield the tree, one line a topic, with the papers at or below it; what no note names comes last."""
    for clustered, topics in groupby(found, key=lambda topic: topic.clustered):
        if clustered:
            yield from ("", *wrap("Filed nowhere in the notes, put together by meaning:", screen.columns))
        yield from _counts(list(_rows(topics, 0)), screen)


def page(found: TopicPage, screen: Screen) -> Iterator[str]:
    """Yield the subtree of each topic, then the papers under each of its topics."""
    yield from tree(found.topics, screen)
    for shelf in found.shelves:
        yield ""
        yield from wrap(screen.bold(_path(shelf.topic)), screen.columns)
        yield from papers(shelf.papers, len(shelf.papers), screen)
        yield from _placed(shelf, screen)


def sharing(found: Sequence[Sharing], by: By, screen: Screen) -> Iterator[str]:
    """Yield one line a venue, year, tag or note, with its number of papers."""
    rows = [(_NAMELESS[by] if one.value is None else clean(str(one.value)), len(one.papers)) for one in found]
    yield from _counts(rows, screen)


def gaps(found: Gaps, screen: Screen) -> Iterator[str]:
    """Yield what the notes lack, kind by kind."""
    thin = [f"{_path(one.topic)}: {counted(one.papers, 'paper')}, {counted(one.words, 'word')}" for one in found.thin]
    linked = [f"{clean(one.handle)}: linked in {counted(one.passages, 'place')}" for one in found.undescribed]
    kinds = (
        ("Topics of which the notes say little", thin),
        ("Linked often, described nowhere", linked),
        ("Hardly a word of your own", _named(found.stubs)),
        ("An id but no title", _named(found.untitled)),
    )
    for at, (kind, lines) in enumerate(kinds):
        if at:
            yield ""
        yield from wrap(screen.bold(f"{kind}: {len(lines):,}"), screen.columns)
        yield from (clip(f"  {line}", screen.columns) for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"  … and {len(lines) - SHOWN:,} more; --json lists all"


def _placed(shelf: Shelf, screen: Screen) -> Iterator[str]:
    """Yield a line on the papers that no note files here."""
    trust = [
        f"{clean(paper.label)} ({topic.confidence:.2f})"
        for paper in shelf.papers
        for topic in paper.topics
        if topic.id == shelf.topic.id and topic.confidence is not None
    ]
    if trust:
        yield from wrap(f"placed by meaning, with this confidence: {'; '.join(trust)}", screen.columns)


def _named(found: Sequence[Paper]) -> list[str]:
    return [f"{paper.id}  {clean(paper.label)}" for paper in found]


def _path(topic: TopicRef) -> str:
    return clean(" > ".join(topic.path))


def _counts(rows: Sequence[tuple[str, int]], screen: Screen) -> Iterator[str]:
    columns = min(screen.columns - 8, max((width(name) for name, _ in rows), default=0))
    for name, count in rows:
        yield f"{pad(clip(name, columns), columns)}  {count:>6,}"


def _rows(found: Iterator[Topic] | Sequence[Topic], depth: int) -> Iterator[tuple[str, int]]:
    for topic in found:
        yield "  " * depth + clean(topic.path[-1]), topic.papers
        yield from _rows(topic.children, depth + 1)
