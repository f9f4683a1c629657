"""The generations on the disk: their names, which of them stay, and where the next one goes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from retriever.errors import RetrieverError
from retriever.index import durable
from retriever.index.manifest import CURRENT, MANIFEST, Pointer, read_pointer

_NEXT = f"{CURRENT}.next"
_GENERATION = re.compile(r"gen-(\d{6,})")


def generations(index: Path) -> list[str]:
    """Return the names of the generations, oldest first, published or not."""
    names = [entry.name for entry in os.scandir(index) if _GENERATION.fullmatch(entry.name)]
    return sorted(names, key=_number)


def next_folder(index: Path) -> Path:
    """Return the folder of the next generation, which does not exist."""
    number = max((_number(name) for name in generations(index)), default=0) + 1
    return index / f"gen-{number:06d}"


def sweep(index: Path, current: str | None) -> None:
    """Drop what killed builds left: all but the current generation and the one before it.

    Where no generation is current, those that were complete stay: their vectors may be all that can be saved.
    """
    durable.remove_file(index / _NEXT)
    names = generations(index)
    if current is None:
        drop(index, [name for name in names if not (index / name / MANIFEST).is_file()])
    else:
        older = [name for name in names if _number(name) < _number(current)]
        drop(index, [name for name in names if name not in {current, *older[-1:]}])


def drop(index: Path, names: Iterable[str]) -> None:
    for name in names:
        durable.remove_folder(index / name)


def switch(index: Path, pointer: Pointer) -> None:
    """Make a generation the current one, in one step."""
    durable.write_file(index / _NEXT, pointer.line().encode())
    durable.replace(index / _NEXT, index / CURRENT)
    durable.sync_folder(index)


def is_current(index: Path, generation: str) -> bool:
    try:
        return read_pointer(index).generation == generation
    except RetrieverError:  # a pointer that cannot be read names none
        return False


def _number(generation: str) -> int:
    return int(generation.partition("-")[2])
