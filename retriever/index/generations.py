"""The generations on the disk: their names, which of them stay, and where the next one goes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from retriever.errors import RetrieverError
from retriever.index import durable
from retriever.index.manifest import COPY, CURRENT, MANIFEST, Pointer, read_pointer

NEXT = f"{CURRENT}.next"
_GENERATION = re.compile(r"gen-(\d{6,})")
_ASIDE = re.compile(r"damaged-gen-(\d{6,})(?:-\d+)?")


def generations(index: Path) -> list[str]:
    """Return the names of the generations, oldest first, published or not."""
    return _folders(index, _GENERATION)


def set_aside(index: Path) -> list[str]:
    """Return the names of the generations that a repair set aside, oldest first."""
    return _folders(index, _ASIDE)


def _folders(index: Path, names: re.Pattern[str]) -> list[str]:
    found = [entry.name for entry in os.scandir(index) if names.fullmatch(entry.name) and entry.is_dir()]
    return sorted(found, key=lambda name: (number(name), name))


def _next_folder(index: Path) -> Path:
    """Return the folder of the next generation, which does not exist; no number is given twice."""
    last = max((number(name) for name in [*generations(index), *set_aside(index)]), default=0)
    return index / f"gen-{last + 1:06d}"


def sweep(index: Path, current: str | None) -> None:
    """Drop what killed builds left: all but the current generation and the one before it.

    Where no generation is current, those that were complete stay: their vectors may be all that can be saved.
    """
    durable.remove_file(index / NEXT)
    names = generations(index)
    if current is None:
        drop(index, [name for name in names if not any((index / name / file).is_file() for file in (MANIFEST, COPY))])
    else:
        older = [name for name in names if number(name) < number(current)]
        drop(index, [name for name in names if name not in {current, *older[-1:]}])


def drop(index: Path, names: Iterable[str]) -> None:
    for name in names:
        durable.remove_folder(index / name)


def switch(index: Path, pointer: Pointer) -> None:
    """Make a generation the current one, in one step."""
    durable.write_file(index / NEXT, pointer.line().encode())
    durable.replace(index / NEXT, index / CURRENT)
    durable.sync_folder(index)


@contextmanager
def draft_folder(index: Path) -> Iterator[Path]:
    """Make the folder of the next generation; it is dropped at the end unless it was published."""
    folder = _next_folder(index)
    try:
        durable.make_folder(folder)
        yield folder
    finally:
        # A draft that cannot be dropped now is swept by the next build.
        with suppress(RetrieverError):
            if not is_current(index, folder.name):
                drop(index, [folder.name])


def is_index(index: Path) -> bool:
    """Tell whether a folder is an index, or what is left of one."""
    return index.is_dir() and (os.path.lexists(index / CURRENT) or bool(generations(index) or set_aside(index)))


def is_current(index: Path, generation: str) -> bool:
    try:
        return read_pointer(index).generation == generation
    except RetrieverError:  # a pointer that cannot be read names none
        return False


def number(generation: str) -> int:
    """Return the number in the name of a generation, also of one that was set aside."""
    return int(generation.removeprefix("damaged-").split("-")[1])
