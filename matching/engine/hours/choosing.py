"""Choosing among things of which each uses up something: what the two ways of solving hours have in common."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matching.engine.shapes import Booleans, Integers


class Choice(NamedTuple):
    """What was chosen, and how good any choice could be.

    Attributes:
        chosen: Which of the things; None if the time ran out before any choice was found.
        bound: No choice has a higher gain than this; None if the time ran out before there was a bound.
    """

    chosen: Booleans | None
    bound: int | None


def choose(gain: Integers, uses: csr_array, available: npt.ArrayLike, time_limit_seconds: float) -> Choice:
    """Chooses things for the highest gain within what is available, by branch and bound.

    Args:
        gain: Whole numbers, one for each thing.
        uses: One row for each kind of what is used up and one column for each thing.
        available: How much there is of each kind.
        time_limit_seconds: After this the best choice found so far is returned.
    """
    found = milp(
        -gain,
        integrality=np.ones(gain.size, np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(uses, ub=np.asarray(available, dtype=np.float64)),
        options={"time_limit": time_limit_seconds, "mip_rel_gap": 0.0},
    )
    # Totals are whole numbers, so a bound may be rounded down; the small term forgives the solver's rounding.
    lowest = found.mip_dual_bound
    bound = None if lowest is None or not np.isfinite(lowest) else int(np.floor(-lowest + 1e-6))
    return Choice(None if found.x is None else found.x > 0.5, bound)  # noqa: PLR2004 - halfway between no and yes.


def incidence(owners: Integers, values: Integers, count: int) -> csr_array:
    """Returns a matrix with one row for each owner and one column for each entry, holding the values."""
    return csr_array((values.astype(np.float64), (owners, np.arange(owners.size))), shape=(count, owners.size))
