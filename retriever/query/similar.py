"""Papers like other papers: by their text, and by where they are filed and what they cite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retriever import words
from retriever.errors import UsageError
from retriever.query import matches, reasons
from retriever.query.answer import results
from retriever.query.handles import find_paper
from retriever.query.likeness import SHARED, Source, of_paper, source
from retriever.query.links import Links
from retriever.query.rank import Added, Ranked, best_first, one_a_passage
from retriever.query.retrieve import idf, nearest
from retriever.query.search import check_limit
from retriever.query.sections import named, topics_of
from retriever.records import Paper, Parts, Reason, Results, Signal, TopicRef

if TYPE_CHECKING:
    from retriever.index import Catalog, Snapshot, WindowRow
    from retriever.index.arrays import Float32Vector
    from retriever.records import Passage

# Being filed under one innermost topic, and a citation between two papers or one that they share, count as this much
# cosine each: judgement, since headings are what the likeness of texts is measured against.
TOPIC_BONUS = 0.05
CITE_BONUS = 0.05
POOL = 150  # windows that each side gives to choose from
POOL_PER_PAPER = 8
WINDOWS_READ = 20  # of one paper: more of a long note change neither its direction nor its words
RAREST = 25  # terms of the source by which words find candidates
LINKED = 50  # papers, the most alike, whose citations are looked at
TELLING = 10  # a term explains something if it stands in one window of so many, or in FEW altogether
FEW = 3

Encode = Callable[[str], "Float32Vector"]  # a text to a unit vector of shape (dim,)


def similar(
    snapshot: Snapshot,
    handles: Sequence[str],
    *,
    limit: int,
    without: Sequence[str] = (),
    among: Collection[str] | None = None,
    text: str | None = None,
    encode: Encode | None = None,
) -> Results:
    """Return the papers most like those that the handles name, taken together; they themselves are left out.

    A place (`file:line`) in a section about no paper counts as a paper with the section's text. `without` names what
    to keep away from; `text`, which `encode` turns into a vector, counts as one paper more. `among`, handles of
    papers, ranks just those. Sections are no answer. Raises PaperNotFoundError for a handle, UsageError for neither
    handle nor text, or a limit outside 1 to 1,000.
    """
    check_limit(limit)
    if not handles and not (text and text.strip()):
        raise UsageError("No paper is given.", "Name one by id, key, title, link or file:line.")
    catalog = snapshot.catalog
    asked, sections = named(catalog, handles)
    unwanted, away = named(catalog, without)
    known = _windows_of(catalog, {*asked, *unwanted})
    papers = catalog.papers({*asked, *unwanted})
    wanted = [of_paper(snapshot, papers[paper], known[paper]) for paper in asked if paper in known]
    wanted += [section.text(snapshot) for section in sections]
    if text and text.strip() and encode is not None:
        wanted.append((encode(text), words.terms(text)))
    if not wanted:
        return Results("", "dense", None, (), ())
    avoided = [of_paper(snapshot, papers[paper], known[paper]) for paper in unwanted if paper in known]
    centre = source(snapshot.lexical, wanted, [*avoided, *(section.text(snapshot) for section in away)])
    left_out = {*asked, *unwanted}
    allowed = None if among is None else {find_paper(catalog, handle) for handle in among} - left_out
    found = {entry.paper.id: entry for entry in _alike(snapshot, centre, limit, left_out, allowed)}
    sources = {paper: papers[paper] for paper in asked}
    told = _Told(
        found=found,
        links=Links(catalog, asked, list(found)[: max(LINKED, limit)]),
        sources=sources,
        shared={topic.id: topic for paper in sources.values() for topic in paper.filed} | topics_of(catalog, sections),
        telling=_telling(centre, snapshot.lexical.count),
    )
    ranked = [Ranked(entry.paper.id, told.added(entry), one_a_passage(entry.windows)) for entry in found.values()]
    labels = [*(paper.label for paper in sources.values()), *(section.label for section in sections)]
    return results(
        catalog,
        "; ".join([*labels, *([" ".join(text.split())] if text else [])]),
        "dense",
        best_first(ranked)[:limit],
        terms=told.telling.keys(),
        explained=told,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is told of the papers found, by id: beside which of `sources` they are filed, cited, or alike in words."""

    found: Mapping[str, _Alike]
    links: Links
    sources: Mapping[str, Paper]
    shared: Mapping[str, TopicRef]
    telling: Mapping[str, float]

    def added(self, entry: _Alike) -> Added:
        beside = any(topic.id in self.shared for topic in entry.paper.filed)
        return (
            ("meaning", entry.cosine),
            ("words", SHARED * entry.shared),
            *((("topic", TOPIC_BONUS),) if beside else ()),
            *((("citation", CITE_BONUS),) if self.links.tied(entry.paper.id) else ()),
        )

    def parts(self, entry: Ranked) -> Parts:
        alike = self.found[entry.unit]
        return Parts(alike.shared, alike.cosine)

    def reasons(self, entry: Ranked, paper: Paper | None, _: Passage) -> tuple[Reason, ...]:
        assert paper is not None  # sections were left out
        said = (
            reasons.filed_together(self.shared, paper, self.sources),
            self.links.reason(paper.id),
            reasons.text_alike(self.telling, [entry.windows[0].text], tuple(self.sources)),
        )
        return tuple(reason for reason in said if reason is not None)

    def signals(self, entry: Ranked, passage: Passage) -> tuple[Signal, ...]:
        alike = self.found[entry.unit]
        said = {reason.kind: reason.text for reason in self.reasons(entry, alike.paper, passage)}
        words_here = matches.told(matches.matched(passage, entry.windows[0], self.telling))
        texts = {
            "meaning": f"cosine {alike.cosine:.3f}",
            "words": f"telling words in common {alike.shared:.3f}{words_here and f'; {words_here}'}",
            "topic": said.get("topic", ""),
            "citation": said.get("cites", ""),
        }
        return tuple(Signal(name, value, texts[name]) for name, value in entry.added)


