"""What a score is made of, line by line, in numbers that add up as they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from retriever.cli.screen import wrap
from retriever.records import SignalName
from retriever.records.printable import clean
from retriever.records.wording import DIGITS, adding_up

if TYPE_CHECKING:
    from retriever.records import Hit

_NAME_COLUMNS = max(map(len, get_args(SignalName)))


def score(hit: Hit, columns: int) -> list[str]:
    """Return the score of a hit and each signal that it is the sum of; nothing where filters alone found it."""
    if not hit.signals:
        return []
    sure = "" if hit.confidence is None else f", confidence {hit.confidence:.2f}"
    lines = [f"score {hit.score:.{DIGITS}f}{sure}"]
    for signal, value in zip(hit.signals, adding_up([one.value for one in hit.signals], hit.score), strict=True):
        head = f"{value:+.{DIGITS}f}  {signal.name:<{_NAME_COLUMNS}}"
        first, *rest = wrap(clean(signal.text), max(columns - len(head) - 1, 1)) or [""]
        lines += [f"{head} {first}", *(" " * (len(head) + 1) + line for line in rest)]
    return lines
