"""Filing papers under topics: as the notes say, and where they say nothing, by meaning."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from retriever.index import Draft, Snapshot
from retriever.index.schema import Filed
from retriever.topics import Cluster, Filing, TopicNode, TopicTree, grow
from retriever.words import fold

# [[note]], [[folder/note#part|shown]], and [shown](folder/note.md)
_LINK = re.compile(r"\[\[(?P<wiki>[^\[\]|#\n]+)[^\[\]\n]*\]\]|\]\(<?(?P<plain>[^()<>\s#]+\.\w+)>?\)")
_MAP = re.compile(r"\bmocs?\b|\bmaps? of contents?\b|\bindex\b|\boverview\b", re.IGNORECASE)


def by_notes(filed: Sequence[Filed]) -> TopicTree:
    """Return the tree that the notes make of their own headings, folders, tags and maps."""
    listed = _listed(filed)
    return grow(
        Filing(
            paper=one.paper,
            passage=one.passage,
            path=_without_title(one),
            folder=PurePosixPath(one.file).parts[:-1],
            tags=one.tags,
            listed=tuple(listed.get(one.file, ())),
        )
        for one in filed
    )


def by_meaning(draft: Draft, tree: TopicTree, papers: Iterable[str], *, relayout: bool) -> int:
    """Find a place for the papers that no note files, and return the number of clusters that this takes."""
    if all(paper in tree.of_paper for paper in papers):
        return 0
    from retriever.topics.leftover import settle  # noqa: PLC0415  numpy, which most builds need for vectors only

    late = draft.late_topics()
    ids, vectors = late.vectors()
    found = settle(ids, vectors, tree.of_paper, late.texts, _clusters(draft.previous), relayout=relayout)
    late.add(found.nodes, found.of_paper)
    return len(found.nodes)


def _clusters(previous: Snapshot | None) -> list[Cluster]:
    if previous is None:
        return []
    held, joined = previous.catalog.topic_papers(), previous.catalog.joined_papers()
    return [
        Cluster(
            TopicNode(node.id, node.path, node.parent, clustered=True),
            papers := frozenset(held.get(node.id, ())),
            papers & joined,
        )
        for node in previous.catalog.topics()
        if node.clustered
    ]


def _without_title(one: Filed) -> tuple[str, ...]:
    """The heading path less the title of the note, which says where a passage stands and not what it is about."""
    path, title = one.heading_path, one.note_title
    return path[1:] if path and title and fold(path[0]) == fold(title) else path


def _listed(filed: Sequence[Filed]) -> dict[str, list[tuple[str, ...]]]:
    """Return for each note about one paper the paths under which other notes link to it.

    Without a heading above the link, the note that links is itself the topic ("Diffusion MOC").
    """
    about: dict[str, set[str | None]] = defaultdict(set)
    for one in filed:
        about[one.file].add(one.paper)
    named: dict[str, list[str]] = defaultdict(list)
    for file, papers in about.items():
        if len(papers) == 1 and None not in papers:
            named[_stem(file)].append(file)
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for one in filed:
        path = _without_title(one) or (_MAP.sub(" ", one.note_title or PurePosixPath(one.file).stem),)
        for link in _LINK.finditer(one.linking):
            targets = named.get(_stem(link["wiki"] or link["plain"]), ())
            if len(targets) == 1 and targets[0] != one.file:  # of two notes of one name, either may be meant
                found[targets[0]].append(path)
    return found


def _stem(name: str) -> str:
    """Return the name of a note without folders and ending, as links may write it."""
    last = name.replace("%20", " ").strip().rsplit("/", 1)[-1]
    return fold(re.sub(r"\.(?:md|markdown|txt|org|rst|tex|html?|ipynb)$", "", last, flags=re.IGNORECASE))
