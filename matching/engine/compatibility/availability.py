"""How easily two people find a time for each other."""

import numpy as np

from matching.engine.compatibility.people import WEEK_SLOTS, MenteeArrays, MentorArrays
from matching.engine.shapes import Scores

ENOUGH_SLOTS = 3
"""Common times of the week beyond which more add nothing: one meeting a week and room to move it."""


def availability_fit(mentees: MenteeArrays, mentors: MentorArrays, enough_slots: int = ENOUGH_SLOTS) -> Scores:
    """Scores the common times of the week in [0, 1], shape `(n_mentees, n_mentors)`.

    The formula is `min(common, enough) / enough`, with `common` the number of slots free for both.

    **Source:** the evidence gathered in docs/matching.md: a quick start and meetings that continue
    matter more than likeness, and both need a time that suits.
    """
    common = np.bitwise_count(mentees.slots & mentors.slots)
    score: Scores = np.minimum(common, np.uint8(min(enough_slots, WEEK_SLOTS))) * np.float32(1 / enough_slots)
    return score
