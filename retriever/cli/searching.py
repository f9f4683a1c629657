"""`search` and `similar`: ranked papers on the first screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from retriever.cli import asked, completing, last, options, render, vimgrep
from retriever.cli.envelope import answer
from retriever.cli.locate import Place, locate
from retriever.cli.opening import build_first, build_index, opened, say_changes, warn
from retriever.cli.options import MAX_LIMIT, AsJson, Download, Explain, Form, Fresh, Handles, Index, Limit, Model, Query
from retriever.cli.screen import say
from retriever.errors import UsageError
from retriever.records import Filters, Mode, Sort

if TYPE_CHECKING:
    from retriever.cli.screen import Screen
    from retriever.library import Retriever
    from retriever.records import Results


def search(
    query: Query = None,
    limit: Limit = 10,
    mode: Annotated[Mode, typer.Option(help="Match by meaning and words, by words, or by meaning.")] = "hybrid",
    sort: Annotated[Sort, typer.Option(help="Best first, or of the best the newest first.")] = "relevance",
    venue: options.Venue = None,
    year: options.Year = None,
    since: options.Since = None,
    author: options.Author = None,
    tag: options.Tag = None,
    topic: options.Topic = None,
    marker: options.Marker = None,
    rating: options.Rating = None,
    status: options.Status = None,
    note: options.Note = None,
    kind: options.Kind = None,
    has: options.Has = None,
    rerank: Annotated[
        str | None,
        typer.Option("--rerank", metavar="NAME", help="Have a cross-encoder order the best 50: hub name or folder."),
    ] = None,
    explain: Explain = False,
    form: Form = "screen",
    fresh: Fresh = False,
    as_json: AsJson = False,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """Rank the papers whose notes answer a question."""
    filters = Filters(venue=venue, year=year, since=since, author=author, tag=tag, topic=topic)
    filters |= Filters(marker=marker, rating=rating, status=status, note=note, kind=kind, has=has)
    text = asked.text_of(query or [], filters)
    place = locate(index)
    build_first(place, model, download=download)
    if fresh and place.built:
        warn(build_index([], place, model, download=download).warnings)
    with opened(place, model, download=download) as retriever:
        found = retriever.search(text, limit=limit, mode=mode, sort=sort, rerank=rerank, **filters)
        _answer("search", found, retriever, place, _Page(limit, form, explain=explain, why=False), as_json=as_json)


def similar(
    papers: Handles,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--not",
            metavar="PAPER",
            help="A paper to keep away from; may be repeated.",
            autocompletion=completing.papers,
        ),
    ] = None,
    limit: Limit = 10,
    explain: Explain = False,
    form: Form = "screen",
    as_json: AsJson = False,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """List the papers most like one paper, or like several together, and say why; - reads a text from stdin."""
    place = locate(index)
    build_first(place, model, download=download)
    with opened(place, model, download=download) as retriever:
        named, unwanted = (
            [last.handle(place.index, word) for word in words if word != "-"] for words in (papers, without or [])
        )
        text = sys.stdin.read() if "-" in papers else None
        found = retriever.similar(*named, limit=limit, without=unwanted, text=text)
        _answer("similar", found, retriever, place, _Page(limit, form, explain=explain, why=True), as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Page:
    """How an answer is shown: what was asked for at most, for whom, with scores, with reasons."""

    limit: int
    form: options.AnswerForm
    explain: bool
    why: bool


def _answer(command: str, found: Results, retriever: Retriever, place: Place, page: _Page, *, as_json: bool) -> None:
    if as_json and page.form != "screen":
        raise UsageError("Choose one of --json and --format.")
    say_changes(retriever, place)
    for remark in found.remarks:
        say(remark)
    last.remember(place.index, found.hits)
    answer(command, found, as_json=as_json, lines=lambda screen: _lines(found, retriever, page, screen))


def _lines(found: Results, retriever: Retriever, page: _Page, screen: Screen) -> Iterator[str]:
    if page.form == "vimgrep":
        yield from vimgrep.lines(found, retriever.place)
        return
    if not found.hits:
        status = retriever.status()
        yield f"No paper answers this, among {status.papers:,} in {status.notes:,} notes."
        return
    clauses = {}
    for hit in found.hits:
        if hit.paper and hit.paper.title is None:
            first = retriever.dossier(hit.paper.id).passages[0]
            clauses[hit.paper.id] = render.first_clause(first.text, hit.paper)
    yield from render.results(found, clauses, screen, explain=page.explain, why=page.why)
    yield from render.footer(found, page.limit, screen, max_limit=MAX_LIMIT)
