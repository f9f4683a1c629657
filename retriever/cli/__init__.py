"""The command line: parse, call the library, print. Every failure ends here, as one line or one JSON object."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from retriever.cli.envelope import ReaderGoneError, print_json
from retriever.cli.screen import say
from retriever.errors import RetrieverError, UsageError
from retriever.records import failure

INTERRUPTED = 130
BROKEN_PIPE = 141  # what a shell reports of a command whose reader went away


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line, by default the process's own, and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(words)
        sys.stdout.flush()
    except (BrokenPipeError, ReaderGoneError):
        # The interpreter flushes stdout once more as it ends; nobody is there to hear that it cannot.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _run(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # both are text files, wherever they lead
    try:
        return _command(words)
    except RetrieverError as error:
        return _fail(words, error)
    except (ReaderGoneError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001  whatever happens is told in one line
        if os.environ.get("RETRIEVER_DEBUG") == "1":
            traceback.print_exc()
        told = RetrieverError(
            f"Internal error: {type(error).__name__}: {error}.",
            "Please report it, with what RETRIEVER_DEBUG=1 prints.",
        )
        return _fail(words, told)


def _command(words: list[str]) -> int:
    import typer  # noqa: PLC0415  an interrupt while it loads must end quietly too

    from retriever.cli.app import app  # noqa: PLC0415  the same

    try:
        code = typer.main.get_command(app).main(args=words, prog_name="retriever", standalone_mode=False)
    except typer.TyperException as error:
        verb = _verb(words)
        hint = f"retriever {verb} --help" if verb != "retriever" else "retriever --help"
        raise UsageError(error.format_message().rstrip(".") + ".", f"See: {hint}") from error
    return code if isinstance(code, int) else 0


def _fail(words: list[str], error: RetrieverError) -> int:
    options = words[: words.index("--")] if "--" in words else words
    if "--json" in options:
        print_json(failure(_verb(words), error.code, error.message, error.next_step))
    else:
        say(f"retriever: {error}")
    return error.exit_code


def _verb(words: list[str]) -> str:
    from retriever.cli.app import VERBS  # noqa: PLC0415  only a failure needs it

    first = next((word for word in words if not word.startswith("-")), "")
    return first if first in VERBS else "retriever"
