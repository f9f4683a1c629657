"""`show` and `papers`: what stands in the index, without a question."""

from __future__ import annotations

from typing import Annotated

import typer

from retriever.cli import last, pages
from retriever.cli.envelope import answer
from retriever.cli.locate import locate
from retriever.cli.opening import build_first, opened, say_changes
from retriever.cli.options import MAX_LIMIT, AsJson, Handles, Index


def show(papers: Handles, as_json: AsJson = False, index: Index = None) -> None:
    """Print everything that the notes say about a paper, each with file and lines."""
    place = locate(index)
    build_first(place, None, download=False)
    with opened(place, None) as retriever:
        found = [retriever.dossier(last.handle(place.index, word)) for word in papers]
        say_changes(retriever, place)
        answer("show", {"dossiers": found}, as_json=as_json, lines=lambda screen: pages.dossiers(found, screen))


def papers(
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=1, max=MAX_LIMIT, help="How many papers to list; all if not given."),
    ] = None,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """List the papers of the notes, by label."""
    place = locate(index)
    build_first(place, None, download=False)
    with opened(place, None) as retriever:
        known = retriever.papers()
        found = known[:limit]
        say_changes(retriever, place)
        data = {"total": len(known), "papers": found}
        answer("papers", data, as_json=as_json, lines=lambda screen: pages.papers(found, len(known), screen))
