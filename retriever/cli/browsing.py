"""`topics`: the papers by what they are about, by what they share, and what the notes lack."""

from __future__ import annotations

from typing import Annotated

import typer

from retriever.cli import completing, topic_pages
from retriever.cli.envelope import answer
from retriever.cli.locate import locate
from retriever.cli.opening import build_first, opened, say_changes
from retriever.cli.options import AsJson, Index
from retriever.errors import UsageError
from retriever.records import By


def topics(
    topic: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TOPIC...",
            help="A topic: its name, the end of its path (A > B), or its id.",
            autocompletion=completing.topics,
        ),
    ] = None,
    by: Annotated[By | None, typer.Option(help="List papers by what they share instead.")] = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="List what the notes lack: thin topics, papers that are only linked, stubs.")
    ] = False,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Print the topics of the notes with their numbers of papers, or one topic with its papers."""
    asked = " ".join(topic) if topic else None
    if gaps and (asked or by):
        raise UsageError("--gaps looks at all notes: give no TOPIC and no --by.")
    place = locate(index)
    build_first(place, None, download=False)
    with opened(place, None) as retriever:
        say_changes(retriever, place)
        if gaps:
            lacking = retriever.gaps()
            answer("topics", lacking, as_json=as_json, lines=lambda screen: topic_pages.gaps(lacking, screen))
        elif by:
            shared = retriever.sharing(by, asked)
            data = {"by": by, "sharing": shared}
            answer("topics", data, as_json=as_json, lines=lambda screen: topic_pages.sharing(shared, by, screen))
        elif asked:
            page = retriever.topic(asked)
            answer("topics", page, as_json=as_json, lines=lambda screen: topic_pages.page(page, screen))
        else:
            tree = retriever.topics()
            answer("topics", {"topics": tree}, as_json=as_json, lines=lambda screen: topic_pages.tree(tree, screen))
