"""How safely a mentor can carry a person's level of risk."""

import numpy as np

from matching.engine.compatibility.people import MenteeArrays, MentorArrays
from matching.engine.shapes import Scores

HALF_EXPERIENCE_MONTHS = 12.0
"""Months of mentoring after which experience counts a half: the length of one whole match."""


def risk_fit(
    mentees: MenteeArrays,
    mentors: MentorArrays,
    half_experience_months: float = HALF_EXPERIENCE_MONTHS,
) -> Scores:
    """Scores headroom of clearance and experience in [0, 1], shape `(n_mentees, n_mentors)`.

    Headroom h is 1 where the mentor is cleared for at least one level more than the person's, 0.5 where
    cleared for just that level and 0 below it: with a level to spare, a change of risk during the match
    need not end it. Experience is `e = 1 - 2 ** (-months / half)`. The higher the level (0 to 3), the
    more experience counts: `(1 - w) h + w e` with `w = (1 + level) / 5`.

    **Source:** the programme's own rule that risk, clearance and experience are weighed together
    (docs/matching.md); no study is claimed for the shape.
    """
    # Numbers of 8 bits serve here: a clearance less a level lies between -4 and 3.
    headroom = np.clip(mentors.cleared_level - mentees.rosh_level + np.int8(1), 0, 2)
    experience = 1 - np.exp2(-mentors.experience_months / np.float32(half_experience_months))
    counts = ((1 + mentees.rosh_level) / 5).astype(np.float32)
    score: Scores = headroom * ((1 - counts) / 2)
    score += counts * experience
    return score
