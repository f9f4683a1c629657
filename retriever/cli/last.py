"""The last answer over each index, so that `show 1` and `similar 1` mean its first paper."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from retriever.cli.locate import user_folder
from retriever.errors import UsageError

_RANK = re.compile(r"[1-9][0-9]{0,3}")


def remember(index: Path, papers: Sequence[str | None]) -> None:
    """Keep the ids of an answer in order of rank; None for a hit about no paper.

    An answer counts more than its memory: where the state folder cannot be written, nothing is kept.
    """
    path = _path(index)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(list(papers)), encoding="utf-8")
        draft.replace(path)


def handle(index: Path, word: str) -> str:
    """Return the handle that a word of the command line means: a rank of the last answer, or the word itself."""
    if not _RANK.fullmatch(word):
        return word
    papers = _recall(index)
    rank = int(word)
    if rank > len(papers):
        raise UsageError(f"The last answer has {len(papers)} papers, and no number {word}.", "Search first.")
    paper = papers[rank - 1]
    if paper is None:
        raise UsageError(f"Number {word} of the last answer is a section about no paper.")
    return paper


def _recall(index: Path) -> list[str | None]:
    try:
        papers = json.loads(_path(index).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return papers if isinstance(papers, list) and all(isinstance(p, str | None) for p in papers) else []


def _path(index: Path) -> Path:
    name = sha256(os.fsencode(index.resolve())).hexdigest()[:16]
    return user_folder("XDG_STATE_HOME", ".local/state") / "last" / f"{name}.json"
