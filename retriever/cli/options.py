"""The options that verbs share, each written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from retriever.cli import completing

MAX_LIMIT = 1000

Query = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY...",
        help='What you look for, in your own words; - reads it from stdin. In quotes for the shell: "exact phrase", '
        "+must, -not, and the filters below as name:value, each with - for all others.",
    ),
]
_HANDLE = (
    "A number of the last answer, an id or its beginning, a key, an arXiv, OpenReview, DOI or ACL id, a URL, "
    "a title, or file:line"
)
Handles = Annotated[
    list[str], typer.Argument(metavar="HANDLE...", help=f"{_HANDLE}.", autocompletion=completing.papers)
]
Papers = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PAPERS...",
        help=f"{_HANDLE}; - reads them from stdin, one a line.",
        autocompletion=completing.papers,
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=MAX_LIMIT, help="How many papers to list.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Explain = Annotated[bool, typer.Option("--explain", help="Print scores and what they are made of.")]
AnswerForm = Literal["screen", "vimgrep"]
Form = Annotated[
    AnswerForm, typer.Option("--format", help="For a reader, or file:line:column:text for an editor's list of places.")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Build first, if notes have changed.")]
Index = Annotated[Path | None, typer.Option("--index", metavar="FOLDER", help="The index [env: RETRIEVER_INDEX].")]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Embedding model: hub name or folder [env: RETRIEVER_MODEL].",
        autocompletion=completing.models,
    ),
]
Download = Annotated[bool, typer.Option("--download", help="Allow the model to be downloaded.")]


def _filter(name: str, metavar: str, help_: str, offered: Callable[..., completing.Offer] | None = None) -> object:
    return typer.Option(f"--{name}", metavar=metavar, help=help_, autocompletion=offered)


Several = list[str] | None
Venue = Annotated[Several, _filter("venue", "NAME", "Papers at a venue; of several, at any.", completing.venues)]
Year = Annotated[Several, _filter("year", "YEAR", "Papers of a year, 2025, or of years, 2023..2025, 2023.. or ..2025.")]
Since = Annotated[Several, _filter("since", "DATE", "Papers since 2025, 2025-09 or 2025-09-30.")]
Author = Annotated[Several, _filter("author", "NAME", "Papers by an author; of several, by all.", completing.authors)]
Tag = Annotated[Several, _filter("tag", "TAG", "Papers that you tagged so, or tag/below.", completing.tags)]
Topic = Annotated[
    Several,
    _filter("topic", "TOPIC", "Passages filed under a topic or below it; by name, path or id.", completing.topics),
]
Marker = Annotated[Several, _filter("marker", "EMOJI", "Papers that you marked so.")]
Rating = Annotated[Several, _filter("rating", "STARS", "Papers that you rated 4, >=4, <3 or 3..5, of five.")]
Status = Annotated[Several, _filter("status", "WORD", "Papers with a status, such as todo.", completing.statuses)]
Note = Annotated[Several, _filter("note", "PATH", "Passages of notes with this in their path.", completing.notes)]
Kind = Annotated[Several, _filter("kind", "KIND", "Passages about a paper, or about none: paper or section.")]
Has = Annotated[Several, _filter("has", "FIELD", "Papers that have it: abstract, arxiv, doi, url, rating, ...")]

# Of the verbs that listen.
Host = Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; any other needs a token.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 for any that is free.")]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A name that this machine is called by from outside; may be repeated."),
]
Token = Annotated[
    str | None,
    typer.Option(
        metavar="TOKEN", envvar="RETRIEVER_TOKEN", help="Ask for this token; others on this machine see options."
    ),
]
