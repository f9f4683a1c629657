"""Progress of long work, on a screen that is drawn over."""

import io
import re

import pytest

from retriever.cli.progress import ProgressLine, spoken


class Terminal(io.StringIO):
    """Shows what a terminal would: a carriage return goes back, and what comes next is written over."""

    @property
    def line(self):
        cells = []
        for part in self.getvalue().split("\r"):
            cells[: len(part)] = part
        return "".join(cells).rstrip()


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def terminal():
    return Terminal()


@pytest.fixture
def clock():
    return Clock()


def test_a_line_tells_the_rate_and_the_time_left(terminal, clock):
    line = ProgressLine(terminal, 80, clock)
    line("embedding", 0, 10_000)
    assert terminal.line == "embedding  [------------------------]  0/10,000"
    clock.now += 8
    line("embedding", 2_500, 10_000)
    assert terminal.line == "embedding  [######------------------]  2,500/10,000  312/s  24 s left"


def test_a_stage_that_is_done_takes_its_line_away(terminal, clock):
    line = ProgressLine(terminal, 80, clock)
    line("reading", 1, 1)
    assert terminal.getvalue() == ""
    line("reading", 1, 2)
    line("reading", 2, 2)
    assert terminal.line == ""


def test_slow_work_has_a_rate_with_a_decimal_and_minutes(terminal, clock):
    line = ProgressLine(terminal, 80, clock)
    line("embedding", 5, 1_005)
    clock.now += 10
    line("embedding", 25, 1_005)
    assert terminal.line.endswith("25/1,005  2.0/s  8 min left")


def test_a_stage_begins_a_rate_of_its_own_and_leaves_nothing_of_the_one_before(terminal, clock):
    line = ProgressLine(terminal, 80, clock)
    line("reading notes", 1, 400)
    clock.now += 5
    line("reading notes", 399, 400)
    line("x", 1, 2)
    assert terminal.line == "x  [############------------]  1/2"


def test_it_is_drawn_ten_times_a_second_at_most(terminal, clock):
    line = ProgressLine(terminal, 80, clock)
    for done in range(1, 1000):
        clock.now += 0.001
        line("reading", done, 1_000)
    assert 9 <= terminal.getvalue().count("\r") <= 11


@pytest.mark.parametrize("columns", [20, 30, 40, 60, 80])
def test_it_never_fills_the_last_column(terminal, clock, columns):
    line = ProgressLine(terminal, columns, clock)
    for done in range(0, 100_001, 1_000):
        clock.now += 1
        line("embedding", done, 100_000)
    assert max(map(len, re.split("\r", terminal.getvalue()))) < columns


def test_a_cleared_line_is_gone_and_comes_back(terminal, clock):
    line = ProgressLine(terminal, 80, clock)
    line.clear()
    assert terminal.getvalue() == ""
    line("reading", 1, 3)
    line.clear()
    assert terminal.line == ""
    line("reading", 2, 3)
    assert terminal.line == "reading  [################--------]  2/3"


def test_times_are_told_as_one_says_them():
    assert [spoken(seconds) for seconds in (0.2, 60, 600, 10_800)] == ["1 s", "60 s", "10 min", "3 h"]
