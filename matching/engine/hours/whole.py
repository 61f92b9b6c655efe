"""Hours by branch and bound over single pairs: the short way, good for small rounds."""

import numpy as np
from scipy.sparse import vstack

from matching.engine.hours.choosing import choose, incidence
from matching.engine.hours.plan import HoursPlan
from matching.engine.hours.round import HoursRound
from matching.engine.shapes import NOBODY


def solve_by_pairs(hours: HoursRound, time_limit_seconds: float) -> HoursPlan:
    """Decides for each pair whether it is made, proved within seconds to about 100 people.

    **Source:** Ross and Soland, "A branch and bound algorithm for the generalized assignment problem",
    *Mathematical Programming* 8 (1975).
    """
    mentees, mentors = np.nonzero(hours.allowed)
    mentor_of = np.full(hours.shape[0], NOBODY)
    if not mentees.size:
        return hours.plan(mentor_of, 0)
    uses = vstack(
        (
            incidence(mentees, np.ones_like(mentees), hours.shape[0]),
            incidence(mentors, hours.needed[mentees, mentors], hours.shape[1]),
        ),
    ).tocsr()
    available = np.concatenate((np.ones(hours.shape[0]), hours.offered))
    choice = choose(hours.fit[mentees, mentors], uses, available, time_limit_seconds)
    if choice.chosen is not None:
        mentor_of[mentees[choice.chosen]] = mentors[choice.chosen]
    return hours.plan(mentor_of, hours.sum_of_best if choice.bound is None else choice.bound)
