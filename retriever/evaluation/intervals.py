"""How sure a mean over questions is: percentile bootstrap, the questions drawn anew with replacement."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Float64Matrix: TypeAlias = npt.NDArray[np.float64]

RESAMPLES = 10_000  # the third digit of a bound no longer moves
SEED = 0
LEVEL = 0.95
_AT_ONCE = 500  # resamples in memory together


def intervals(values: Float64Matrix) -> tuple[Float64Matrix, Float64Matrix]:
    """Return the bounds (low, high), each (k,), of the 95 % intervals of the column means of values (questions, k).

    The same questions are drawn for every column, and in every call with as many questions: a difference of two
    systems, taken question by question, gets its paired interval here. ValueError without a question.
    """
    count = len(values)
    if not count:
        raise ValueError("there is no question to draw")
    generator = np.random.default_rng(SEED)
    even = np.full(count, 1 / count)
    means = [
        generator.multinomial(count, even, size=_AT_ONCE).astype(np.float64) @ values / count
        for _ in range(RESAMPLES // _AT_ONCE)
    ]
    low, high = np.quantile(np.concatenate(means), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high
