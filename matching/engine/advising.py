"""Whom to recruit: what one more mentor of each imaginable kind would gain for those who wait."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.compatibility import ExclusionAreas, MenteeArrays, MentorArrays, Yardsticks, score
from matching.engine.plan import Plan
from matching.engine.shapes import NOBODY, Integers

PROFILES_AT_ONCE = 128
"""Kinds of mentor that are scored in one step, so that memory does not grow with their number."""


@dataclass(frozen=True, eq=False)
class Advice:
    """What each kind of new mentor would bring; vectors have shape `(n_profiles,)`.

    Attributes:
        value: Exact gain of total from one such mentor with one place, everybody being placed anew; 0 where
            such a mentor would change nothing. With the order of aims encoded, read it with `Aims.read`.
        first: The person for whom that place would be, or -1. This need not be somebody who waits now: others
            move up when a person changes to a mentor who suits better.
        waiting: How many of those who wait now could be paired with such a mentor at all.
    """

    value: Integers
    first: Integers
    waiting: Integers


def advise(
    plan: Plan,
    mentees: MenteeArrays,
    profiles: MentorArrays,
    weights: Mapping[str, float],
    *,
    added: npt.ArrayLike = 0,
    floor: int = 0,
    yardsticks: Yardsticks | None = None,
    exclusion_areas: ExclusionAreas | None = None,
) -> Advice:
    """Says for each profile what one more mentor like it would gain, without solving any round again.

    A new place is worth to a person what the fit exceeds the person's price, and is worth to the round the most of
    that over all people. This is exact for one place; `Plan.recruit_value` answers for several.

    Args:
        plan: The round as it stands.
        mentees: The rows of the round, as they were scored.
        profiles: The mentors imagined: clearance, area, slots, language and so on.
        weights: As the round was scored with.
        added: What the order of aims adds to the fit of each person (`Aims.added`), shape `(n_mentees,)`.
        floor: As in `lexicographic`.
        yardsticks: As the round was scored with.
        exclusion_areas: As the round was scored with.

    Raises:
        ValueError: If the mentees are not those of the plan, or a weight is unsound.
    """
    if len(mentees) != plan.problem.n_mentees:
        raise ValueError(f"there are {len(mentees)} mentees and the plan has {plan.problem.n_mentees}")
    price = plan.mentee_price - np.asarray(added, dtype=np.int64)
    waits = plan.problem.is_open & (plan.mentor_of == NOBODY)
    parts: list[Integers] = [np.zeros((3, 0), dtype=np.int64)]
    for start in range(0, len(profiles), PROFILES_AT_ONCE):
        some = profiles.take(slice(start, start + PROFILES_AT_ONCE))
        scored = score(mentees, some, weights, yardsticks=yardsticks, exclusion_areas=exclusion_areas)
        suits = scored.allowed & (scored.fit >= floor)
        gain = np.where(suits & plan.problem.is_open[:, None], scored.fit - price[:, None], 0)
        parts.append(_read(gain, np.count_nonzero(suits[waits], axis=0)))
    return Advice(*np.hstack(parts))


def _read(gain: Integers, waiting: Integers) -> Integers:
    """Returns the value, the first person and those waiting of each kind, one row each."""
    first = gain.argmax(axis=0) if gain.size else np.zeros(gain.shape[1], dtype=np.int64)
    value = gain.max(axis=0, initial=0)
    return np.vstack((value, np.where(value > 0, first, NOBODY), waiting))
