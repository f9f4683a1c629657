"""`watch`: an index that follows its notes, one line a refresh."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from retriever.cli import pages
from retriever.cli.building import Notes, known_notes
from retriever.cli.envelope import print_json, print_line
from retriever.cli.locate import chosen_model, locate
from retriever.cli.opening import foretell, warn
from retriever.cli.options import AsJson, Download, Index, Model
from retriever.cli.progress import progress
from retriever.cli.screen import say
from retriever.records import failure, success
from retriever.records.wording import changes, counted

if TYPE_CHECKING:
    from retriever.records import BuildReport
    from retriever.watching import News

Debounce = Annotated[
    float,
    typer.Option("--debounce", metavar="SECONDS", min=0, max=3600, help="How long notes must be quiet before that."),
]


def watch(
    notes: Notes = None,
    debounce: Debounce = 1.0,
    as_json: AsJson = False,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """Follow the notes and refresh the index when they change, until Ctrl-C."""
    from retriever.watching import follow  # noqa: PLC0415  imports what --help never needs

    place = locate(index)
    with stopping() as stop:
        follow(
            place.index,
            notes or known_notes(place) or None,
            stop=stop,
            report=news_printer(as_json=as_json),
            warn=lambda text: warn([text]),
            model=chosen_model(model),
            download=download,
            debounce=debounce,
            progress=progress,
            foretell=foretell,
        )


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set; a second one ends the process as it always does."""
    stop = threading.Event()

    def ask(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def news_printer(*, as_json: bool) -> Callable[[News], None]:
    """Return what prints refreshes on stdout and failures on stderr; with `as_json`, one object each, on stdout."""
    from retriever.watching import Failed  # noqa: PLC0415  imports what --help never needs

    def tell(news: News) -> None:
        if isinstance(news, Failed):
            later = "at the next change" if news.again is None else f"in {news.again:.0f} s"
            say(f"{_now()} warning: {news.error} Trying again {later}.")
            if as_json:
                print_json(failure("watch", news.error.code, news.error.message, news.error.next_step))
        elif as_json:
            print_json(success("watch", news.report))
        else:
            warn(news.report.warnings)
            line = pages.build_line(news.report) if news.first else refresh_line(news.report)
            print_line(f"{_now()}  {line}")
        sys.stdout.flush()  # whoever follows a pipe or a log reads along

    return tell


def refresh_line(report: BuildReport) -> str:
    """Return a refresh on one line: "2 notes changed; +1 paper, 3 papers changed; 0.4 s"."""
    rewritten = report.notes_read - report.notes_added
    notes = changes(report.notes_added, rewritten, report.notes_removed) or "no note changed"
    came = f"+{counted(report.papers_added, 'paper')}" if report.papers_added else ""
    others = changes(0, report.papers_changed, report.papers_removed, noun="paper")
    papers = ", ".join(part for part in (came, others) if part) or "no paper changed"
    return f"{notes}; {papers}; {report.seconds:.1f} s"


def _now() -> str:
    return time.strftime("%H:%M:%S")
