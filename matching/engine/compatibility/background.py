"""What two people have in common beyond what they need, and what one can help the other with."""

import numpy as np

from matching.engine.compatibility.people import MenteeArrays, MentorArrays
from matching.engine.shapes import Booleans, Integers, Scores

ENOUGH_INTERESTS = 3
"""Common interests beyond which more add nothing."""

SET_SIZE = 64
"""The most things that a set can hold."""

NOTHING_ASKED = np.float32(0.5)
"""The score of everybody for a person who stated nothing by which backgrounds could be compared."""


def background_fit(mentees: MenteeArrays, mentors: MentorArrays, enough_interests: int = ENOUGH_INTERESTS) -> Scores:
    """Scores four parts of background in [0, 1], shape `(n_mentees, n_mentors)`.

    It is the mean of the parts that apply to the person, and 0.5 for everybody if none does:

    - language: 1 if the two share a second language; applies to those who speak more than one.
    - lived experience: 1 if the mentor has it; applies to those who asked for it.
    - help: the share of the person's needs that the mentor has skills for; applies to those with needs.
    - interests: `min(common, enough) / min(own, enough)`; applies to those who named some.

    **Source:** docs/matching.md. Research finds little for matching on characteristics, so a scheme
    should give this component a small weight. No protected characteristic is among the parts.
    """
    spoken, needed, liked = (np.bitwise_count(own) for own in (mentees.languages, mentees.needs, mentees.interests))
    parts = (spoken > 1) + (mentees.wants_lived_experience + 0) + (needed > 0) + (liked > 0)
    share = 1 / np.maximum(parts, 1).astype(np.float32)
    score: Scores = _common(mentees.needs, mentors.skills, SET_SIZE) * _share_of(share, needed, SET_SIZE)
    score += _common(mentees.interests, mentors.interests, enough_interests) * _share_of(share, liked, enough_interests)
    score += (_common(mentees.languages, mentors.languages, 2) > 1) * _where(spoken > 1, share)
    score += mentors.lived_experience * _where(mentees.wants_lived_experience, share)
    score += _where(parts == 0, NOTHING_ASKED)
    # The sum of rounded shares may pass 1 by the last bit.
    np.minimum(score, np.float32(1), out=score)
    return score


def _common(these: Integers, those: Integers, enough: int) -> Integers:
    """Counts what two sets share, up to what is enough."""
    common: Integers = np.bitwise_count(these & those)
    return common if enough >= SET_SIZE else np.minimum(common, np.uint8(enough))


def _share_of(share: Scores, own: Integers, enough: int) -> Scores:
    """Returns what one common thing adds: a part's share over the number that would be full marks."""
    full_marks: Scores = np.clip(own, 1, enough).astype(np.float32)
    return _where(own > 0, share / full_marks)


def _where(applies: Booleans, value: Scores | np.float32) -> Scores:
    """Returns the value where a part applies and 0 elsewhere."""
    return np.where(applies, value, np.float32(0))
