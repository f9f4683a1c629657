"""Hits as editors read them: file:line:column:text, one a line, as `grep` and `rg --vimgrep` print theirs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.records.printable import clean

if TYPE_CHECKING:
    from retriever.records import PassageHit, Place, Results


def lines(found: Results, place: Callable[[str], Place]) -> Iterator[str]:
    """Yield a line a hit, best first; `place` tells where a passage, named by its id, stands on disk."""
    for hit in found.hits:
        best = hit.passages[0]
        file = place(best.id).file
        line, column = _first_word(file, best)
        yield f"{_path(file)}:{line}:{column}:{clean(hit.label)}: {' '.join(clean(best.text).split())}"


def _path(file: str) -> str:
    """Return the path from the working folder, where the file lies below it, as editors show it."""
    below = os.path.relpath(file)
    return file if below.startswith(os.pardir) else below


def _first_word(file: str, best: PassageHit) -> tuple[int, int]:
    """Return the line and the byte column, both from 1, of the first highlighted word in the note as it lies there.

    Where it is not to be found (none is highlighted, the note is no text, or has changed), the window's first line.
    """
    wanted = [best.text[start:end].encode() for start, end in best.highlights[:1]]
    try:
        with Path(file).open("rb") as note:
            text = list(islice(note, best.first_line - 1, best.last_line))
    except OSError:
        text = []
    for word in wanted:
        for number, line in enumerate(text, best.first_line):
            if (at := line.find(word)) >= 0:
                return number, at + 1
    return best.first_line, 1
