"""Rough prices to begin with, by an auction: good first prices save the exact solver most of its work.

Nothing depends on them but time: the exact solver finds the best plan from any prices, and the proof comes afterwards.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.country.core import Core, ascending_once, core_of
from matching.engine.country.pricing import Prices, missed_places
from matching.engine.country.problem import SparseProblem
from matching.engine.shapes import NOBODY, Integers

MOST_TURNS = 1000
"""Turns of bidding after which an auction is broken off: by then a few people outbid each other by little."""

LEAST_BID = 500
"""Each bid raises a price by at least this part of the largest fit, which bounds how long two can outbid each other."""


def opening(problem: SparseProblem, core: Core) -> tuple[Core, Prices]:
    """Adds to the first pairs those that an auction among them misses, and returns rough prices for all.

    The auction is about fit alone. A bonus would let people outbid each other for ever, so it is shared out
    afterwards: half to the person and half to the mentor, as nobody knows yet which of the two is scarce.
    """
    prices = _auction(problem, core)
    missed = missed_places(problem, Prices(prices.mentee + problem.bonus, prices.mentor))
    if missed.size:
        core = core_of(problem, ascending_once(core.place, missed))
        prices = _auction(problem, core)
    share = (int(problem.bonus.max(initial=0)) + 1) // 2
    return core, Prices(prices.mentee + (problem.bonus + 1) // 2, prices.mentor + share)


class _Bids(NamedTuple):
    """What people bid for: a person, a mentor and the price offered for each."""

    person: Integers
    mentor: Integers
    price: Integers


def _auction(problem: SparseProblem, core: Core) -> Prices:
    """Lets people bid for mentors until each has one, finds none worth the price, or the turns are over.

    Everybody without a mentor bids at the same time for the mentor of whom most is left after the price, as much
    as makes that one no better than the second best, and a little more. The highest bid wins, and whoever had the
    mentor bids again. With capacities a mentor counts as one, so that prices come out too high; they are
    only rough anyway.

    **Source:** Bertsekas, "The auction algorithm: a distributed relaxation method for the assignment problem",
    *Annals of Operations Research* 14 (1988).
    """
    firsts = np.searchsorted(core.row, np.arange(problem.n_mentees + 1))
    fit = core.weight - problem.bonus[core.row]
    price, owner = np.zeros(problem.n_mentors, dtype=np.int64), np.full(problem.n_mentors, NOBODY)
    raise_by = max(1, int(fit.max(initial=0)) // LEAST_BID)
    free: Integers = np.flatnonzero(np.diff(firsts))
    for _ in range(MOST_TURNS):
        bids = _bids(core.mentor, fit, price, firsts, free)
        if not bids.person.size:
            break
        free = _settle(bids._replace(price=bids.price + raise_by), price, owner)
    left = np.zeros(problem.n_mentees, dtype=np.int64)
    np.maximum.at(left, core.row, fit - price[core.mentor])
    return Prices(left, price)


def _bids(mentor: Integers, fit: Integers, price: Integers, firsts: Integers, free: Integers) -> _Bids:
    """Returns what those without a mentor bid; who finds none worth the price bids no more."""
    counts = firsts[free + 1] - firsts[free]
    ends = np.cumsum(counts)
    begins = ends - counts
    pairs = np.repeat(firsts[free] - begins, counts) + np.arange(counts.sum())
    if not pairs.size:
        return _Bids(free, free, free)
    left = fit[pairs] - price[mentor[pairs]]
    best = np.maximum.reduceat(left, begins)
    tops = np.flatnonzero(left == np.repeat(best, counts))
    # Of mentors who are equally good the first is bidden for.
    top = tops[np.searchsorted(tops, begins)]
    wanted = mentor[pairs[top]]
    left[top] = 0
    second = np.maximum(np.maximum.reduceat(left, begins), 0)
    goes = best > 0
    return _Bids(free[goes], wanted[goes], (price[wanted] + best - second)[goes])


def _settle(bids: _Bids, price: Integers, owner: Integers) -> Integers:
    """Gives each mentor to the highest bid and returns those who then have no mentor, ascending."""
    np.maximum.at(price, bids.mentor, bids.price)
    highest = np.flatnonzero(bids.price == price[bids.mentor])
    # Of equal bids the one that is written last stands.
    before = owner[bids.mentor[highest]]
    owner[bids.mentor[highest]] = bids.person[highest]
    losers = bids.person[owner[bids.mentor] != bids.person]
    return ascending_once(losers, before[before != NOBODY])
