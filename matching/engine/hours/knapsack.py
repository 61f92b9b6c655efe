"""The best use of each mentor's hours if every person has a price: small knapsacks, all mentors at once."""

from typing import NamedTuple

import numpy as np

from matching.engine.hours.round import HoursRound
from matching.engine.shapes import Booleans, Floats, Integers

CELLS_AT_ONCE = 2**26
"""Truth values of the tables of one step: mentors are taken in groups of which the tables have at most so many."""


class Uses(NamedTuple):
    """The best use of each mentor's hours.

    Attributes:
        worth: What it is worth after the prices, shape `(n_mentors,)`.
        members: Who is in it, shape `(n_mentees, n_mentors)`.
    """

    worth: Floats
    members: Booleans


def best_uses(hours: HoursRound, price: Floats) -> Uses:
    """Finds, for each mentor, the people who are worth most after their prices within the hours offered.

    Numbers are exact if the prices are multiples of a small power of two, as sums of such are.

    **Source:** Bellman's recursion; Martello and Toth, *Knapsack Problems* (1990), section 2.6.
    """
    profit = np.where(hours.allowed, hours.fit - price[:, None], 0.0)
    worth, members = np.zeros(hours.shape[1]), np.zeros(hours.shape, dtype=np.bool_)
    each = max(1, hours.shape[0] * (int(hours.offered.max(initial=0)) + 1))
    step = max(1, CELLS_AT_ONCE // each)
    for start in range(0, hours.shape[1], step):
        some = slice(start, start + step)
        worth[some], members[:, some] = _best(profit[:, some], hours.needed[:, some], hours.offered[some])
    return Uses(worth, members)


def _best(profit: Floats, needed: Integers, offered: Integers) -> tuple[Floats, Booleans]:
    """Fills the tables person by person, then reads the members back in the opposite order."""
    hours = np.arange(int(offered.max(initial=0)) + 1)
    table = np.zeros((offered.size, hours.size))
    takes = np.zeros((profit.shape[0], *table.shape), dtype=np.bool_)
    people = np.flatnonzero((profit > 0).any(axis=1))
    for person in people:
        mentors = np.flatnonzero(profit[person] > 0)
        left = hours - needed[person, mentors, None]
        # Index -1 and below would count from the end, so what does not fit in is cut off first and struck out after.
        worth = table[mentors[:, None], np.maximum(left, 0)] + profit[person, mentors, None]
        better = (left >= 0) & (worth > table[mentors])
        takes[person, mentors] = better
        table[mentors] = np.where(better, worth, table[mentors])
    members, free, everyone = np.zeros(profit.shape, dtype=np.bool_), offered.copy(), np.arange(offered.size)
    for person in people[::-1]:
        members[person] = takes[person, everyone, free]
        free -= np.where(members[person], needed[person], 0)
    return table[everyone, offered], members
