"""An index checked, and made sound again."""

from __future__ import annotations

import os
from pathlib import Path

from retriever.library.notes import Progress
from retriever.records import CheckReport, RepairReport


def check(index: str | os.PathLike[str], *, deep: bool = False, download: bool = False) -> CheckReport:
    """Read every byte of an index, write nothing, and return what is damaged, what that means, and what lies astray.

    `deep` compares a sound index with its notes as they are now, and embeds a sample of its windows again.
    Raises IndexNotFoundError, NewerFormatError; with `deep`, ModelMissingError and IndexOutdatedError.
    """
    from retriever.index.check import check as checked  # noqa: PLC0415  FAISS and tantivy, which --help never needs

    found = checked(Path(index))
    if not deep or not found.sound:
        return found
    from retriever import indexing  # noqa: PLC0415  readers of notes, which questions never need
    from retriever.index import open_snapshot  # noqa: PLC0415  the same

    with open_snapshot(Path(index)) as snapshot:
        return indexing.compare(found, snapshot, download=download)


def repair(index: str | os.PathLike[str], *, download: bool = False, progress: Progress | None = None) -> RepairReport:
    """Make a damaged index sound: what is damaged is set aside and never deleted.

    What follows from a sound record is made anew from it. Where the record itself is damaged the last good generation
    takes its place and is refreshed from the notes; where none is good the notes are read anew. Vectors are found by
    their texts: only texts whose vectors were damaged are embedded again.
    Raises IndexNotFoundError, NewerFormatError, BuildRunningError, NotDurableError; where notes must be read also the
    errors of `build`, and then the index is as sound as it can be without them.
    """
    from retriever import indexing  # noqa: PLC0415  readers of notes, which questions never need
    from retriever.query.confidence import calibrate  # noqa: PLC0415  numpy, which --help never needs

    return indexing.repair(Path(index), download=download, calibrate=calibrate, progress=progress)
