"""Large rounds, solved exactly by looking at few pairs first.

Nearly every pair of a best plan is among the best of one of its two people. So a sparse problem of such
pairs is solved, its prices are held against all pairs, and the pairs that they do not cover are added,
until none is left. Then the prices prove the plan for the whole round and not just for the pairs looked at.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.engine.problem import Problem
from matching.engine.shapes import EXACT_BELOW, NOBODY, ROWS_AT_ONCE, Integers

BEST_OF_EACH = 12
"""How many of the best pairs of each person and of each mentor are looked at first."""

MISSED_AT_ONCE = 20
"""How many pairs that the prices do not cover are added at most for each person before the next turn."""

MANY_PLACES = 1.25
"""Places for each person from which hardly anybody has to be displaced to make room for another."""

MOST_FOR_EACH = 100
"""Pairs for each person beyond which ties have made the core so large that it saves nothing."""


class Prices(NamedTuple):
    """What a mentee's part and a mentor's part of a pair are worth; `mentee[r]` belongs to `people[r]`."""

    mentee: Integers
    mentor: Integers


class Core(NamedTuple):
    """What the core found: each person's mentor or -1, in the order of `people`, and the price of each mentor's places.

    The prices are the lowest of the core. As they cover all pairs, and pairs left out can only raise the lowest
    prices, they are the lowest of the whole round as well.
    """

    mentor_of: Integers
    price: Integers


class Pairs(NamedTuple):
    """The pairs looked at: a position in `people`, a mentor and the weight of each."""

    row: Integers
    mentor: Integers
    weight: Integers


def assign_by_core(problem: Problem, people: Integers, places: Integers) -> Core | None:
    """Gives people the mentors of one plan of the highest total; see `assign` for what that means.

    **Source:** Volgenant, "Linear and semi-assignment problems: a core oriented approach", *Computers &
    Operations Research* 23 (1996), for the core and its enlargement by prices.

    Args:
        problem: The round.
        people: Whom to place, in the order in which they are shown to the solver.
        places: The mentor of each free place, in ascending order.

    Returns:
        The plan and its prices; None if ties make the core too large, or numbers are so large that this way
        would not be exact.
    """
    if 4 * problem.largest_weight * (people.size + places.size) >= EXACT_BELOW:
        return None
    pairs, prices = _first_look(problem, people)
    while pairs.row.size <= MOST_FOR_EACH * people.size:
        mentor_of = _solve_pairs(pairs, prices, places)
        prices = _prices_of(pairs, mentor_of, problem.n_mentors)
        missed = _missed_pairs(problem, people, prices)
        if not missed.row.size:
            return Core(mentor_of, prices.mentor)
        pairs = _together([pairs, missed])
    return None


def _first_look(problem: Problem, people: Integers) -> tuple[Pairs, Prices]:
    """Finds the best pairs of each side and first prices, which share the worth of each best pair out."""
    mentee_price = np.empty(people.size, dtype=np.int64)
    mentor_price = np.zeros(problem.n_mentors, dtype=np.int64)
    enough_for_mentee = np.empty(people.size, dtype=np.int64)
    best_of_mentors: Integers = np.zeros((problem.n_mentors, 0), dtype=np.int16)
    for block in _blocks(people):
        weights = problem.weights_of(people[block])
        mentee_price[block] = weights.max(axis=1) // 2
        over = (weights - mentee_price[block, None].astype(weights.dtype)).max(axis=0)
        np.maximum(mentor_price, over, out=mentor_price)
        enough_for_mentee[block] = _best(weights)[:, 0]
        best_of_mentors = _best(np.hstack((best_of_mentors, weights.T)))
    found = _pairs_from(problem, people, enough_for_mentee, best_of_mentors[:, 0])
    return found, Prices(mentee_price, mentor_price)


def _best(weights: Integers) -> Integers:
    """Returns the best few weights of each row, the least of them first; all where there are no more."""
    few = min(BEST_OF_EACH, weights.shape[1])
    best: Integers = np.partition(weights, -few, axis=1)[:, -few:]
    return best


def _pairs_from(problem: Problem, people: Integers, for_mentee: Integers, for_mentor: Integers) -> Pairs:
    """Gathers the pairs that are good enough for at least one of the two."""
    parts = []
    for block in _blocks(people):
        weights = problem.weights_of(people[block])
        good = (weights >= for_mentee[block, None].astype(weights.dtype)) | (weights >= for_mentor)
        row, mentor = np.nonzero(good & (weights > 0))
        parts.append(Pairs(row + block.start, mentor, weights[row, mentor].astype(np.int64)))
    return _together(parts)


def _solve_pairs(pairs: Pairs, prices: Prices, places: Integers) -> Integers:
    """Solves the sparse problem of the pairs looked at; returns the mentor of each person or -1."""
    n_people = prices.mentee.size
    if places.size > MANY_PLACES * n_people:
        return _solve_beside_spare_places(pairs, n_people, places)
    return _solve_doubled(pairs, prices, places)


def _solve_beside_spare_places(pairs: Pairs, n_people: int, places: Integers) -> Integers:
    """Solves the sparse problem where places are many.

    The solver wants everybody matched, so each person has a place of their own besides, which stands for waiting.
    That is quick where places are many, as hardly anybody has to be displaced. Prices are of no use here: a place
    may stay empty, and then its price would count for nobody.
    """
    row, place, weight = _at_every_place(pairs, places)
    people, most = np.arange(n_people), pairs.weight.max(initial=0)
    starts, ends = np.concatenate((row, people)), np.concatenate((place, places.size + people))
    lengths = np.concatenate((most - weight, np.full(n_people, most))) * 2.0 + 1.0
    shape = (n_people, n_people + places.size)
    _, end_of = min_weight_full_bipartite_matching(csr_array((lengths, (starts, ends)), shape=shape))
    return np.append(places, np.full(n_people, NOBODY))[end_of]


def _solve_doubled(pairs: Pairs, prices: Prices, places: Integers) -> Integers:
    """Solves the same sparse problem where places are scarce.

    The solver wants everybody matched, so the problem is doubled: each person has an image and so has
    each place. A pair is taken together with the pair of its images, and whoever stays alone is matched
    with the own image. In this square problem prices may be taken off without changing what is best, and
    with good prices nearly nothing is left to do. Lengths are made odd, as the solver reads 0 as "no pair".
    """
    reduced = prices.mentee[pairs.row] + prices.mentor[pairs.mentor] - pairs.weight
    row, place, repeated = _at_every_place(pairs._replace(weight=reduced), places)
    people, n_people = np.arange(prices.mentee.size), prices.mentee.size
    free, n_places = np.arange(places.size), places.size
    starts = np.concatenate((row, people, n_people + free, n_people + place))
    ends = np.concatenate((place, n_places + people, free, n_places + row))
    images = np.zeros_like(repeated)
    lengths = np.concatenate((repeated, prices.mentee, prices.mentor[places], images)) * 2.0 + 1.0
    size = n_people + n_places
    _, end_of = min_weight_full_bipartite_matching(csr_array((lengths, (starts, ends)), shape=(size, size)))
    return np.append(places, np.full(n_people, NOBODY))[end_of[:n_people]]


def _at_every_place(pairs: Pairs, places: Integers) -> tuple[Integers, Integers, Integers]:
    """Repeats each pair for every place of its mentor, with its weight."""
    first, last = np.searchsorted(places, pairs.mentor), np.searchsorted(places, pairs.mentor, side="right")
    times = last - first
    # The places of a mentor stand together: so many steps from the first as the pair was repeated before.
    step = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(pairs.row, times), np.repeat(first, times) + step, np.repeat(pairs.weight, times)


def _prices_of(pairs: Pairs, mentor_of: Integers, n_mentors: int) -> Prices:
    """Prices the best plan of the pairs looked at, by shortest paths as `residual` does for all pairs."""
    own = np.zeros(mentor_of.size, dtype=np.int64)
    taken = pairs.mentor == mentor_of[pairs.row]
    own[pairs.row[taken]] = pairs.weight[taken]
    # The last node is the waiting list; from there a mentor who has anybody is reached for nothing.
    here = mentor_of[pairs.row]
    loss = own[pairs.row] - pairs.weight
    distance = np.full(n_mentors + 1, EXACT_BELOW)
    distance[mentor_of] = 0
    distance[-1] = 0
    for _ in range(n_mentors + 2):
        nearer = distance.copy()
        np.minimum.at(nearer, pairs.mentor, distance[here] + loss)
        if np.array_equal(nearer, distance):
            mentor_price = np.maximum(-distance[:-1], 0)
            return Prices(own - np.append(mentor_price, 0)[mentor_of], mentor_price)
        distance = nearer
    raise ArithmeticError("the solver's plan is not optimal for the pairs it was shown")


def _missed_pairs(problem: Problem, people: Integers, prices: Prices) -> Pairs:
    """Finds the pairs of the whole round that the prices do not cover, the worst few of each person."""
    parts = [Pairs(*(np.empty(0, dtype=np.int64),) * 3)]
    for block in _blocks(people):
        weights = problem.weights_of(people[block])
        over = weights - prices.mentor.astype(weights.dtype)
        over -= prices.mentee[block, None].astype(weights.dtype)
        short = np.flatnonzero((over > 0).any(axis=1))
        if short.size:
            few = min(MISSED_AT_ONCE, problem.n_mentors)
            worst = np.partition(over[short], -few, axis=1)[:, -few, None]
            row, mentor = np.nonzero((over[short] > 0) & (over[short] >= worst))
            row = short[row]
            parts.append(Pairs(row + block.start, mentor, weights[row, mentor].astype(np.int64)))
    return _together(parts)


def _together(parts: list[Pairs]) -> Pairs:
    """Joins pairs that were found in parts."""
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _blocks(people: Integers) -> list[slice]:
    """Cuts the people into blocks that are worked on in one step."""
    return [slice(start, start + ROWS_AT_ONCE) for start in range(0, people.size, ROWS_AT_ONCE)]
