"""What a shell offers behind a half-typed word: names from the index, quickly, and in silence whatever happens.

A shell may evaluate what it is offered, and names come from notes. So none is offered that holds more than letters,
digits and a few plain signs, and what is said beside one is cut down to these.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from retriever.cli.locate import locate
from retriever.cli.opening import opened

if TYPE_CHECKING:
    from retriever.index.catalog_names import Named

Offer = list[tuple[str, str]]

_MODELS = {
    "paper-small": "the default, 32 MB",
    "paper-static": "the fastest, 9 MB",
    "minilm": "all-MiniLM-L6-v2, of the extra minilm",
}
_PLAIN = re.compile(r"[\w+.][\w+.,/@& -]*")
_UNPLAIN = re.compile(r"[^\w+.,/@& -]+")
_BEFORE = re.compile(r"[^\w+.,/@-]")  # signs that bash would take a word apart at


def models(incomplete: str) -> Offer:
    return [(name, told) for name, told in _MODELS.items() if name.startswith(incomplete)]


def _names(of: Named) -> Callable[[typer.Context, str], Offer]:
    def offer(ctx: typer.Context, incomplete: str) -> Offer:
        try:
            given = ctx.params.get("index")  # a text still: paths are made when a verb runs
            place = locate(Path(given) if given else None)
            if not place.built:
                return []
            with opened(place, None) as retriever:
                found = retriever.names(incomplete, of=of)
        except Exception:  # noqa: BLE001  a message would land in the middle of the line that is being typed
            return []
        return [
            (_typed(name), "" if told == name else _UNPLAIN.sub(" ", told))
            for name, told in found
            if _PLAIN.fullmatch(name)
        ]

    return offer


def _typed(name: str) -> str:
    """Return a name as it has to stand on the command line; zsh and fish quote what they are given."""
    return _BEFORE.sub(r"\\\g<0>", name) if os.environ.get("_RETRIEVER_COMPLETE") == "complete_bash" else name


papers = _names("paper")
topics = _names("topic")
venues = _names("venue")
authors = _names("author")
tags = _names("tag")
statuses = _names("status")
notes = _names("note")
