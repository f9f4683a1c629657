"""What notes say of papers that cannot all be true: a key or id of two titles, a title of two ids, pairs to look at.

Nothing is decided here: `identity` keeps such papers apart or together by its own rules. This tells the note-taker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retriever.chunker.identifiers import find_identifiers
from retriever.chunker.identity import Identities
from retriever.chunker.naming import identifiers
from retriever.chunker.titles import nearness, overlap
from retriever.chunker.verdict import SHOWN
from retriever.records import Passage

_IDS = ("openreview", "arxiv", "acl", "doi")
_SHORT_TITLE = 10  # letters; shorter ones are shared by chance
_AGREEING = frozenset({"equal", "shortened", "headed"})  # one title, with more or less of its subtitle
_TITLE_WORDS = 4  # shorter ones may be a nickname
_ALIKE = 0.2  # of the words of both titles; with fewer in common, they are of two papers


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What disagrees (duplicate_key, id_of_two, ids_disagree or perhaps_same), in words, and the passages that do."""

    kind: str
    text: str
    passages: tuple[Passage, ...]


def disagreements(passages: Sequence[Passage], known: Identities) -> list[Disagreement]:
    """Return what passages disagree on; `known` are the papers that they were resolved to."""
    about_papers = [passage for passage in passages if passage.kind == "paper"]
    given = [identifiers(passage) for passage in about_papers]
    return [
        *_of_one_passage(about_papers),
        *_titles_of(about_papers, given),
        *_ids_of(about_papers, given),
        *_perhaps(about_papers, known),
    ]


def _of_one_passage(passages: Sequence[Passage]) -> Iterator[Disagreement]:
    for passage in passages:
        named = find_identifiers(passage.doi or "").arxiv
        if named and passage.arxiv and named.casefold() != passage.arxiv.casefold():
            yield Disagreement("ids_disagree", f"arXiv {passage.arxiv}, but DOI {passage.doi}", (passage,))


def _titles_of(passages: Sequence[Passage], given: Sequence[dict[str, str]]) -> Iterator[Disagreement]:
    """Yield keys and ids under two titles: one was copied wrongly, or a link's text names another paper."""
    for kind in ("key", *_IDS):
        titled: dict[str, list[Passage]] = defaultdict(list)
        for passage, values in zip(passages, given, strict=True):
            if kind in values and passage.title:
                titled[values[kind]].append(passage)
        for first, *rest in titled.values():
            apart: dict[str, Passage] = {}
            for other in rest:
                if _apart(kind, str(first.title), str(other.title)):
                    apart.setdefault(str(other.title), other)
            for title, other in apart.items():
                shown = getattr(other, kind)
                text = f"{SHOWN[kind]} {shown} is of “{first.title}” and of “{title}”"
                yield Disagreement("duplicate_key" if kind == "key" else "id_of_two", text, (first, other))


def _apart(kind: str, one: str, two: str) -> bool:
    """Tell whether titles are of two papers. A link to a paper is often shown by its nickname; that is no fault."""
    near = nearness(one, two)
    if kind == "key" or near in {"numbered", "remark"}:
        return near not in _AGREEING
    shared, together = overlap(one, two)
    whole = min(len(one.split()), len(two.split())) >= _TITLE_WORDS
    return near not in _AGREEING and whole and shared < _ALIKE * together


def _ids_of(passages: Sequence[Passage], given: Sequence[dict[str, str]]) -> Iterator[Disagreement]:
    """Yield titles with two ids of a kind. The DOI that arXiv gives stands beside a publisher's rightly."""
    for kind in _IDS:
        found: dict[str, dict[str, Passage]] = defaultdict(dict)
        for passage, values in zip(passages, given, strict=True):
            value, title = values.get(kind), values.get("title", "")
            if value and len(title) >= _SHORT_TITLE and not (kind == "doi" and find_identifiers(value).arxiv):
                found[title].setdefault(value, passage)
        for first, *rest in (tuple(of_title.values()) for of_title in found.values()):
            for other in rest:
                both = f"{SHOWN[kind]} {getattr(first, kind)} and {getattr(other, kind)}"
                yield Disagreement("ids_disagree", f"“{first.title}” has {both}", (first, other))


def _perhaps(passages: Sequence[Passage], known: Identities) -> Iterator[Disagreement]:
    first: dict[str, Passage] = {}
    for passage in passages:
        first.setdefault(known.of_passage[passage.id], passage)
    labels = {paper.id: paper.label for paper in known.papers}
    for paper, other, reason in known.perhaps:
        if paper < other:
            text = f"“{labels[paper]}” is perhaps the same as “{labels[other]}”: {reason}"
            yield Disagreement("perhaps_same", text, (first[paper], first[other]))
