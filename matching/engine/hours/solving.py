"""From a round counted in hours to a plan and a bound."""

import numpy as np
import numpy.typing as npt

from matching.engine.hours.columns import solve_by_patterns
from matching.engine.hours.plan import HoursPlan
from matching.engine.hours.round import HoursRound
from matching.engine.hours.whole import solve_by_pairs

MANY_PAIRS = 4000
"""Possible pairs from which patterns are as fast as single pairs or faster (docs/benchmarks.md)."""

MOST_PEOPLE = 8
"""People of one mentor beyond which there are too many patterns."""


def solve_hours(
    fit: npt.ArrayLike,
    allowed: npt.ArrayLike,
    hours_needed: npt.ArrayLike,
    hours_offered: npt.ArrayLike,
    *,
    time_limit_seconds: float = 60.0,
) -> HoursPlan:
    """Pairs people and mentors for the highest total fit within everybody's hours a week.

    This is the generalised assignment problem: maximise the fit of the chosen pairs, each person in one
    pair at most, the hours needed from each mentor within the hours offered. Small rounds are solved by
    branch and bound over pairs (`whole.py`), larger ones by patterns (`columns.py`): about 250 people are proved
    within a minute. Of 500 some rounds are, others keep a gap of a few parts in 10,000; the gap is always stated.

    Args:
        fit: Whole numbers >= 0, shape `(n_mentees, n_mentors)`.
        allowed: False where a veto forbids the pair, same shape.
        hours_needed: Whole numbers >= 0: hours (or quarters of an hour) a week that a person needs, shape
            `(n_mentees,)`, or of the same shape as `fit` where they differ by mentor.
        hours_offered: Whole numbers >= 0 in the same unit, shape `(n_mentors,)`.
        time_limit_seconds: After about this the best plan found so far is returned with its gap.

    Returns:
        The plan, its total and a bound on every plan's total.

    Raises:
        ValueError: If an array is unsound as in `Problem`. The message calls the hours offered "capacity".
    """
    hours = HoursRound.of(fit, allowed, hours_needed, hours_offered)
    return (solve_by_patterns if suits_patterns(hours) else solve_by_pairs)(hours, time_limit_seconds)


def suits_patterns(hours: HoursRound) -> bool:
    """Tells if a round is large, and has mentors who each take so few people that their patterns can be listed."""
    least = int(np.where(hours.allowed, hours.needed, MOST_PEOPLE).min(initial=MOST_PEOPLE))
    is_large = int(hours.allowed.sum()) >= MANY_PAIRS
    return is_large and int(hours.offered.max(initial=0)) <= MOST_PEOPLE * least
