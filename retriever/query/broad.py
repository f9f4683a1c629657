"""Whether a paper is about a question as a whole, or in one sentence only: its best few windows together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from retriever.index import Snapshot, WindowRow
    from retriever.index.arrays import Float32Vector, RowMask

# Not all of them: where the notes on one paper are long, most of it is about other things.
FEW = 3


def broad(
    snapshot: Snapshot,
    vector: Float32Vector,
    windows: Sequence[WindowRow],
    cosine: Float32Vector,
    allow: RowMask | None = None,
) -> Float32Vector:
    """Return for each window the mean cosine of the best FEW (allowed) windows of its paper or section, (windows,).

    `windows` stand by ascending row, with their `cosine` to `vector`, shape (dim,), beside them. All windows of their
    papers count, found or not, so that the mean does not depend on how many were looked for.
    """
    units = [window.paper or window.passage for window in windows]
    rows = snapshot.catalog.rows_of_papers({window.paper for window in windows if window.paper is not None})
    if sections := {window.passage for window in windows if window.paper is None}:
        rows |= snapshot.catalog.rows_of_passages(sections)
    unit = np.repeat(np.arange(len(rows)), [len(of_unit) for of_unit in rows.values()])
    row = np.array([row for of_unit in rows.values() for row in of_unit], dtype=np.int64)
    if allow is not None:
        unit, row = unit[allow[row]], row[allow[row]]
    found = np.array([window.row for window in windows], dtype=np.int64)
    near = np.empty(len(row), dtype=np.float32)
    known = np.isin(row, found)
    near[known] = cosine[np.searchsorted(found, row[known])]
    near[~known] = snapshot.vectors.scores(vector, row[~known])
    order = np.lexsort((row, -near, unit))
    first = np.searchsorted(unit, np.arange(len(rows)))  # units ascend, sorted or not
    place = np.arange(len(row)) - first[unit]  # of a window among those of its unit, best first
    best = order[place < FEW]
    counts = np.minimum(np.bincount(unit, minlength=len(rows)), FEW)
    means = np.bincount(unit[best], weights=near[best], minlength=len(rows)) / np.maximum(counts, 1)
    of_unit = dict(zip(rows, means.tolist(), strict=True))
    return np.array([of_unit[one] for one in units], dtype=np.float32)
