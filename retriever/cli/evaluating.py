"""`eval`: how well a model finds what it should."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retriever.cli.envelope import answer
from retriever.cli.locate import chosen_model, locate, user_folder
from retriever.cli.opening import build_first, warn
from retriever.cli.options import AsJson, Download, Index, Model
from retriever.cli.progress import progress
from retriever.cli.screen import Screen, clip, pad, wrap
from retriever.errors import UsageError
from retriever.records.printable import clean
from retriever.records.wording import counted

if TYPE_CHECKING:
    from retriever.evaluation import Comparison, Evaluation

LABEL_COLUMNS = 12
FIGURE_COLUMNS = 23  # three of them, and the label, are at most 80 with what stands in them
_PRINT_AS = {"ndcg": "nDCG", "mrr": "MRR"}


def evaluate(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="A test set: corpus.jsonl, queries.jsonl and qrels.tsv.")
    ] = None,
    own: Annotated[
        bool, typer.Option("--self", help="Make the test from your own notes: those that the index covers.")
    ] = False,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="MODEL", help="Measure this model too, and print differences.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option("--work", metavar="FOLDER", help="Where vectors are kept, else the user's cache.")
    ] = None,
    as_json: AsJson = False,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """Measure how well a model finds the answers of a test set, or papers of your own notes."""
    if own == (folder is not None):
        raise UsageError("Name a test set, or make one from your notes.", "retriever eval FOLDER, or: eval --self")
    from retriever import evaluation  # noqa: PLC0415  imports numpy, which --help never needs

    if folder is None:
        place = locate(index)
        build_first(place, model, download=download)
        measure = partial(evaluation.evaluate_own, place.index)
    else:
        measure = partial(evaluation.evaluate_folder, folder)
    kept = work or user_folder("XDG_CACHE_HOME", ".cache") / "eval"
    with progress() as told:
        found = measure(kept, model=chosen_model(model), compare=compare, download=download, progress=told)
    warn(found.warnings)
    answer("eval", found, as_json=as_json, lines=lambda screen: _page(found, screen))


def _page(found: Evaluation, screen: Screen) -> Iterator[str]:
    counts = f"{counted(found.questions, 'question')}, {counted(found.documents, 'document')}"
    yield from wrap(f"{clean(found.test)}: {counts}. {found.measures}", screen.columns)
    yield from ("", *_figures(found, screen))
    if found.compare:
        yield from ("", *_figures(found.compare, screen))
        yield from ("", *_differences(found, found.compare, screen))
    yield from ("", "In brackets: 95 % intervals, by bootstrap over the questions.")


def _figures(found: Evaluation | Comparison, screen: Screen) -> Iterator[str]:
    yield screen.bold(_named(found))
    yield _row("", found.modes)
    for metric in found.modes["hybrid"]:
        shown = []
        for mode in found.modes:
            low, high = found.intervals[mode][metric]
            shown.append(f"{found.modes[mode][metric]:.3f} [{low:.3f}, {high:.3f}]")
        yield _row(metric, shown)


def _differences(found: Evaluation, other: Comparison, screen: Screen) -> Iterator[str]:
    yield screen.bold(f"{clip(clean(found.model), 30)} less {clip(clean(other.model), 30)}, question by question")
    yield _row("", other.differences)
    for metric in found.modes["hybrid"]:
        apart = [of[metric] for of in other.differences.values()]
        yield _row(metric, [f"{_signed(one.value)} [{_signed(one.low)}, {_signed(one.high)}]" for one in apart])


def _named(found: Evaluation | Comparison) -> str:
    return f"{clip(clean(found.model), 50)} ({found.fingerprint[:12]})"


def _row(metric: str, cells: Iterable[str]) -> str:
    kind, at, depth = metric.partition("@")
    label = _PRINT_AS.get(kind, kind) + at + depth
    return pad(label, LABEL_COLUMNS) + "".join(pad(cell, FIGURE_COLUMNS) for cell in cells)


def _signed(value: float) -> str:
    """Return a difference without the zero before its point, so that three with their intervals fit a line."""
    return f"{value:+.3f}".replace("0.", ".", 1)
