"""Moving people along a chain: how a best plan becomes the best plan after one decision."""

from itertools import pairwise

import numpy as np

from matching.engine.paths import route
from matching.engine.problem import Problem
from matching.engine.residual import Residual
from matching.engine.shapes import NOBODY, Integers


def move_along(problem: Problem, mentor_of: Integers, residual: Residual, mentee: int, mentor: int) -> Integers:
    """Gives one person another mentor and moves others along the cheapest chain that makes room.

    The chain starts at the new mentor, who may have to pass one person on, and ends at the place that
    the person leaves. Nobody off the chain is moved.

    Args:
        problem: The round that `mentor_of` answers best.
        mentor_of: The plan before, shape `(n_mentees,)`; it is not changed.
        residual: The moves left open by that plan.
        mentee: Who is moved first.
        mentor: Where to; -1 is the waiting list.

    Returns:
        The plan after, shape `(n_mentees,)`.
    """
    waiting_list = problem.n_mentors
    start, end = (node % (waiting_list + 1) for node in (mentor, int(mentor_of[mentee])))
    after = mentor_of.copy()
    after[mentee] = mentor
    for here, there in pairwise(route(residual, start, end)):
        mover = _who_moves(problem, mentor_of, here, there)
        if mover != NOBODY:
            after[mover] = there if there != waiting_list else NOBODY
    return after


def _who_moves(problem: Problem, mentor_of: Integers, here: int, there: int) -> int:
    """Returns the person whose move between two nodes loses least, or -1 where a spare place serves."""
    waiting_list = problem.n_mentors
    if there == waiting_list and np.count_nonzero(mentor_of == here) < problem.capacity[here]:
        return NOBODY
    at = NOBODY if here == waiting_list else here
    people = np.flatnonzero(problem.is_open & (mentor_of == at))
    if there != waiting_list:
        people = people[problem.allowed[people, there]]
    if not people.size:
        return NOBODY
    return int(people[np.argmax(_fit_at(problem, people, there) - _fit_at(problem, people, here))])


def _fit_at(problem: Problem, people: Integers, node: int) -> Integers:
    """Returns the fit of each of the people at a node; nobody has any on the waiting list."""
    if node == problem.n_mentors:
        return np.zeros(people.size, dtype=np.int64)
    fit: Integers = problem.fit[people, node].astype(np.int64)
    return fit
