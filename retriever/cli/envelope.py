"""An answer on stdout: in lines for a reader, or as JSON in the envelope that every face shares."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from retriever.cli.screen import Screen
from retriever.records import success
from retriever.records.printable import is_unsafe

if TYPE_CHECKING:
    from retriever.records import Json


class ReaderGoneError(Exception):
    """Whoever read stdout went away."""


def dumps(value: Json) -> str:
    """Return one line of JSON with every character that a terminal might obey escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isascii() else "".join(_escaped(char) if is_unsafe(char) else char for char in text)


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]


def answer(command: str, data: object, *, as_json: bool, lines: Callable[[Screen], Iterable[str]]) -> None:
    """Print an answer on stdout: `data` in the envelope, or its lines for a reader."""
    if as_json:
        print_json(success(command, data))
        return
    screen = Screen.of(sys.stdout)
    for line in lines(screen):
        print_line(screen.finish(line).rstrip())


def print_json(value: Json) -> None:
    print_line(dumps(value))


def print_line(line: str) -> None:
    print_text(f"{line}\n")


def print_text(text: str) -> None:
    try:
        print(text, end="")  # noqa: T201  a command line prints
    except BrokenPipeError as error:
        raise ReaderGoneError from error  # typer would end the process on an OSError, with a code of its own
