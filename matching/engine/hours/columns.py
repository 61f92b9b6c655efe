"""Hours by patterns: whole uses of mentors' hours are found as they are needed, and then chosen from.

The bound of single pairs is weak, as it lets a mentor take half a person. Patterns have no halves, and their bound
is so close that the few patterns within it can be listed, which proves the best plan.

**Source:** Savelsbergh, "A branch-and-price algorithm for the generalized assignment problem", *Operations
Research* 45 (1997), for the patterns; Gilmore and Gomory (1961) for finding them by their prices; Baldacci,
Christofides and Mingozzi, *Mathematical Programming* 115 (2008), for listing all within the gap.
"""

from dataclasses import dataclass
from time import monotonic

import numpy as np
from scipy.optimize import linprog

from matching.engine.hours.choosing import choose
from matching.engine.hours.greedy import greedy
from matching.engine.hours.patterns import Patterns, patterns_within
from matching.engine.hours.plan import HoursPlan
from matching.engine.hours.pricing import Priced, descend, price_round
from matching.engine.hours.round import HoursRound
from matching.engine.shapes import Floats, Integers

DESCENTS = 150
"""Steps towards good prices before the first linear programme."""

MOST_PATTERNS = 150_000
"""Patterns within the gap beyond which they are not listed, and the gap is stated instead."""

SMOOTHING = 0.7
"""The part of the best prices so far in the prices of the next search, which keeps it from swinging."""

FIRST_GUESS = 4000
"""The gap that is tried first is one part in so many of the bound."""


@dataclass
class _Search:
    """What is known so far.

    Attributes:
        hours: The round.
        until: The moment at which the time is up.
        best: The prices of the lowest bound.
        mentor_of: The best plan.
        patterns: The patterns found.
        proved: A bound from listing, lower than that of any prices.
    """

    hours: HoursRound
    until: float
    best: Priced
    mentor_of: Integers
    patterns: Patterns
    proved: float = np.inf

    @property
    def total(self) -> int:
        """The total of the best plan."""
        return self.hours.plan(self.mentor_of, 0).total

    @property
    def bound(self) -> int:
        """No plan has a higher total; bounds are rounded down, as totals are whole numbers."""
        return int(np.floor(min(self.best.bound, self.proved)))

    @property
    def seconds_left(self) -> float:
        """How much time there is."""
        return max(0.0, self.until - monotonic())

    def offer(self, mentor_of: Integers) -> None:
        """Keeps a plan if it is better than the best so far."""
        if self.hours.plan(mentor_of, 0).total > self.total:
            self.mentor_of = mentor_of


def solve_by_patterns(hours: HoursRound, time_limit_seconds: float) -> HoursPlan:
    """Finds a plan and a bound by patterns; the bound is at most the sum of everybody's best fit."""
    begun = monotonic()
    start = price_round(hours, np.zeros(hours.shape[0]))
    search = _Search(hours, begun + time_limit_seconds, start, greedy(hours, start.price), Patterns(hours))
    if search.seconds_left and search.bound > search.total:
        _descend(search, begun + 0.2 * time_limit_seconds)
        _lower_by_linear_programmes(search, begun + 0.6 * time_limit_seconds)
        _choose_within_the_gap(search)
    return hours.plan(search.mentor_of, min(search.bound, hours.sum_of_best))


def _descend(search: _Search, until: float) -> None:
    """Finds good prices by small steps, and keeps what the last steps used as the first patterns."""
    everyone = np.arange(search.hours.shape[1])
    search.best, trail = descend(search.hours, search.best, search.total, DESCENTS, until=until)
    for priced in (search.best, *trail):
        search.patterns.add_uses(priced.uses, everyone)
    _round_off(search, -search.patterns.gain)


def _round_off(search: _Search, order: Floats | Integers) -> None:
    """Makes a plan of patterns that go together, lowest in `order` first, and of pairs where hours are left."""
    chosen = search.patterns.compatible(np.argsort(order, kind="stable"))
    search.offer(greedy(search.hours, search.best.price, search.patterns.mentor_of(chosen)))


def _lower_by_linear_programmes(search: _Search, until: float) -> None:
    """Solves the patterns found so far with halves allowed, looks for better patterns by its prices, and repeats."""
    while monotonic() < until and search.bound > search.total:
        solved = _linear_programme(search.patterns, until - monotonic())
        if solved is None:
            return
        price, worth, parts = solved
        _round_off(search, -parts)
        smooth = SMOOTHING * search.best.price + (1 - SMOOTHING) * price
        if not (_add_better(search, smooth, price, worth) or _add_better(search, price, price, worth)):
            return


def _linear_programme(patterns: Patterns, seconds: float) -> tuple[Floats, Floats, Floats] | None:
    """Returns prices of people, worths of mentors' hours and the part of each pattern; None if the time ran out."""
    solved = linprog(  # type: ignore[call-overload] # Its types know nothing of sparse matrices, which it takes.
        -patterns.gain,
        A_ub=patterns.uses,
        b_ub=np.ones(sum(patterns.hours.shape)),
        method="highs",
        options={"time_limit": max(seconds, 0.01)},
    )
    if solved.status != 0:
        return None
    prices = -np.asarray(solved.ineqlin.marginals)
    return prices[: patterns.hours.shape[0]], prices[patterns.hours.shape[0] :], np.asarray(solved.x)


def _add_better(search: _Search, at: Floats, price: Floats, worth: Floats) -> bool:
    """Adds the best uses at some prices that the linear programme would like better than its own; tells if any."""
    priced = price_round(search.hours, at)
    search.best = min(search.best, priced, key=lambda one: one.bound)
    members = priced.uses.members
    worth_there = np.where(members, search.hours.fit - price[:, None], 0.0).sum(axis=0)
    # What differs by rounding alone would be added for ever.
    better = np.flatnonzero(worth_there > worth + 1e-3)
    search.patterns.add_uses(priced.uses, better)
    return bool(better.size)


def _choose_within_the_gap(search: _Search) -> None:
    """Lists the patterns that fall short by at most a guess, chooses the best plan of them, and guesses higher.

    The bound is the total of a plan, and what each of its patterns falls short of the best use, and the prices of
    those who wait. So a plan with a pattern beyond the guess lies below the bound by more than the guess.
    """
    guess = max(1.0, search.best.bound // FIRST_GUESS)
    while search.seconds_left and search.bound > search.total:
        guess = min(guess, search.best.bound - search.total - 1)
        listed = patterns_within(
            search.hours,
            search.best.price,
            search.best.uses.worth,
            guess,
            most=MOST_PATTERNS,
            until=monotonic() + search.seconds_left / 2,
        )
        if listed is None:
            _choose(search, search.patterns)
            return
        chosen_bound = _choose(search, listed)
        beyond = float(np.ceil(search.best.bound - guess)) - 1
        search.proved = min(search.proved, max(chosen_bound, beyond))
        if chosen_bound > search.total:
            return
        # With a plan known, all that could be better lies within what still is unproved.
        guess = search.best.bound


def _choose(search: _Search, patterns: Patterns) -> float:
    """Chooses the best plan of some patterns in the time that is left, and returns a bound on such plans."""
    if not len(patterns):
        return 0.0
    available = np.ones(sum(search.hours.shape))
    choice = choose(patterns.gain, patterns.uses, available, search.seconds_left)
    if choice.chosen is not None:
        search.offer(patterns.mentor_of(choice.chosen))
    return np.inf if choice.bound is None else float(choice.bound)
