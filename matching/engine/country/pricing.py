"""Prices of a plan of the pairs looked at, and the pairs of the whole round that these prices do not cover."""

from typing import NamedTuple

import numpy as np

from matching.engine.country.core import Core, first_of_each
from matching.engine.country.problem import SparseProblem
from matching.engine.shapes import NOBODY, Integers

MISSED_AT_ONCE = 6
"""How many pairs that the prices do not cover are added at most for each person before the next turn."""


class Prices(NamedTuple):
    """What the two people of a pair are worth: for every pair looked at they add up to its weight or more."""

    mentee: Integers
    mentor: Integers


def prices_of(problem: SparseProblem, core: Core, mentor_of: Integers) -> Prices:
    """Prices the best plan of the pairs looked at, halfway between the lowest and the highest prices there are.

    The lowest price of a mentor is what one more place there would gain, the highest what one place less would lose.
    Any prices in between prove the plan; those in the middle leave the fewest other pairs uncovered. Rounding
    down keeps them sound, as every condition compares two of them by a whole number.

    Raises:
        ArithmeticError: If the plan is not the best of the pairs looked at, so that no prices exist.
    """
    own = np.zeros(problem.n_mentees, dtype=np.int64)
    taken = core.mentor == mentor_of[core.row]
    own[core.row[taken]] = core.weight[taken]
    graph = _Moves(mentor_of[core.row] % (problem.n_mentors + 1), core.mentor, own[core.row] - core.weight)
    lowest = _lowest(problem, graph)
    highest = _highest(problem, graph, own, mentor_of)
    mentor = (lowest + highest) // 2
    return Prices(own - np.append(mentor, 0)[mentor_of], mentor)


class _Moves(NamedTuple):
    """Moves of one person each: from a mentor, or the waiting list as the last index, to a mentor, and its loss."""

    here: Integers
    there: Integers
    loss: Integers


def _lowest(problem: SparseProblem, graph: _Moves) -> Integers:
    """Returns the gain of one more place at each mentor: the best chain of moves from the waiting list."""
    start = np.full(problem.n_mentors + 1, 0, dtype=np.int64)
    return -_shortest(start, graph.here, graph.there, graph.loss)[:-1]


def _highest(problem: SparseProblem, graph: _Moves, own: Integers, mentor_of: Integers) -> Integers:
    """Returns the loss of one place at each mentor: the cheapest chain of moves that ends where there is room."""
    start = np.full(problem.n_mentors + 1, problem.largest_weight, dtype=np.int64)
    served = np.flatnonzero(mentor_of != NOBODY)
    np.minimum.at(start, mentor_of[served], own[served])
    load = np.bincount(mentor_of[served], minlength=problem.n_mentors)
    start[:-1][load < problem.capacity] = 0
    start[-1] = 0
    return _shortest(start, graph.there, graph.here, graph.loss)[:-1]


def _shortest(start: Integers, here: Integers, there: Integers, loss: Integers) -> Integers:
    """Returns the length of the shortest path to each node, begun at any node with its start (Bellman and Ford).

    Each sweep looks only along moves from nodes whose path has just become shorter, which soon are few.
    """
    order = np.argsort(here, kind="stable")
    ends, lengths = there[order], loss[order]
    firsts = np.searchsorted(here[order], np.arange(start.size + 1))
    distance, fallen = start.copy(), np.arange(start.size)
    for _ in range(start.size + 1):
        moves, reached = _moves_from(firsts, fallen), distance.copy()
        counts = firsts[fallen + 1] - firsts[fallen]
        np.minimum.at(reached, ends[moves], np.repeat(distance[fallen], counts) + lengths[moves])
        fallen = np.flatnonzero(reached < distance)
        distance = reached
        if not fallen.size:
            return distance
    raise ArithmeticError("the plan is not the best of the pairs looked at")


def _moves_from(firsts: Integers, nodes: Integers) -> Integers:
    """Lists where the moves from some nodes stand, node after node."""
    counts = firsts[nodes + 1] - firsts[nodes]
    before = np.cumsum(counts) - counts
    return np.repeat(firsts[nodes] - before, counts) + np.arange(counts.sum())


def missed_places(problem: SparseProblem, prices: Prices) -> Integers:
    """Lists where pairs stand that the prices do not cover, the worst few of each person, ascending."""
    found = [np.empty(0, dtype=np.int64)]
    for block in problem.pairs.blocks():
        own = prices.mentee[block.rows] - problem.bonus[block.rows]
        over = problem.pairs.fit[block.pairs] - prices.mentor[problem.pairs.mentor[block.pairs]]
        over -= own[block.row]
        short = np.flatnonzero(over > 0)
        if short.size:
            worst = first_of_each(block.row[short], -over[short], short, MISSED_AT_ONCE)
            found.append(block.pairs.start + np.sort(short[worst]))
    return np.concatenate(found)
