"""A plan by hours that is found at once: a place to begin, and an answer where no time is given."""

import numpy as np

from matching.engine.hours.round import HoursRound
from matching.engine.shapes import NOBODY, Floats, Integers


def greedy(hours: HoursRound, price: Floats, begun: Integers | None = None) -> Integers:
    """Makes pairs one after the other, those worth most after the person's price first; returns the mentors or -1.

    Args:
        hours: The round.
        price: The price of each person.
        begun: Pairs that stand already, as the mentor of each person or -1; none if left out.
    """
    mentees, mentors = np.nonzero(hours.allowed)
    fit = hours.fit[mentees, mentors]
    order = np.lexsort((-fit, price[mentees] - fit))
    mentor_of = np.full(hours.shape[0], NOBODY) if begun is None else begun.copy()
    free = hours.offered - hours.used(mentor_of)
    needed = hours.needed[mentees, mentors]
    for pair in order:
        mentee, mentor = mentees[pair], mentors[pair]
        if mentor_of[mentee] == NOBODY and needed[pair] <= free[mentor]:
            mentor_of[mentee] = mentor
            free[mentor] -= needed[pair]
    return mentor_of
