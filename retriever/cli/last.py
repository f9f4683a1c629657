"""The last answer over each index, so that `show 1` and `similar 1` mean its first paper."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.cli.locate import user_folder
from retriever.errors import UsageError

if TYPE_CHECKING:
    from retriever.records import Hit

_RANK = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit of the last answer: its paper, None for a section, and the place of its best passage."""

    paper: str | None
    passage: str
    line: int


def remember(index: Path, hits: Sequence[Hit]) -> None:
    """Keep what an answer showed, in order of rank.

    An answer counts more than its memory: where the state folder cannot be written, nothing is kept.
    """
    shown = [[hit.paper and hit.paper.id, hit.passages[0].id, hit.passages[0].first_line] for hit in hits]
    path = _path(index)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(shown), encoding="utf-8")
        draft.replace(path)


def handle(index: Path, word: str) -> str:
    """Return the handle that a word of the command line means: a rank of the last answer, or the word itself."""
    shown = hit_of(index, word)
    if shown is None:
        return word
    if shown.paper is None:
        raise UsageError(f"Number {word} of the last answer is a section about no paper.")
    return shown.paper


def hit_of(index: Path, word: str) -> Shown | None:
    """Return the hit of the last answer that a word means, None for a word that is no rank."""
    if not _RANK.fullmatch(word):
        return None
    shown = _recall(index)
    rank = int(word)
    if rank > len(shown):
        raise UsageError(f"The last answer has {len(shown)} papers, and no number {word}.", "Search first.")
    return shown[rank - 1]


def _recall(index: Path) -> list[Shown]:
    try:
        found = [Shown(*entry) for entry in json.loads(_path(index).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
    sound = all(
        isinstance(shown.paper, str | None) and isinstance(shown.passage, str) and isinstance(shown.line, int)
        for shown in found
    )
    return found if sound else []


def _path(index: Path) -> Path:
    name = sha256(os.fsencode(index.resolve())).hexdigest()[:16]
    return user_folder("XDG_STATE_HOME", ".local/state") / "last" / f"{name}.json"
