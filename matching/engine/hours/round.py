"""The question of a round counted in hours."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from matching.engine.hours.plan import HoursPlan
from matching.engine.problem import Problem
from matching.engine.shapes import NOBODY, Booleans, Integers


@dataclass(frozen=True, eq=False)
class HoursRound:
    """Who may be paired with whom, how well, and the hours that each pair takes.

    Attributes:
        fit: Whole numbers >= 0, shape `(n_mentees, n_mentors)`.
        allowed: True where no veto forbids the pair and the mentor offers the hours that it takes, same shape.
        needed: The hours that each pair would take, same shape.
        offered: The hours of each mentor, none counted that everybody together could not use; shape `(n_mentors,)`.
    """

    fit: Integers
    allowed: Booleans
    needed: Integers
    offered: Integers

    @classmethod
    def of(
        cls,
        fit: npt.ArrayLike,
        allowed: npt.ArrayLike,
        hours_needed: npt.ArrayLike,
        hours_offered: npt.ArrayLike,
    ) -> Self:
        """Checks what `solve_hours` was given; see there.

        Raises:
            ValueError: If an array is unsound. The message names the fault.
        """
        problem = Problem(np.asarray(fit), np.asarray(allowed), np.asarray(hours_offered))
        needed = _hours_of_pairs(hours_needed, problem)
        possible = problem.allowed & (needed <= problem.capacity)
        most = np.where(possible, needed, 0).sum(axis=0, dtype=np.int64)
        return cls(problem.fit.astype(np.int64), possible, needed, np.minimum(problem.capacity, most).astype(np.int64))

    @property
    def shape(self) -> tuple[int, int]:
        """How many people wait, and how many mentors are ready."""
        return int(self.fit.shape[0]), int(self.fit.shape[1])

    @property
    def sum_of_best(self) -> int:
        """Each person's best fit, added up: no plan can exceed it."""
        return int(np.where(self.allowed, self.fit, 0).max(axis=1, initial=0).sum())

    def used(self, mentor_of: Integers) -> Integers:
        """Returns the hours that a plan takes from each mentor, shape `(n_mentors,)`."""
        served = np.flatnonzero(mentor_of != NOBODY)
        used = np.zeros(self.shape[1], dtype=np.int64)
        np.add.at(used, mentor_of[served], self.needed[served, mentor_of[served]])
        return used

    def plan(self, mentor_of: Integers, bound: int) -> HoursPlan:
        """Returns a plan with its total; the bound is raised to the total if rounding put it below."""
        served = np.flatnonzero(mentor_of != NOBODY)
        total = int(self.fit[served, mentor_of[served]].sum())
        return HoursPlan(mentor_of, total, max(total, bound))


def _hours_of_pairs(hours_needed: npt.ArrayLike, problem: Problem) -> Integers:
    """Returns the hours that each pair would take, shape `(n_mentees, n_mentors)`."""
    needed = np.asarray(hours_needed)
    if needed.shape not in {problem.fit.shape, (problem.n_mentees,)}:
        raise ValueError(f"hours_needed has shape {needed.shape} but fit has shape {problem.fit.shape}")
    if needed.size and (needed.dtype.kind not in "iu" or np.any(needed < 0)):
        raise ValueError("hours_needed needs whole numbers of 0 or more")
    upright = needed if needed.ndim > 1 else needed[:, None]
    return np.broadcast_to(upright, problem.fit.shape)
