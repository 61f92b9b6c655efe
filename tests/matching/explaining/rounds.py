"""Small rounds made of numbers alone, for questions that need no database."""

import uuid
from typing import Any

import numpy as np

from matching.engine import ANY_CODE, ExclusionAreas, MenteeArrays, MentorArrays, Scored, lexicographic, score, solve
from matching.explaining.recalling import Recalled
from matching.gathering import remember
from matching.rules import DEFAULT_WEIGHTS

EVENINGS = 0b100100100
WEIGHTS = {component.value: float(weight) for component, weight in DEFAULT_WEIGHTS.items()}


def mentees(number: int, **columns: Any) -> MenteeArrays:  # noqa: ANN401 - arrays of any kind.
    """People who wait, alike in all that is not said."""
    alike = {
        "slots": np.full(number, EVENINGS, np.uint32),
        "languages": np.ones(number, np.uint64),
        "rosh_level": np.zeros(number, np.int8),
        "accepted_codes": np.full(number, ANY_CODE, np.uint64),
        "latitude": np.full(number, 53.4),
        "longitude": np.full(number, -2.9),
    }
    return MenteeArrays(**{**alike, **columns})


def mentors(number: int, **columns: Any) -> MentorArrays:  # noqa: ANN401 - arrays of any kind.
    """Mentors who are ready, alike in all that is not said."""
    alike = {
        "slots": np.full(number, EVENINGS, np.uint32),
        "languages": np.ones(number, np.uint64),
        "cleared_level": np.full(number, 3, np.int8),
        "latitude": np.full(number, 53.45),
        "longitude": np.full(number, -2.95),
    }
    return MentorArrays(**{**alike, **columns})


def scored_round(
    people: MenteeArrays,
    ready: MentorArrays,
    *,
    capacity: list[int] | None = None,
    urgent: list[bool] | None = None,
    areas: ExclusionAreas | None = None,
    languages: tuple[str, ...] = ("en",),
) -> Recalled:
    """Score people and mentors, solve, and remember it as a round does."""
    scored = score(people, ready, WEIGHTS, exclusion_areas=areas)
    return remembered(scored, capacity, urgent, areas=areas, languages=languages)


def remembered(
    scored: Scored,
    capacity: list[int] | None = None,
    urgent: list[bool] | None = None,
    *,
    areas: ExclusionAreas | None = None,
    languages: tuple[str, ...] = ("en",),
) -> Recalled:
    """Solve a scored round and remember it."""
    n_mentees, n_mentors = scored.fit.shape
    places = np.array([1] * n_mentors if capacity is None else capacity, dtype=np.int64)
    needy = np.array([False] * n_mentees if urgent is None else urgent, dtype=np.bool_)
    plan = solve(lexicographic(scored.fit, scored.allowed, places, high_need=needy).problem)
    codings = {"languages": {code: bit for bit, code in enumerate(languages)}, "needs": {}, "interests": {}}
    memory = remember(scored, places, needy, codings, plan, areas=areas)
    ids = [uuid.UUID(int=number) for number in range(n_mentees + n_mentors)]
    return Recalled(memory, ids[:n_mentees], ids[n_mentees:])


def random_round(seed: int) -> Recalled:
    """A small round with fit, rules, places and need drawn by chance."""
    chance = np.random.default_rng(seed)
    n_mentees, n_mentors = int(chance.integers(1, 6)), int(chance.integers(1, 5))
    scored = score(mentees(n_mentees), mentors(n_mentors), WEIGHTS)
    scored.fit[:] = chance.integers(1, 20, scored.fit.shape)
    scored.vetoes[:] = chance.random(scored.fit.shape) < 0.4
    capacity = [int(places) for places in chance.integers(0, 3, n_mentors)]
    return remembered(scored, capacity, [bool(each) for each in chance.random(n_mentees) < 0.4])
