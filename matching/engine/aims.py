"""The order of aims of a round, written into one whole number for each pair.

First as many people of the highest need as can be served, then as many people as can be served at all,
then the highest total fit. A later aim never outweighs an earlier one.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.engine.problem import Problem
from matching.engine.shapes import EXACT_BELOW, Booleans, Integers


class Reading(NamedTuple):
    """An encoded total, or a difference of two totals, taken apart again.

    Attributes:
        high_need: People of the highest need served.
        served: People served in all.
        fit: Total fit.
    """

    high_need: int
    served: int
    fit: int


@dataclass(frozen=True, eq=False)
class Aims:
    """A problem whose fit encodes the order of aims, and the key to read its totals.

    Attributes:
        problem: What to solve.
        per_person: What serving one person adds to the fit of a pair.
        per_high_need: What is added besides if that person is of the highest need.
        added: What is added to the fit of each person's pairs in all, shape `(n_mentees,)`.
    """

    problem: Problem
    per_person: int
    per_high_need: int
    added: Integers

    def read(self, number: int) -> Reading:
        """Takes a total of the encoded problem apart, or a cost, which may mix gains and losses.

        A cost of `per_person - 30` reads as one person fewer served and 30 more of fit.
        """
        high_need, rest = _nearest(int(number), self.per_high_need) if self.per_high_need else (0, int(number))
        served, fit = _nearest(rest, self.per_person)
        return Reading(high_need, served, fit)


def lexicographic(
    fit: npt.ArrayLike,
    allowed: npt.ArrayLike,
    capacity: npt.ArrayLike,
    *,
    high_need: npt.ArrayLike | None = None,
    floor: int = 0,
    pinned: npt.ArrayLike = (),
) -> Aims:
    """Encodes the order of aims into exact whole numbers.

    The fit of each allowed pair becomes `fit + A`, and `fit + A + B` for a person of the highest need,
    with `A = 2 k F + 1` and `B = 2 k (A + F) + 1`; F is the largest fit and k the most pairs that a
    plan can have.

    Proof: In two plans the sums of plain fit lie between 0 and k F, so they differ by at most k F,
    which is less than half of A: one more person served outweighs any difference of fit. The sums of
    `fit + A` lie between 0 and k (A + F) and differ by less than half of B: one more person of the
    highest need outweighs any difference of the rest. So the plan with the highest encoded total is the
    first in the order of aims. As each difference is less than half of the next unit, it can also be
    read back without doubt (`Aims.read`). The encoding is exact in whole numbers, and the solver
    works with them exactly while totals stay below 2**53, which is checked.

    Args:
        fit: Whole numbers >= 0, shape `(n_mentees, n_mentors)`.
        allowed: False where a veto forbids the pair, same shape.
        capacity: Places of each mentor, shape `(n_mentors,)`.
        high_need: True for people in the highest need band, shape `(n_mentees,)`; nobody if left out.
        floor: Pairs with less fit than this are not proposed at all; pins stand whatever their fit.
        pinned: As in `Problem`.

    Returns:
        The encoded problem and how to read its totals.

    Raises:
        ValueError: If the round is too large to be exact (about 13,000 pairs with fit up to 1000 and
            two bands), or a number is unsound as in `Problem`. The message names the fault.
    """
    plain = Problem(np.asarray(fit), np.asarray(allowed), np.asarray(capacity), np.asarray(pinned))
    needy = band_of(high_need, plain.n_mentees)
    most, largest = plain.most_pairs, int(plain.fit.max(initial=0))
    per_person = 2 * most * largest + 1
    per_high_need = 2 * most * (per_person + largest) + 1 if needy.any() else 0
    if most * (largest + per_person + per_high_need) >= EXACT_BELOW:
        raise ValueError(f"{most} pairs with fit up to {largest} are too many to order the aims below 2**53")
    added = per_person + per_high_need * needy.astype(np.int64)
    encoded = Problem(plain.fit + added[:, None], _above(plain, floor), plain.capacity, plain.pinned)
    return Aims(encoded, per_person, per_high_need, added)


def band_of(high_need: npt.ArrayLike | None, n_mentees: int) -> Booleans:
    """Returns who is in the highest band of need, shape ``(n_mentees,)``; nobody where nothing is said.

    Raises:
        ValueError: If it is not one truth value each.
    """
    if high_need is None:
        return np.zeros(n_mentees, dtype=np.bool_)
    band = np.asarray(high_need)
    if band.shape != (n_mentees,) or (band.size and band.dtype != np.bool_):
        raise ValueError(f"high_need needs {n_mentees} truth values and has shape {band.shape} of {band.dtype}")
    return band.astype(np.bool_, copy=False)


def _above(problem: Problem, floor: int) -> Booleans:
    """Returns which pairs may be proposed: those allowed with enough fit, and those already decided."""
    if floor <= 0:
        return problem.allowed
    allowed = problem.allowed & (problem.fit >= floor)
    mentees = np.flatnonzero(~problem.is_open)
    allowed[mentees, problem.pinned[mentees]] = True
    return allowed


def _nearest(number: int, unit: int) -> tuple[int, int]:
    """Splits a number into the nearest multiple of an odd unit and the rest, which may be negative."""
    times = (number + unit // 2) // unit
    return times, number - times * unit
