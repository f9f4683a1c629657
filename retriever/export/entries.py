"""A paper as an entry of a bibliography: what every format says, before it is written as one of them says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from retriever.export.people import Person, people
from retriever.export.venues import Kind, kind_of
from retriever.records import Lacking, Paper, Quote
from retriever.records.printable import clean


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a paper, each text one line without control characters.

    `others` tells that more authors exist than are named. `venue` is None where it only says that it is a preprint.
    `addresses` are its link, then the pages of those ids that the link does not hold.
    """

    key: str
    kind: Kind
    paper: Paper
    people: tuple[Person, ...]
    others: bool
    addresses: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()

    @property
    def venue(self) -> str | None:
        return None if self.kind == "preprint" else self.paper.venue

    @property
    def unlinked(self) -> dict[str, str]:
        """The ids that no address tells and no format has a field for, by the name of who gives them."""
        told = " ".join(self.addresses[:1])
        ids = {"OpenReview": self.paper.openreview, "ACL": self.paper.acl}
        return {name: value for name, value in ids.items() if value and value not in told}


def entries(papers: Iterable[Paper], keys: Mapping[str, str], quotes: Mapping[str, Sequence[Quote]]) -> list[Entry]:
    """Return the entries of papers, in their order. `keys` and `quotes` are by the papers' ids."""
    return [_entry(_printable(paper), keys[paper.id], tuple(map(_quote, quotes.get(paper.id, ())))) for paper in papers]


def lacking(found: Sequence[Entry], *, quoted: bool) -> tuple[Lacking, ...]:
    """Return which fields some entries do not have, with their number; `quoted` counts the notes' words too."""
    counts = {
        "title": sum(entry.paper.title is None for entry in found),
        "authors": sum(not entry.people for entry in found),
        "full list of authors": sum(bool(entry.people) and entry.others for entry in found),
        "year": sum(entry.paper.year is None for entry in found),
        "venue": sum(entry.paper.venue is None for entry in found),
        "link or id": sum(not entry.addresses for entry in found),
        "sentence of yours": sum(quoted and not entry.quotes for entry in found),
    }
    return tuple(Lacking(field, count) for field, count in counts.items() if count)


def _entry(paper: Paper, key: str, quotes: tuple[Quote, ...]) -> Entry:
    persons, others = people(paper.authors)
    kind = kind_of(paper.venue) if paper.venue else "preprint" if paper.arxiv else "other"
    return Entry(key, kind, paper, persons, others, tuple(_addresses(paper)), quotes)


def _quote(quote: Quote) -> Quote:
    heading = one_line(quote.heading or "") or None
    return replace(quote, file=one_line(quote.file), heading=heading, text=one_line(quote.text))


def _addresses(paper: Paper) -> Iterable[str]:
    own = paper.address
    if own is None:
        return
    yield own
    for kind in ("openreview", "arxiv", "acl"):
        value = getattr(paper, kind)
        if value and value not in own and (page := Paper(id="", label="", **{kind: value}).address):
            yield page


def one_line(text: str) -> str:
    """Return text as one line without what a terminal or a reader of files might obey."""
    return " ".join(clean(text).split())


def _printable(paper: Paper) -> Paper:
    """Return a paper whose texts are lines that may be written anywhere; what is empty then is None."""
    texts: dict[str, Any] = {}
    for field in fields(paper):
        value = getattr(paper, field.name)
        if isinstance(value, str):
            texts[field.name] = one_line(value) or None
        elif isinstance(value, tuple) and field.name != "topics":
            texts[field.name] = tuple(filter(None, map(one_line, value)))
    topics = tuple(replace(topic, path=tuple(map(one_line, topic.path))) for topic in paper.topics)
    texts["label"] = texts["label"] or paper.id
    return replace(paper, **texts, topics=topics)
