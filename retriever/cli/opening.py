"""Opening an index for a question: building it first where it is missing, and saying when notes moved on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.cli.locate import Place, chosen_model
from retriever.cli.progress import progress, spoken
from retriever.cli.screen import say
from retriever.records.wording import changes, counted

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.records import BuildReport

# One query is too little work to share out: starting the threads costs more than they save.
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@contextmanager
def opened(place: Place, model: str | None, *, download: bool = False) -> Iterator[Retriever]:
    """Open the index for reading, with one thread, and close it."""
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")  # read when numpy is first imported, hence before the library is
    from retriever.library import Retriever  # noqa: PLC0415  imports numpy, which --help never needs

    with Retriever.open(place.index, model=chosen_model(model), download=download) as retriever:
        yield retriever


def build_index(
    notes: Sequence[Path],
    place: Place,
    model: str | None,
    *,
    download: bool = False,
    allow_shrink: bool = False,
    strict: bool = False,
    relayout: bool = False,
) -> BuildReport:
    """Build or refresh the index from notes; none given means those that it covers."""
    from retriever.library import build  # noqa: PLC0415  imports numpy, which --help never needs

    with progress() as told:
        return build(
            notes or None,
            place.index,
            model=chosen_model(model),
            download=download,
            allow_shrink=allow_shrink,
            strict=strict,
            relayout=relayout,
            progress=told,
            foretell=foretell,
        )


def foretell(windows: int, seconds: Mapping[str, float]) -> None:
    """Say on stderr how long embedding takes, and with which embedded model it would take less, if that is minutes."""
    (model, needed), *others = seconds.items()
    if needed < 60:
        return
    quicker = [f"{spoken(one)} with --model {name}" for name, one in others if one < needed / 2]
    said = f"Embedding {windows:,} windows with {model} takes about {spoken(needed)}"
    say("; ".join([said, *quicker]) + ".")


def build_first(place: Place, model: str | None, *, download: bool) -> None:
    """Build the index where there is none and a corpus lies beside it, and say so."""
    if place.built or place.corpus is None:
        return
    report = build_index([place.corpus], place, model, download=download)
    warn(report.warnings)
    counts = f"{counted(report.notes, 'note')}, {counted(report.papers, 'paper')}"
    say(f"Built {place.index}/ from {place.corpus}/: {counts}, {report.seconds:.1f} s")


def say_changes(retriever: Retriever, place: Place) -> None:
    """Say on stderr that notes have changed since the build, if they have."""
    status = retriever.status()
    if moved := changes(status.notes_added, status.notes_changed, status.notes_removed):
        say(f"{moved}: retriever build{place.option}")


def warn(warnings: Sequence[str]) -> None:
    for warning in warnings:
        say(f"warning: {warning}")
