"""The options that verbs share, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

MAX_LIMIT = 1000

Query = Annotated[list[str], typer.Argument(metavar="QUERY...", help="What you look for, in your own words.")]
Handles = Annotated[
    list[str],
    typer.Argument(
        metavar="HANDLE...",
        help="A number of the last answer, an id or its beginning, a key, an arXiv, OpenReview, DOI or ACL id, "
        "a URL, a title, or file:line.",
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=MAX_LIMIT, help="How many papers to list.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Explain = Annotated[bool, typer.Option("--explain", help="Print scores and what they are made of.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Build first, if notes have changed.")]
Index = Annotated[Path | None, typer.Option("--index", metavar="FOLDER", help="The index [env: RETRIEVER_INDEX].")]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Embedding model: hub name or folder [env: RETRIEVER_MODEL]."),
]
Download = Annotated[bool, typer.Option("--download", help="Allow the model to be downloaded.")]
