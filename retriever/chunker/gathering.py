"""The record of a paper, gathered from its mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from retriever.chunker.identifiers import Identifiers, normal_title
from retriever.records import Paper, Passage


def gather(id_: str, mentions: Sequence[Passage]) -> Paper:
    """Gather what the mentions say: of differing values the most frequent, then the longest, then the first.

    Titles that differ in case and signs only count as one.
    """
    titles = [mention.title for mention in mentions if mention.title]
    agreed = _most([normal_title(title) for title in titles])
    title = _most([title for title in titles if normal_title(title) == agreed])
    name = _most([mention.name for mention in mentions])
    key = _most([mention.key for mention in mentions])
    ids = Identifiers(*(_most([getattr(m, kind) for m in mentions]) for kind in ("arxiv", "openreview", "doi", "acl")))
    years = [str(mention.year) for mention in mentions if mention.year]
    authors = max((mention.authors for mention in mentions), key=lambda names: (len(names), names))
    return Paper(
        id=id_,
        label=title or name or key or ids.openreview or ids.arxiv or ids.doi or ids.acl or id_,
        title=title,
        name=name,
        key=key,
        authors=authors,
        venue=_most([mention.venue for mention in mentions]),
        year=int(_most(years) or 0) or None,
        arxiv=ids.arxiv,
        openreview=ids.openreview,
        doi=ids.doi,
        acl=ids.acl,
        url=_most([mention.url for mention in mentions]),
        markers=tuple(sorted({marker for mention in mentions for marker in mention.markers})),
        tags=tuple(sorted({tag for mention in mentions for tag in mention.tags})),
        abstract=_most([mention.abstract for mention in mentions]),
    )


def _most(values: Iterable[str | None]) -> str | None:
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], -len(value), value), default=None)
