"""Proof that a plan is the best: a few numbers that any stranger can check without the solver."""

from dataclasses import dataclass

import numpy as np

from matching.engine.problem import Problem
from matching.engine.shapes import NOBODY, ROWS_AT_ONCE, Integers


@dataclass(frozen=True)
class Certificate:
    """The outcome of checking a plan against its prices.

    Attributes:
        holds: True if the plan is possible, the prices are sound and both totals are equal. Then no
            other plan has a higher total.
        gap: Total of the prices less total of the plan; 0 where the plan is proved best. Where the
            prices are sound but too high, no plan can be better by more than this.
        unsound: How many conditions on the prices or the plan are broken; 0 where it holds.
    """

    holds: bool
    gap: int
    unsound: int


def certify(problem: Problem, mentor_of: Integers, mentee_price: Integers, mentor_price: Integers) -> Certificate:
    """Checks a plan against dual prices, in time proportional to the number of pairs.

    If each mentor's price is >= 0, each unpinned mentee's price is >= 0, and the two prices of every
    allowed pair add up to at least its fit, then the fit of any plan is at most the sum of all mentees'
    prices and of each mentor's price times capacity. A plan that reaches that sum cannot be bettered.
    A pinned person has only the one pair, whose two prices equal its fit; the price may be negative.

    **Source:** weak duality of linear programming; for the assignment Kuhn (1955).

    Args:
        problem: The round.
        mentor_of: The plan: each person's mentor or -1, shape `(n_mentees,)`.
        mentee_price: Shape `(n_mentees,)`, in points of fit.
        mentor_price: Shape `(n_mentors,)`, in points of fit.

    Returns:
        Whether the proof holds, and by how much it fails.
    """
    matched = np.flatnonzero(mentor_of != NOBODY)
    total = int(problem.fit[matched, mentor_of[matched]].sum(dtype=np.int64))
    # Python's own integers cannot overflow, whatever prices a stranger hands in.
    places = sum(int(free) * int(price) for free, price in zip(problem.capacity, mentor_price, strict=True))
    gap = sum(int(price) for price in mentee_price) + places - total
    unsound = _broken_plan(problem, mentor_of) + _broken_prices(problem, mentee_price, mentor_price)
    return Certificate(holds=gap == 0 and unsound == 0, gap=gap, unsound=unsound)


def _broken_plan(problem: Problem, mentor_of: Integers) -> int:
    """Counts forbidden pairs, mentors with too many people and pins that are not kept."""
    matched = np.flatnonzero(mentor_of != NOBODY)
    load = np.bincount(mentor_of[matched], minlength=problem.n_mentors)
    forbidden = np.count_nonzero(~problem.allowed[matched, mentor_of[matched]])
    overfull = np.count_nonzero(load > problem.capacity)
    unkept = np.count_nonzero(~problem.is_open & (problem.pinned != mentor_of))
    return int(forbidden + overfull + unkept)


def _broken_prices(problem: Problem, mentee_price: Integers, mentor_price: Integers) -> int:
    """Counts negative prices and allowed pairs whose prices do not cover their fit."""
    is_open = problem.is_open
    broken = np.count_nonzero(mentor_price < 0) + np.count_nonzero(mentee_price[is_open] < 0)
    people = np.flatnonzero(is_open)
    for start in range(0, people.size, ROWS_AT_ONCE):
        block = people[start : start + ROWS_AT_ONCE]
        short = mentee_price[block, None] + mentor_price < problem.fit[block]
        broken += np.count_nonzero(short & problem.allowed[block])
    pinned = np.flatnonzero(~is_open)
    mentors = problem.pinned[pinned]
    broken += np.count_nonzero(mentee_price[pinned] + mentor_price[mentors] != problem.fit[pinned, mentors])
    return int(broken)
