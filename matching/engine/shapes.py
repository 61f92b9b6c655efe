"""Names for the arrays that the engine passes around.

Everywhere in the engine a matrix has one row for each mentee and one column for
each mentor: `(n_mentees, n_mentors)`. A vector belongs to one side.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Integers: TypeAlias = npt.NDArray[np.integer[Any]]
Booleans: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Scores: TypeAlias = npt.NDArray[np.float32]

NOBODY = -1
"""The index that stands for "no mentor" in every vector of mentors."""

EXACT_BELOW = 2**53
"""Whole numbers below this are exact in a float64, the type the solver works in."""

ROWS_AT_ONCE = 256
"""Rows that are worked on in one step: such a block stays in the processor's cache."""


def narrowest_type(largest: int) -> tuple[npt.DTypeLike, int]:
    """Returns the smallest signed type for sums and differences of numbers up to `largest`, and its "far".

    Four such numbers together stay below "far", the number that stands for "impossible", and twice "far"
    still fits in the type. Narrow types are worth the trouble: four times as many numbers are worked on at once.
    """
    for kind, far in ((np.int16, 16_000), (np.int32, 2**30 - 1)):
        if 4 * largest < far:
            return kind, far
    return np.int64, 2**61
