"""What a score is made of, line by line, in numbers that add up as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from retriever.cli.screen import wrap
from retriever.records import SignalName
from retriever.records.printable import clean

if TYPE_CHECKING:
    from retriever.records import Hit

DIGITS = 3
_NAME_COLUMNS = max(map(len, get_args(SignalName)))


def score(hit: Hit, columns: int) -> list[str]:
    """Return the score of a hit and each signal that it is the sum of; nothing where filters alone found it."""
    if not hit.signals:
        return []
    sure = "" if hit.confidence is None else f", confidence {hit.confidence:.2f}"
    lines = [f"score {hit.score:.{DIGITS}f}{sure}"]
    for signal, value in zip(hit.signals, shown([one.value for one in hit.signals], hit.score), strict=True):
        head = f"{value:+.{DIGITS}f}  {signal.name:<{_NAME_COLUMNS}}"
        first, *rest = wrap(clean(signal.text), max(columns - len(head) - 1, 1)) or [""]
        lines += [f"{head} {first}", *(" " * (len(head) + 1) + line for line in rest)]
    return lines


def shown(values: Sequence[float], total: float) -> list[float]:
    """Return values rounded so that they add up to the rounded total: those nearest to the other side give way."""
    scale = 10**DIGITS
    units = [round(value * scale) for value in values]
    missing = round(total * scale) - sum(units)
    step = 1 if missing > 0 else -1
    by_need = sorted(range(len(units)), key=lambda at: step * (units[at] - values[at] * scale))
    for at in by_need[: abs(missing)]:
        units[at] += step
    return [unit / scale for unit in units]
