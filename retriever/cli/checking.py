"""`check`: whether every byte of an index is as it was written, and how it is made sound again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from retriever.cli.envelope import answer, print_json
from retriever.cli.locate import locate
from retriever.cli.opening import warn
from retriever.cli.options import AsJson, Download, Index
from retriever.cli.pages import build_line
from retriever.cli.progress import progress
from retriever.cli.screen import Screen, say, wrap
from retriever.errors import IndexDamagedError, UsageError
from retriever.records import failure
from retriever.records.printable import clean
from retriever.records.wording import changes, counted

if TYPE_CHECKING:
    from retriever.records import CheckReport, Comparison, Fault, RepairReport


def check(
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Compare with the notes as they are, and embed a sample of the windows again."),
    ] = False,
    mend: Annotated[
        bool,
        typer.Option(
            "--repair", help="Set aside what is damaged, and make it anew from what is not or from the notes."
        ),
    ] = False,
    as_json: AsJson = False,
    index: Index = None,
    download: Download = False,
) -> int:
    """Read every byte of the index, and say what is damaged and what that means."""
    from retriever import library  # noqa: PLC0415  imports what --help never needs

    if deep and mend:
        raise UsageError("Choose one of --deep and --repair.", "See: retriever check --help")
    place = locate(index)
    if mend:
        with progress() as told:
            done = library.repair(place.index, download=download, progress=told)
        warn(done.build.warnings if done.build else ())
        answer("check", done, as_json=as_json, lines=lambda screen: _repaired(done, screen))
        return 0
    found = library.check(place.index, deep=deep, download=download)
    if found.sound:
        answer("check", found, as_json=as_json, lines=lambda screen: _checked(found, screen))
        return 0
    first = found.faults[0]
    error = IndexDamagedError(place.index, first.file, first.problem)
    if as_json:
        print_json(failure("check", error.code, error.message, error.next_step, found))
    else:
        answer("check", found, as_json=False, lines=lambda screen: _checked(found, screen))
        say(f"retriever: {error}")
    return error.exit_code


def _checked(found: CheckReport, screen: Screen) -> Iterator[str]:
    yield from _faults(found.faults, screen)
    said = "nothing is damaged" if found.sound else f"{counted(len(found.faults), 'file')} damaged"
    read = f"{counted(found.files, 'file')}, {found.bytes / 1e6:.1f} MB"
    yield from wrap(
        clean(f"{found.generation or 'no generation'} in {found.index}: {said}; {read} read"), screen.columns
    )
    if found.compared is not None:
        yield from wrap(_compared(found.compared), screen.columns)
    for stray in found.strays:
        yield from wrap(clean(f"astray: {stray}, of a build that was stopped or is running"), screen.columns)
    for name in found.aside:
        yield from wrap(clean(f"set aside: {found.index}/{name}, which may be deleted"), screen.columns)


def _compared(with_notes: Comparison) -> str:
    moved = changes(with_notes.notes_added, with_notes.notes_changed, with_notes.notes_removed)
    same = f"{counted(with_notes.notes_compared, 'note')} cut again, {counted(with_notes.windows_embedded, 'window')}"
    return f"{same} embedded again; {moved or 'no note has changed'}"


def _faults(faults: tuple[Fault, ...], screen: Screen) -> Iterator[str]:
    for fault in faults:
        yield from wrap(screen.bold(clean(f"{fault.file} {fault.problem}")), screen.columns)
        yield from (f"    {line}" for line in wrap(clean(fault.meaning), screen.columns - 4))


def _repaired(done: RepairReport, screen: Screen) -> Iterator[str]:
    yield from _faults(done.faults, screen)
    if not done.faults:
        yield "nothing is damaged"
    for path in done.aside:
        yield from wrap(clean(f"set aside: {path}, which may be deleted"), screen.columns)
    for name in done.derived:
        yield from wrap(clean(f"made anew: {name}"), screen.columns)
    if done.went_back_to is not None:
        yield from wrap(clean(f"went back to {done.went_back_to}, and read the notes"), screen.columns)
    if done.rebuilt:
        yield "read the notes anew"
    if done.build is not None:
        yield f"{build_line(done.build)}; {counted(done.build.windows_embedded, 'window')} embedded"
    yield from wrap(clean(f"{done.generation} in {done.index} is sound"), screen.columns)
