"""What papers share, counted: the filters that a reader can choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from retriever.records import Paper, Results, Topic

FacetName = Literal["topic", "venue", "year", "tag", "marker", "note"]
MOST = 40  # values of one facet that are offered

Path = tuple[str, ...]
Described = tuple["Paper", Iterable[str]]  # a paper, and the notes that speak of it


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter takes, what it is called, and how many papers have it."""

    value: str
    label: str
    papers: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with the values that some papers have: years newest first, others by the number of papers."""

    name: FacetName
    choices: tuple[Choice, ...]


def facets(papers: Iterable[Described], topics: Mapping[Path, str]) -> tuple[Facet, ...]:
    """Return the facets of papers that have any; `topics` are the ids of all topics by their paths."""
    counts: dict[FacetName, Counter[str]] = {"venue": Counter(), "year": Counter(), "tag": Counter()}
    counts |= {"marker": Counter(), "note": Counter()}
    filed: Counter[Path] = Counter()
    described = list(papers)
    for paper, notes in described:
        counts["venue"].update(filter(None, [paper.venue]))
        counts["year"].update([str(paper.year)] if paper.year else [])
        counts["tag"].update(set(paper.tags))
        counts["marker"].update(set(paper.markers))
        counts["note"].update(set(notes))
        filed.update({topic.path[:depth] for topic in paper.topics for depth in range(1, len(topic.path) + 1)})
    found = [Facet("topic", tuple(_topics(filed, topics, len(described)))[:MOST])]
    for name, counted in counts.items():
        order = (
            sorted(counted, reverse=True) if name == "year" else sorted(counted, key=lambda one: (-counted[one], one))
        )
        found.append(Facet(name, tuple(Choice(value, _label(name, value), counted[value]) for value in order[:MOST])))
    return tuple(facet for facet in found if facet.choices)


def of_answer(results: Results, topics: Mapping[Path, str]) -> tuple[Facet, ...]:
    """Return the facets of the papers of an answer."""
    described = ((hit.paper, {passage.file for passage in hit.passages}) for hit in results.hits if hit.paper)
    return facets(described, topics)


def paths(topics: Iterable[Topic]) -> Iterator[tuple[Path, Topic]]:
    """Yield every topic of a tree by its path."""
    for topic in topics:
        yield topic.path, topic
        yield from paths(topic.children)


def _topics(filed: Counter[Path], topics: Mapping[Path, str], papers: int) -> Iterator[Choice]:
    """Yield the topics that tell some of the papers from others, leaving out those that add nothing to one below."""
    said_below = {path[:-1] for path, count in filed.items() if filed[path[:-1]] == count}
    for path in sorted(filed, key=lambda path: (-filed[path], path)):
        if path in topics and path not in said_below and (filed[path] < papers or papers == 1):
            yield Choice(topics[path], path[-1], filed[path])


def _label(name: FacetName, value: str) -> str:
    return value.rpartition("/")[2] if name == "note" else value
