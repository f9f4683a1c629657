"""An index made sound again: first by what is left of it, then, where that is not enough, by the notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retriever.errors import IndexDamagedError, RetrieverError, UsageError
from retriever.index import Source
from retriever.index.check import check
from retriever.index.mend import Mended, mend
from retriever.indexing.build import Calibrate, Progress, build
from retriever.records import BuildReport, RepairReport


def repair(
    index: Path, *, download: bool = False, calibrate: Calibrate | None = None, progress: Progress | None = None
) -> RepairReport:
    """Mend an index. See `retriever.library.repair`."""
    done = mend(index)
    made = None
    if done.current is None or done.stale:
        made = _from_notes(index, done, download=download, calibrate=calibrate, progress=progress)
    found = check(index)
    if found.generation is None or not found.sound:
        raise IndexDamagedError(index, found.faults[0].file, f"still {found.faults[0].problem}")
    return RepairReport(
        index=str(index),
        faults=done.faults,
        aside=tuple(str(path) for path in done.aside),
        generation=found.generation,
        went_back_to=done.current if done.stale else None,
        rebuilt=done.current is None,
        derived=done.derived,
        build=made,
    )


def _from_notes(
    index: Path, done: Mended, *, download: bool, calibrate: Calibrate | None, progress: Progress | None
) -> BuildReport:
    """Bring the last good generation up to date, or build from nothing; vectors are found by their texts."""
    if done.known is None:
        raise UsageError(
            f"Nothing in {index} tells which notes it was made of.",
            f"Name them: retriever build NOTES --index {index}",
        )
    try:
        return build(
            _paths(done.known.folders),
            index,
            model=done.known.model,
            download=download,
            calibrate=calibrate,
            progress=progress,
        )
    except RetrieverError as error:
        if done.current is not None:
            error.message = (
                f"The index is sound, but as old as {done.current}, and cannot be refreshed: {error.message}"
            )
        raise


def _paths(folders: Sequence[Source]) -> list[Path]:
    """Return the paths that a build was given, in its order, which their labels depend on."""
    return [path for one in folders for path in ([Path(one.root) / file for file in one.only] or [Path(one.root)])]
