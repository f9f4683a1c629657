"""The command `retriever` and its verbs."""

from __future__ import annotations

from typing import Annotated

import typer

from retriever import __version__
from retriever.cli import (
    agents,
    browsing,
    building,
    checking,
    editing,
    evaluating,
    exporting,
    reading,
    searching,
    serving,
    watching,
)
from retriever.cli.envelope import print_line

app = typer.Typer(
    name="retriever",
    help="Search the notes that you keep on papers.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(asked: bool) -> None:
    if asked:
        print_line(f"retriever {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


app.command()(building.build)
app.command()(searching.search)
app.command()(searching.similar)
app.command()(browsing.topics)
app.command()(reading.show)
app.command()(reading.papers)
app.command()(exporting.export)
app.command("open")(editing.open_note)
app.command()(building.chunk)
app.command()(building.status)
app.command()(building.doctor)
app.command()(checking.check)
app.command("eval")(evaluating.evaluate)
app.command()(watching.watch)
app.command()(serving.serve)
app.command()(agents.mcp)

VERBS = frozenset(
    "build search similar topics show papers export open chunk status doctor check eval watch serve mcp".split()
)
