"""One page of an answer: as many items as it has room for, and where the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from retriever.mcp.bounds import LIMIT, RESERVE, cost
from retriever.mcp.cursors import Place

Item = TypeVar("Item")
Shown = TypeVar("Shown", bound=BaseModel)


def plain(model: BaseModel) -> dict[str, object]:
    """Return a model as JSON values, without what says nothing."""
    return model.model_dump(exclude_none=True, exclude_defaults=True)


def fill(
    answer: BaseModel, items: Sequence[Item], start: int, most: int, show: Callable[[Item], Shown]
) -> tuple[list[Shown], Place | None]:
    """Return the items from `start` on that fit beside the rest of an answer, `most` at most, and the next place.

    `show` makes an item small enough that one always fits.
    """
    room = LIMIT - RESERVE - cost(plain(answer))
    shown: list[Shown] = []
    for item in items[start : start + most]:
        one = show(item)
        room -= cost(plain(one)) + 2
        if room < 0 and shown:
            break
        shown.append(one)
    end = start + len(shown)
    return shown, Place(end) if end < len(items) else None
