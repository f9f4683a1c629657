"""The command `retriever` and its verbs."""

from __future__ import annotations

from collections.abc import Callable
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
from retriever.cli.examples import OVERVIEW, epilog

app = typer.Typer(
    name="retriever",
    help="Search the notes that you keep on papers.",
    epilog=OVERVIEW,
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


# With what the list of verbs says of each, on one line of 80 columns.
_VERBS: dict[str, tuple[Callable[..., int | None], str]] = {
    "build": (building.build, "Read the notes into the index, or refresh it."),
    "search": (searching.search, "Rank the papers whose notes answer a question."),
    "similar": (searching.similar, "List the papers most like one or several, and say why."),
    "topics": (browsing.topics, "Print the topics, one with its papers, or what is lacking."),
    "show": (reading.show, "Print everything that the notes say about a paper."),
    "papers": (reading.papers, "List the papers of the notes, by label."),
    "export": (exporting.export, "Write papers as BibTeX, CSL-JSON, RIS, Markdown or CSV."),
    "open": (editing.open_note, "Open the note at the line that speaks of a paper."),
    "chunk": (building.chunk, "Print the passages that notes are read into."),
    "status": (building.status, "Say what stands in the index, and whether notes changed."),
    "doctor": (building.doctor, "List what was repaired, or is wrong, in the notes."),
    "check": (checking.check, "Read every byte of the index, and make it sound again."),
    "eval": (evaluating.evaluate, "Measure how well a model finds what it should."),
    "watch": (watching.watch, "Follow the notes, and refresh the index as they change."),
    "serve": (serving.serve, "Serve the search page and the JSON API to this machine."),
    "mcp": (agents.mcp, "Give agents six tools that read the index."),
}
VERBS = frozenset(_VERBS)
for _name, (_verb, _summary) in _VERBS.items():
    app.command(_name, short_help=_summary, epilog=epilog(_name))(_verb)
