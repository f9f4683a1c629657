"""The shapes of arrays that pass in and out of the index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float32Matrix = npt.NDArray[np.float32]  # (n, dim), or scores (n queries, hits)
Float32Vector = npt.NDArray[np.float32]
Float16Matrix = npt.NDArray[np.float16]  # (windows, dim), as they are on the disk
IntMatrix = npt.NDArray[np.int64]  # rows (n queries, hits)
IntVector = npt.NDArray[np.int64]
RowMask = npt.NDArray[np.bool_]  # (windows,), True where a row may be found
