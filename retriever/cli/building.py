"""`build`, `status`, `chunk` and `doctor`: notes in, and how they were read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retriever.cli import pages
from retriever.cli.envelope import answer, print_json
from retriever.cli.locate import Place, locate
from retriever.cli.opening import build_index, opened, warn
from retriever.cli.options import AsJson, Download, Index, Model
from retriever.errors import UsageError
from retriever.records import wire

Notes = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH...", help="Folders of notes, or notes; they replace what the index covered."),
]


def build(
    notes: Notes = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Build even if more than half of the notes are gone.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if a note cannot be read.")] = False,
    relayout: Annotated[
        bool, typer.Option("--relayout", help="Group the papers anew that no note files under a topic.")
    ] = False,
    as_json: AsJson = False,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """Read the notes into the index; without PATH, refresh it."""
    place = locate(index)
    report = build_index(
        notes or known_notes(place),
        place,
        model,
        download=download,
        allow_shrink=allow_shrink,
        strict=strict,
        relayout=relayout,
    )
    warn(report.warnings)
    answer("build", report, as_json=as_json, lines=lambda _: [pages.build_line(report)])


def status(as_json: AsJson = False, index: Index = None) -> None:
    """Say what stands in the index, and how far the notes have moved on since."""
    place = locate(index)
    with opened(place, None) as retriever:
        found = retriever.status()
        hint = f"retriever build{place.option}"
        answer("status", found, as_json=as_json, lines=lambda screen: pages.status(found, hint, screen))


def chunk(
    notes: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders of notes, or notes.")],
    as_lines: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a passage.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the passages that notes are read into; no index is needed."""
    from retriever.library import chunk as passages_of  # noqa: PLC0415  imports what --help never needs

    if as_lines and as_json:
        raise UsageError("Choose one of --json and --jsonl.")
    found = passages_of(notes)
    if as_lines:
        for passage in found:
            print_json(wire(passage))
        return
    listed = list(found)
    answer("chunk", {"passages": listed}, as_json=as_json, lines=lambda screen: pages.passages(listed, screen))


def doctor(
    notes: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Folders of notes, or notes; else those of the index."),
    ] = None,
    as_json: AsJson = False,
    index: Index = None,
) -> None:
    """List what was repaired in the notes, what could not be read, and what they disagree on."""
    from retriever.library import doctor as examined  # noqa: PLC0415  imports what --help never needs

    if notes:
        found = examined(notes)
    else:
        with opened(locate(index), None) as retriever:
            found = retriever.doctor()
    answer("doctor", found, as_json=as_json, lines=lambda screen: pages.examination(found, screen))


def known_notes(place: Place) -> list[Path]:
    """Return the corpus that a first build takes; none where an index knows its own notes."""
    return [place.corpus] if place.corpus and not place.built else []
