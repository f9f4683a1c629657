"""get_paper: what a paper is, and then all that the notes say about it, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retriever.mcp import showing
from retriever.mcp.answers import Dossier, GetPaper, Named, Stretch
from retriever.mcp.bounds import LIMIT, RESERVE, clipped, cost, listed, take
from retriever.mcp.cursors import BEGINNING, Place
from retriever.mcp.pages import plain
from retriever.mcp.requests import Request, handles
from retriever.records import Dossier as Known
from retriever.records import Paper, Passage

_FLAGS = 80  # cost of saying that a text is continued and goes on
_WORTH = 400  # cost: a shorter piece of a text waits for the next page


@dataclass(frozen=True, slots=True)
class _Text:
    kind: str
    passage: Passage
    text: str


def get_paper(request: Request, asked: GetPaper) -> Dossier:
    known = request.retriever.dossier(*handles([asked.paper]))
    texts = list(_texts(known))
    start = request.start
    answer = Dossier(paper=showing.named(known.paper, 6), texts=len(texts), notes=[])
    if start == BEGINNING:
        answer.facts = _facts(known.paper)
        answer.perhaps_the_same = [Named(id=one.paper, label=clipped(one.label, 200)) for one in known.perhaps[:2]]
    room = LIMIT - RESERVE - cost(plain(answer))
    answer.notes, place = _stretches(texts, start, room)
    answer.next_cursor = request.next_cursor(place)
    if place is not None:
        answer.left_out = f"Texts {place.item + 1} to {len(texts)} are not all here; next_cursor gives what follows."
    return answer


def _stretches(texts: list[_Text], start: Place, room: int) -> tuple[list[Stretch], Place | None]:
    """Return as much of the texts as there is room for, from `start` on, and where the next page begins."""
    shown: list[Stretch] = []
    for item, one in enumerate(texts[start.item :], start.item):
        offset = start.offset if item == start.item else 0
        stretch = _head(one)
        left = room - cost(plain(stretch)) - _FLAGS
        if shown and left < _WORTH:
            return shown, Place(item, 0)
        stretch.untrusted_note_text, end = take(one.text, offset, left)
        stretch.continued, stretch.goes_on = offset > 0, end < len(one.text)
        shown.append(stretch)
        if stretch.goes_on:
            return shown, Place(item, end)
        room -= cost(plain(stretch)) + 2
    return shown, None


def _texts(known: Known) -> Iterator[_Text]:
    for passage in known.passages:
        yield _Text("note", passage, passage.text)
        if passage.abstract and passage.abstract not in passage.text:
            yield _Text("abstract", passage, passage.abstract)
    for passage in known.cited_in:
        yield _Text("mention", passage, passage.text)


def _head(one: _Text) -> Stretch:
    return Stretch(
        kind=one.kind,
        file=clipped(one.passage.file, showing.PATH),
        first_line=one.passage.first_line,
        last_line=one.passage.last_line,
        headings=showing.path(one.passage.heading_path),
        untrusted_note_text="",
    )


def _facts(paper: Paper) -> dict[str, str | list[str]]:
    """Return what else is known of a paper; what is not known is left out."""
    single = {
        "date": paper.date,
        "arxiv": paper.arxiv,
        "openreview": paper.openreview,
        "doi": paper.doi,
        "acl": paper.acl,
        "url": paper.url,
    }
    several = {
        "markers": listed(paper.markers, 60, 4),
        "tags": listed(paper.tags, 80, 4),
        "topics": [clipped(" > ".join(topic.path), 200) for topic in paper.topics[:3]],
    }
    facts: dict[str, str | list[str]] = {
        kind: clipped(value, 300 if kind == "url" else 120) for kind, value in single.items() if value
    }
    return facts | {kind: values for kind, values in several.items() if values}
