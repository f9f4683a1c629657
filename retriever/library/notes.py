"""What is done with notes: an index built of them, passages and faults found in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.records import BuildReport, Examination, Passage

if TYPE_CHECKING:
    from retriever.embedder import Encoder

Progress = Callable[[str, int, int], None]  # stage, done, total
Foretell = Callable[[int, Mapping[str, float]], None]  # windows to embed, and the seconds that each model would take


def build(
    notes: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None,
    index: str | os.PathLike[str],
    *,
    model: str | None = None,
    encoder: Encoder | None = None,
    allow_shrink: bool = False,
    strict: bool = False,
    download: bool = False,
    relayout: bool = False,
    progress: Progress | None = None,
    foretell: Foretell | None = None,
) -> BuildReport:
    """Read notes into an index, or refresh it; None for `notes` means those that it covers.

    `model` is a hub name or folder, None the index's own or the embedded default; `encoder` takes its place. `relayout`
    groups the papers anew that no note files, instead of keeping the groups of the build before.
    `foretell` is told, before thousands of windows are embedded, how long that will take with each embedded model.
    Raises NotesGoneError if more than half of the notes went, unless `allow_shrink`; NotesUnreadableError under
    `strict`; BuildRunningError, ModelMissingError, NotDurableError.
    """
    from retriever import indexing  # noqa: PLC0415  readers of notes, which questions never need
    from retriever.query.confidence import calibrate  # noqa: PLC0415  numpy, which listing papers never needs

    places = [notes] if isinstance(notes, str | os.PathLike) else notes
    return indexing.build(
        None if places is None else [Path(place) for place in places],
        Path(index),
        model=model,
        encoder=encoder,
        allow_shrink=allow_shrink,
        strict=strict,
        download=download,
        relayout=relayout,
        calibrate=calibrate,
        progress=progress,
        foretell=foretell,
    )


def chunk(notes: Iterable[str | os.PathLike[str]]) -> Iterator[Passage]:
    """Yield the passages of notes, or of folders of notes, without an index; `file` is the path as given.

    Raises NotesGoneError for a path that is not there.
    """
    from retriever import indexing  # noqa: PLC0415  readers of notes, which questions never need

    return indexing.chunk(Path(place) for place in notes)


def doctor(notes: Iterable[str | os.PathLike[str]]) -> Examination:
    """Return what was repaired in notes, what could not be read and what they disagree on. No index is needed.

    Raises NotesGoneError for a path that is not there.
    """
    from retriever import indexing  # noqa: PLC0415  readers of notes, which questions never need

    return indexing.examine([Path(place) for place in notes])
