"""How far long work is: one line on stderr, where a person watches, and gone when the work ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from retriever.cli.screen import Screen, clip, width

PAUSE = 0.1  # seconds between two drawings: more would cost more than the work
BAR_COLUMNS = 24
_LEAST_BAR = 8  # columns; a shorter one says nothing
_SURE = 1.0  # seconds of a stage before its rate means anything


class ProgressLine:
    """A line that is drawn over itself: the stage, a bar, a count, how many a second, and the time that is left."""

    def __init__(self, stream: TextIO, columns: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._columns = columns - 1  # the cursor stands in the last one
        self._clock = clock
        self._stage = ""
        self._started, self._first = 0.0, 0
        self._drawn_at = float("-inf")
        self._shown = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell that `done` of `total` are done. The rate counts from the first call of a stage on.

        A stage that is done takes its line away, since what comes next may have something to say.
        """
        if done >= total:
            self.clear()
            return
        now = self._clock()
        if stage != self._stage:
            self._stage, self._started, self._first = stage, now, done
        elif now - self._drawn_at < PAUSE:
            return
        self._drawn_at = now
        self._draw(self._line(done, total, now - self._started))

    def clear(self) -> None:
        """Take the line away; the next call draws it anew."""
        if self._shown:
            self._stream.write(f"\r{' ' * self._shown}\r")
            self._stream.flush()
        self._shown, self._drawn_at = 0, float("-inf")

    def _line(self, done: int, total: int, seconds: float) -> str:
        counts = f"{done:,}/{total:,}"
        rate = (done - self._first) / seconds if seconds >= _SURE else 0.0
        if rate:
            counts += f"  {_rate(rate)}  {spoken((total - done) / rate)} left"
        columns = min(BAR_COLUMNS, self._columns - width(self._stage) - width(counts) - 6)
        filled = columns * done // total
        bar = f"[{'#' * filled}{'-' * (columns - filled)}]  " if columns >= _LEAST_BAR else ""
        return clip(f"{self._stage}  {bar}{counts}", self._columns)

    def _draw(self, line: str) -> None:
        now = width(line)
        self._stream.write(f"\r{line}{' ' * (self._shown - now)}")
        self._stream.flush()
        self._shown = max(now, self._shown)


@contextmanager
def progress() -> Iterator[ProgressLine | None]:
    """Give long work something to report to, where a person watches; the line is gone when it ends."""
    if not sys.stderr.isatty():
        yield None
        return
    line = ProgressLine(sys.stderr, Screen.of(sys.stderr).columns)
    try:
        yield line
    finally:
        line.clear()


def spoken(seconds: float) -> str:
    """Return a time as one says it: "40 s", "12 min", "3 h"."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.0f} h"


def _rate(rate: float) -> str:
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"
