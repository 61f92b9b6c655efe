"""The bare assignment: from a problem to the mentor of each person, with no word about why."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.engine.core import assign_by_core
from matching.engine.problem import Problem
from matching.engine.shapes import NOBODY, ROWS_AT_ONCE, Integers

LARGE = 1500
"""People and places from which looking at few pairs first is faster than the full matrix (docs/benchmarks.md)."""


class Assigned(NamedTuple):
    """One plan of the highest total.

    Attributes:
        mentor_of: The index of each person's mentor or -1, shape `(n_mentees,)`.
        price: The lowest sound prices of places in the weights of the problem, shape `(n_mentors,)`, where
            the way of solving finds them anyway; None where it does not.
    """

    mentor_of: Integers
    price: Integers | None


def assign(problem: Problem, *, seed: int | None = None) -> Assigned:
    """Gives everybody the mentor they have in one plan of the highest total.

    Args:
        problem: The round.
        seed: Draws the order in which people are shown to the solver, which decides between plans of
            the same total. None keeps the order given. The same seed gives the same plan to the bit.
    """
    mentor_of = problem.pinned.astype(np.int64)
    people = _people_to_place(problem, seed)
    places = _places_to_fill(problem, people)
    if not (people.size and places.size):
        return Assigned(mentor_of, None)
    found = assign_by_core(problem, people, places) if min(people.size, places.size) >= LARGE else None
    mentor_of[people] = _assign_by_matrix(problem, people, places) if found is None else found.mentor_of
    return Assigned(mentor_of, None if found is None else found.price)


def _people_to_place(problem: Problem, seed: int | None) -> Integers:
    """Lists those whom the round may place and whom somebody could take, in the order of the lottery."""
    people = np.flatnonzero(problem.is_open & problem.allowed.any(axis=1))
    return people if seed is None else np.random.default_rng(seed).permutation(people)


def _places_to_fill(problem: Problem, people: Integers) -> Integers:
    """Lists each mentor once for each free place, but never more often than people could fill."""
    wanted = np.count_nonzero(problem.allowed[people], axis=0)
    return np.repeat(np.arange(problem.n_mentors), np.minimum(problem.places_left, wanted))


def _assign_by_matrix(problem: Problem, people: Integers, places: Integers) -> Integers:
    """Solves the full matrix with one column for each place; returns the mentor of each of the people or -1.

    Forbidden cells hold 0, and pairs that the solver takes from such cells are dropped afterwards. That is
    exact without any dummy column: no allowed pair has a weight below 0, so that a zero cell is the same
    as staying unmatched.

    **Source:** Crouse, "On implementing 2D rectangular assignment algorithms", *IEEE Transactions on
    Aerospace and Electronic Systems* 52 (2016), which scipy implements.
    """
    # The solver copies any matrix that it has to negate or turn. So it is handed negated weights with the
    # shorter side as rows, and the copy made here is the only one.
    is_tall = people.size > places.size
    costs = np.empty((places.size, people.size) if is_tall else (people.size, places.size))
    upright = costs.T if is_tall else costs
    every_mentor_once = np.array_equal(places, np.arange(problem.n_mentors))
    for start in range(0, people.size, ROWS_AT_ONCE):
        weights = problem.weights_of(people[start : start + ROWS_AT_ONCE])
        upright[start : start + ROWS_AT_ONCE] = weights if every_mentor_once else weights[:, places]
    rows, columns = linear_sum_assignment(np.negative(costs, out=costs))
    chosen, filled = (columns, rows) if is_tall else (rows, columns)
    mentors = places[filled]
    mentor_of = np.full(people.size, NOBODY)
    mentor_of[chosen] = np.where(problem.allowed[people[chosen], mentors], mentors, NOBODY)
    return mentor_of