def _telling(centre: Source, windows: int) -> dict[str, float]:
    """Return the terms that explain something, and their IDF."""
    least = idf(windows, max(FEW, windows // TELLING))
    return {term: weight for term, weight in centre.terms.items() if weight >= least}


@dataclass(frozen=True, slots=True)
class _Alike:
    """A paper with its windows, nearest to the source first."""

    paper: Paper
    cosine: float
    shared: float
    windows: tuple[WindowRow, ...]

    @property
    def likeness(self) -> float:
        return self.cosine + SHARED * self.shared


def _alike(
    snapshot: Snapshot, centre: Source, limit: int, left_out: Collection[str], allowed: Collection[str] | None
) -> list[_Alike]:
    """Return the papers allowed, or those that either side finds, most alike first."""
    papers = _candidates(snapshot, centre, limit, left_out) if allowed is None else allowed
    found = []
    known = snapshot.catalog.papers(papers)
    for paper, windows in _windows_of(snapshot.catalog, papers).items():
        vector, terms = of_paper(snapshot, known[paper], windows)
        cosine, shared = centre.likeness(vector, terms)
        near = snapshot.vectors.scores(centre.vector, np.array([window.row for window in windows], dtype=np.int64))
        order = sorted(range(len(windows)), key=lambda at: (-near[at], at))
        found.append(_Alike(known[paper], cosine, shared, tuple(windows[at] for at in order)))
    return sorted(found, key=lambda entry: (-entry.likeness, entry.paper.id))


def _candidates(snapshot: Snapshot, centre: Source, limit: int, left_out: Collection[str]) -> set[str]:
    """Return the papers of the windows that meaning or words find: enough of them, unless there are no more."""
    pool = max(POOL, POOL_PER_PAPER * limit)
    while True:
        rows = {
            *nearest(snapshot, centre.vector, pool),
            *snapshot.lexical.search(centre.rarest(RAREST), pool)[1].tolist(),
        }
        papers = {window.paper for window in snapshot.catalog.windows(sorted(rows)) if window.paper is not None}
        papers -= set(left_out)
        if len(papers) >= limit or pool >= snapshot.vectors.count:
            return papers
        pool *= 4  # long notes of the asked papers filled it


def _windows_of(catalog: Catalog, papers: Collection[str]) -> Mapping[str, list[WindowRow]]:
    """Return the first windows of each paper, in order."""
    rows = [row for of_paper in catalog.rows_of_papers(papers).values() for row in of_paper[:WINDOWS_READ]]
    found: dict[str, list[WindowRow]] = defaultdict(list)
    for window in catalog.windows(rows):
        if window.paper is not None:
            found[window.paper].append(window)
    return found
