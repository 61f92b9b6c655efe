"""Invented rounds: two sides drawn from a seed, among whom three pairs in four and more are forbidden."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matching.engine import ANY_CODE, MenteeArrays, MentorArrays, Problem, Scored

Columns: TypeAlias = npt.NDArray[Any]

TOWNS = np.array(
    [
        (53.41, -2.98),  # Liverpool
        (53.43, -2.83),  # Knowsley
        (53.45, -2.74),  # St Helens
        (53.65, -3.00),  # Southport
        (53.39, -3.02),  # Birkenhead
        (53.36, -2.73),  # Widnes
        (53.39, -2.60),  # Warrington
    ],
)
"""Where the people of an invented round live, in degrees."""

WEIGHTS = {"risk": 2.0, "location": 3.0, "background": 1.0, "availability": 3.0}


def invented_round(n_mentees: int, n_mentors: int, seed: int = 2026) -> tuple[MenteeArrays, MentorArrays]:
    """Draws two sides among whom about 75 % of the pairs are forbidden, as in a town with several areas."""
    chance = np.random.default_rng(seed)
    return _mentees(chance, n_mentees), mentors_at(chance, n_mentors, _places(chance, n_mentors))


def _mentees(chance: np.random.Generator, count: int) -> MenteeArrays:
    place = _places(chance, count)
    states_need = chance.random(count) < 0.25
    return MenteeArrays(
        rosh_level=chance.choice(4, count, p=(0.35, 0.4, 0.2, 0.05)),
        slots=bits(chance, count, 21, 0.25),
        languages=1 | bits(chance, count, 12, 0.04) | (chance.random(count) < 0.05),
        latitude=place[0],
        longitude=place[1],
        travel_limit_km=chance.choice((5.0, 8.0, 12.0, 20.0), count),
        accepted_codes=np.where(states_need, chance.choice((1, 2), count), ANY_CODE).astype(np.uint64),
        wants_lived_experience=chance.random(count) < 0.3,
        needs=bits(chance, count, 9, 0.3),
        interests=bits(chance, count, 20, 0.15),
    )


def mentors_at(chance: np.random.Generator, count: int, place: tuple[Columns, Columns]) -> MentorArrays:
    """Draws mentors who live where it is told."""
    return MentorArrays(
        cleared_level=chance.choice(4, count, p=(0.2, 0.4, 0.3, 0.1)),
        slots=bits(chance, count, 21, 0.2),
        languages=1 | bits(chance, count, 12, 0.04),
        latitude=place[0],
        longitude=place[1],
        travel_limit_km=chance.choice((5.0, 8.0, 12.0, 20.0), count, p=(0.4, 0.3, 0.2, 0.1)),
        code=chance.choice(2, count),
        experience_months=chance.integers(0, 60, count).astype(np.float32),
        lived_experience=chance.random(count) < 0.3,
        skills=bits(chance, count, 9, 0.4),
        interests=bits(chance, count, 20, 0.15),
    )


def _places(chance: np.random.Generator, count: int) -> tuple[Columns, Columns]:
    """Draws places around the towns, some 3 km wide; one in fifty is not known."""
    towns = TOWNS[chance.choice(len(TOWNS), count, p=(0.35, 0.15, 0.12, 0.1, 0.12, 0.06, 0.1))]
    latitude, longitude = (towns + chance.normal(0, (0.02, 0.035), (count, 2))).T
    return np.where(chance.random(count) < 0.02, np.nan, latitude), longitude


def bits(chance: np.random.Generator, count: int, width: int, share: float) -> Columns:
    """Draws sets in which each of `width` things occurs with the same chance."""
    return (chance.random((count, width)) < share) @ (1 << np.arange(width))


def problem_of(scored: Scored, most_places: int = 1, seed: int = 2026) -> Problem:
    """States the round, each mentor having from one place to the most there are."""
    mentors = scored.fit.shape[1:]
    places = np.random.default_rng(seed).integers(1, most_places, mentors, endpoint=True)
    return Problem(scored.fit, scored.allowed, places)
