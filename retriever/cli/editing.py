"""`open`: from an answer to the note itself."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retriever.cli import completing, editors, last
from retriever.cli.envelope import answer
from retriever.cli.locate import locate
from retriever.cli.opening import opened
from retriever.cli.options import AsJson, Index
from retriever.errors import UsageError

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.records import Place

Handle = Annotated[
    str,
    typer.Argument(
        metavar="HANDLE",
        help="A number of the last answer, file:line, or any id, key or title that names a paper.",
        autocompletion=completing.papers,
    ),
]


def open_note(
    handle: Handle,
    obsidian: Annotated[bool, typer.Option("--obsidian", help="Open it in Obsidian.")] = False,
    only_print: Annotated[bool, typer.Option("--print", help="Print the command, and do not run it.")] = False,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """Open the note at the line that speaks of a paper, in $VISUAL or $EDITOR."""
    place = locate(index)
    with opened(place, None) as retriever:
        there = _place(retriever, place.index, handle)
    url = there.obsidian_url if obsidian else None
    if only_print and url:
        command, shown = None, url
    else:
        command = editors.url_command(url) if url else editors.editor_command(there)
        shown = shlex.join(command)
    if command and not only_print:
        _run(command)
    found = {"file": there.file, "line": there.line, "command": command, "url": url}
    answer("open", found, as_json=as_json, lines=lambda _: [shown] if only_print else [])


def _place(retriever: Retriever, index: Path, word: str) -> Place:
    shown = last.hit_of(index, word)
    there = retriever.place(shown.passage if shown else word)
    if not Path(there.file).is_file():
        raise UsageError(f"The note {there.file} is gone.", "Refresh the index with: retriever build")
    return replace(there, line=shown.line) if shown else there


def _run(command: Sequence[str]) -> None:
    try:
        code = subprocess.run(command, check=False).returncode  # noqa: S603  a list of words, and the user's own editor
    except OSError as error:
        raise UsageError(f"{command[0]} could not be started: {error.strerror or error}.") from error
    if code:
        raise UsageError(f"{command[0]} ended with exit code {code}.")
