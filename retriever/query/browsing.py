"""Browsing: a topic with its papers, all papers by what they share, and what the notes lack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from retriever.errors import TopicNotFoundError
from retriever.index.catalog_filters import allowed_papers
from retriever.index.coverage import linked_only, own_words, papers_of_notes
from retriever.query.filters import check_topics
from retriever.records import (
    By,
    Dossier,
    Filter,
    Gaps,
    Paper,
    Sharing,
    Shelf,
    ThinTopic,
    Topic,
    TopicPage,
    TopicRef,
    Undescribed,
)
from retriever.topics import find_topics, nest

if TYPE_CHECKING:
    from retriever.index import Catalog

STUB = 6  # own words below which a paper is hardly described
THIN = 25  # own words below which a topic is
OFTEN = 2  # passages that link to a paper before it is missed


def tree(catalog: Catalog) -> tuple[Topic, ...]:
    """Return the top topics with all that is below them."""
    return nest(catalog.topics(), catalog.topic_papers())


def topic_page(catalog: Catalog, asked: str) -> TopicPage:
    """Return the topics that a name means, with their papers by label. TopicNotFoundError if it means none."""
    nodes = catalog.topics()
    found = find_topics(nodes, asked)
    if not found:
        raise TopicNotFoundError(asked)
    held = catalog.topic_papers()
    wanted = {node.id for node in found}
    topics = tuple(topic for topic in _all(nest(nodes, held)) if topic.id in wanted)
    below = tuple(_all(topics))
    papers = catalog.papers([paper for topic in below for paper in held.get(topic.id, ())])
    shelves = (
        Shelf(TopicRef(topic.id, topic.path), _by_label(papers[paper] for paper in held[topic.id]))
        for topic in below
        if topic.id in held
    )
    return TopicPage(topics, tuple(shelves))


def papers(catalog: Catalog, filters: Sequence[Filter] = ()) -> tuple[Paper, ...]:
    """Return all papers, or those that filters let through, by label. UsageError for a topic that is none."""
    known = catalog.all_papers()
    if not filters:
        return tuple(known)
    check_topics(catalog, filters)
    allowed = allowed_papers(catalog, filters)
    return tuple(paper for paper in known if paper.id in allowed)


def dossier(catalog: Catalog, paper: str) -> Dossier:
    """Return everything the notes say about a paper, by its id."""
    from retriever.chunker.naming import identifiers  # noqa: PLC0415  imports what no question needs

    passages = catalog.passages_of(paper)
    handles = {f"{kind}:{value}" for passage in passages for kind, value in identifiers(passage).items()}
    return Dossier(
        catalog.papers([paper])[paper],
        tuple(passages),
        tuple(catalog.evidence(paper)),
        tuple(catalog.perhaps(paper)),
        tuple(catalog.citing(handles, paper)),
    )


def sharing(catalog: Catalog, by: By, asked: str | None = None) -> tuple[Sharing, ...]:
    """Return papers by what they share, those of a topic alone if it is given; a paper may stand in several places.

    Years come newest first, notes by path, all else by the number of papers; last the papers that have none.
    """
    known = {paper.id: paper for paper in catalog.all_papers()}
    if asked is not None:
        known = {paper.id: known[paper.id] for shelf in topic_page(catalog, asked).shelves for paper in shelf.papers}
    shared: dict[str | int | None, list[str]] = defaultdict(list)
    values = (
        _of_notes(papers_of_notes(catalog)) if by == "note" else {one.id: _values(one, by) for one in known.values()}
    )
    for paper in known:
        for value in values.get(paper) or (None,):
            shared[value].append(paper)
    order = sorted(shared, key=lambda value: (value is None, *_place(value, by, len(shared[value]))))
    return tuple(Sharing(value, tuple(shared[value])) for value in order)


def gaps(catalog: Catalog) -> Gaps:
    """Return what the notes lack, the most wanting first."""
    papers = catalog.all_papers()
    words = own_words(catalog)
    linked = sorted(linked_only(catalog).items(), key=lambda item: (-item[1], item[0]))
    return Gaps(
        thin=_thin(catalog, words),
        undescribed=tuple(Undescribed(handle, count) for handle, count in linked if count >= OFTEN),
        stubs=tuple(paper for paper in papers if words.get(paper.id, 0) < STUB),
        untitled=tuple(paper for paper in papers if not paper.title and _has_id(paper)),
    )


def _thin(catalog: Catalog, words: Mapping[str, int]) -> tuple[ThinTopic, ...]:
    """Return the topics that notes name and say little of; those above such a one only if they say no more."""
    held = catalog.topic_papers()
    thin = []
    for topic in _all(tree(catalog)):
        papers = {paper for one in _all((topic,)) for paper in held.get(one.id, ())}
        said = sum(words.get(paper, 0) for paper in papers)
        if said < THIN and not topic.clustered:
            thin.append(ThinTopic(TopicRef(topic.id, topic.path), len(papers), said))
    return tuple(sorted(thin, key=lambda one: (one.words, one.topic.path)))


def _all(topics: Iterable[Topic]) -> Iterable[Topic]:
    for topic in topics:
        yield topic
        yield from _all(topic.children)


def _values(paper: Paper, by: By) -> tuple[str | int, ...]:
    if by == "tag":
        return paper.tags
    value = paper.venue if by == "venue" else paper.year
    return () if value is None else (value,)


def _of_notes(papers: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    notes: dict[str, list[str]] = defaultdict(list)
    for note, about in papers.items():
        for paper in about:
            notes[paper].append(note)
    return notes


def _place(value: str | int | None, by: By, papers: int) -> tuple[int, str]:
    if isinstance(value, int):
        return -value, ""
    return 0 if by == "note" else -papers, value or ""


def _by_label(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    return tuple(sorted(papers, key=lambda paper: (paper.label.casefold(), paper.id)))


def _has_id(paper: Paper) -> bool:
    return any((paper.arxiv, paper.openreview, paper.doi, paper.acl))
