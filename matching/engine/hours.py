"""Rounds counted in hours: people who need one to four hours a week and mentors who offer three or four.

Then a mentor's time is a knapsack, and places no longer describe it. The exact answer costs far more than
a round by places, so it belongs into a background job, and its gap is shown with it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matching.engine.problem import Problem
from matching.engine.shapes import NOBODY, Booleans, Integers


@dataclass(frozen=True, eq=False)
class HoursPlan:
    """A plan by hours and how far it is proved.

    Attributes:
        mentor_of: Each person's mentor or -1, shape `(n_mentees,)`.
        total: The sum of fit over the pairs.
        bound: No plan has a higher total than this.
    """

    mentor_of: Integers
    total: int
    bound: int

    @property
    def gap(self) -> int:
        """By how much another plan could be better at most; 0 means that none is."""
        return self.bound - self.total


def solve_hours(
    fit: npt.ArrayLike,
    allowed: npt.ArrayLike,
    hours_needed: npt.ArrayLike,
    hours_offered: npt.ArrayLike,
    *,
    time_limit_seconds: float = 60.0,
) -> HoursPlan:
    """Pairs people and mentors for the highest total fit within everybody's hours a week.

    This is the generalised assignment problem: maximise the fit of the chosen pairs, each person in one
    pair at most, the hours needed from each mentor within the hours offered. It is solved by branch
    and bound, proved within seconds to about 100 people and a minute to about 250.

    **Source:** Ross and Soland, "A branch and bound algorithm for the generalized assignment problem",
    *Mathematical Programming* 8 (1975).

    Args:
        fit: Whole numbers >= 0, shape `(n_mentees, n_mentors)`.
        allowed: False where a veto forbids the pair, same shape.
        hours_needed: Whole numbers >= 0: hours (or quarters of an hour) a week that a person needs, shape
            `(n_mentees,)`, or of the same shape as `fit` where they differ by mentor.
        hours_offered: Whole numbers >= 0 in the same unit, shape `(n_mentors,)`.
        time_limit_seconds: After this the best plan found so far is returned with its gap.

    Returns:
        The plan, its total and a bound on every plan's total.

    Raises:
        ValueError: If an array is unsound as in `Problem`. The message calls the hours offered "capacity".
    """
    problem = Problem(np.asarray(fit), np.asarray(allowed), np.asarray(hours_offered))
    needed = _hours_of_pairs(hours_needed, problem)
    mentees, mentors = np.nonzero(problem.allowed & (needed <= problem.capacity))
    mentor_of = np.full(problem.n_mentees, NOBODY)
    if not mentees.size:
        return HoursPlan(mentor_of, total=0, bound=0)
    gain = problem.fit[mentees, mentors].astype(np.int64)
    chosen, bound = _choose(problem, (mentees, mentors), gain, needed[mentees, mentors], time_limit_seconds)
    mentor_of[mentees[chosen]] = mentors[chosen]
    total = int(gain[chosen].sum())
    return HoursPlan(mentor_of, total, bound=max(total, bound))


def _hours_of_pairs(hours_needed: npt.ArrayLike, problem: Problem) -> Integers:
    """Returns the hours that each pair would take, shape `(n_mentees, n_mentors)`."""
    needed = np.asarray(hours_needed)
    if needed.shape not in {problem.fit.shape, (problem.n_mentees,)}:
        raise ValueError(f"hours_needed has shape {needed.shape} but fit has shape {problem.fit.shape}")
    if needed.size and (needed.dtype.kind not in "iu" or np.any(needed < 0)):
        raise ValueError("hours_needed needs whole numbers of 0 or more")
    upright = needed if needed.ndim > 1 else needed[:, None]
    return np.broadcast_to(upright, problem.fit.shape)


def _choose(
    problem: Problem,
    pairs: tuple[Integers, Integers],
    gain: Integers,
    hours: Integers,
    time_limit_seconds: float,
) -> tuple[Booleans, int]:
    """Returns which of the possible pairs to make, and a bound on the total of any choice."""
    limits = [
        LinearConstraint(_incidence(pairs[0], np.ones_like(hours), problem.n_mentees), ub=1),
        LinearConstraint(_incidence(pairs[1], hours, problem.n_mentors), ub=problem.capacity.astype(np.float64)),
    ]
    found = milp(
        -gain,
        integrality=np.ones(gain.size, np.int64),
        bounds=Bounds(0, 1),
        constraints=limits,
        options={"time_limit": time_limit_seconds, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        # The time ran out before any plan was found, so only the bound of each person's best is known.
        return np.zeros(gain.size, np.bool_), _sum_of_best(pairs[0], gain, problem.n_mentees)
    # Totals are whole numbers, so a bound may be rounded down; the small term forgives the solver's rounding.
    return found.x > 0.5, int(np.floor(-found.mip_dual_bound + 1e-6))  # noqa: PLR2004 - halfway between no and yes.


def _incidence(owners: Integers, values: Integers, count: int) -> csr_array:
    """Returns a matrix with one row for each owner and one column for each pair, holding the values."""
    return csr_array((values.astype(np.float64), (owners, np.arange(owners.size))), shape=(count, owners.size))


def _sum_of_best(mentees: Integers, gain: Integers, n_mentees: int) -> int:
    """Adds up each person's best fit, which no plan can exceed."""
    best = np.zeros(n_mentees, dtype=np.int64)
    np.maximum.at(best, mentees, gain)
    return int(best.sum())
