"""Scoring a country against the full table, pair by pair."""

from unittest.mock import patch

import numpy as np
import pytest

from benchmarks.country import invented_country
from benchmarks.matching import invented_round
from benchmarks.matching.inventing import WEIGHTS
from matching.engine import ExclusionAreas, MenteeArrays, MentorArrays, Scored, score
from matching.engine.compatibility.location import distance_km
from matching.engine.country import SparsePairs, reaching, score_country, scoring
from tests.matching.engine.sides import LIVERPOOL, THE_HAGUE, TURIN, mentees, mentors


def _assert_same(pairs: SparsePairs, scored: Scored) -> None:
    row, mentor = np.nonzero(scored.allowed)
    assert np.array_equal(np.repeat(np.arange(pairs.n_mentees), pairs.counts), row)
    assert np.array_equal(pairs.mentor, mentor)
    assert np.array_equal(pairs.fit, scored.fit[row, mentor])


@pytest.mark.parametrize("size", [(0, 0), (0, 3), (3, 0), (1, 1), (40, 90), (300, 200)])
def test_the_pairs_of_a_town_and_their_fit_are_those_of_the_full_table(size: tuple[int, int]) -> None:
    sides = invented_round(*size)
    _assert_same(score_country(*sides, WEIGHTS).pairs, score(*sides, WEIGHTS))


def test_the_pairs_of_a_country_are_those_of_the_full_table_though_most_were_never_looked_at() -> None:
    sides = invented_country(1500, seed=4)
    found = score_country(*sides, WEIGHTS)
    _assert_same(found.pairs, score(*sides, WEIGHTS))
    assert found.looked_at < 0.4 * 1500**2


def test_limits_and_places_that_are_not_known_forbid_as_little_as_in_the_full_table() -> None:
    chance = np.random.default_rng(5)
    places = np.array([LIVERPOOL, THE_HAGUE, TURIN, (np.nan, 0.0), (0.0, np.nan), (-90.0, 0.0), (53.41, -2.98)])

    def columns(count: int) -> dict[str, np.ndarray]:
        latitude, longitude = places[chance.integers(0, len(places), count)].T
        limit = chance.choice((np.nan, 0.0, 0.3, 5.0, 700.0, 30_000.0), count)
        return {"latitude": latitude, "longitude": longitude, "travel_limit_km": limit}

    sides = mentees(200, **columns(200)), mentors(150, **columns(150))
    with patch.object(reaching, "PEOPLE_AT_ONCE", 4):
        _assert_same(score_country(*sides, WEIGHTS).pairs, score(*sides, WEIGHTS))


def test_a_pair_exactly_at_the_limit_is_found() -> None:
    here, there = mentees(latitude=[LIVERPOOL[0]], longitude=[LIVERPOOL[1]]), mentors(latitude=[53.5], longitude=[-2.5])
    limit = distance_km(here, there)
    exactly = mentees(latitude=[LIVERPOOL[0]], longitude=[LIVERPOOL[1]], travel_limit_km=limit)
    nowhere = mentors(latitude=[53.5], longitude=[-2.5], travel_limit_km=[0.0])
    assert score_country(exactly, nowhere, WEIGHTS).pairs.n_pairs == 1
    less = mentees(
        latitude=[LIVERPOOL[0]], longitude=[LIVERPOOL[1]], travel_limit_km=np.nextafter(limit, np.float32(0))
    )
    assert score_country(less, nowhere, WEIGHTS).pairs.n_pairs == 0


@pytest.mark.parametrize("cells", [1, 50, 2**17])
def test_areas_and_bars_and_those_who_met_count_as_in_the_full_table(cells: int) -> None:
    sides, chance = invented_round(80, 60), np.random.default_rng(6)
    areas = ExclusionAreas(
        mentee=chance.integers(0, 80, 30),
        latitude=chance.uniform(53.3, 53.5, 30),
        longitude=chance.uniform(-3.1, -2.6, 30),
        radius_km=chance.uniform(0, 9, 30),
    )
    pairs = np.column_stack((chance.integers(0, 80, 400), chance.integers(0, 60, 400)))
    barred, met = {"contact_ban": pairs[:200], "known": pairs[100:300]}, pairs[200:]
    weights = WEIGHTS | {"continuity": 4.0}
    with patch.object(scoring, "CELLS_AT_ONCE", cells):
        found = score_country(*sides, weights, exclusion_areas=areas, barred=barred, met_before=met)
    scored = score(*sides, weights, exclusion_areas=areas, barred=barred, met_before=met)
    _assert_same(found.pairs, scored)
    # The round of the test is one in which each of the three makes a difference.
    assert all(scored.masks[name].any() for name in ("exclusion_area", "contact_ban", "known"))
    assert scored.allowed[pairs[200:, 0], pairs[200:, 1]].any()


def test_no_table_of_people_by_mentors_is_larger_than_stated() -> None:
    sizes = []
    possible = scoring._Scorer._possible

    def watched(self: scoring._Scorer, some: np.ndarray, others: np.ndarray) -> np.ndarray:
        found = possible(self, some, others)
        sizes.append(found.size)
        return found

    with patch.object(scoring._Scorer, "_possible", watched), patch.object(scoring, "CELLS_AT_ONCE", 1000):
        score_country(*invented_round(300, 900), WEIGHTS)
    assert len(sizes) > 100
    assert max(sizes) <= 1000


def test_scoring_tells_how_far_it_has_come() -> None:
    told: list[tuple[str, int, int]] = []
    score_country(*invented_round(300, 50), WEIGHTS, progress=lambda *news: told.append(news))
    assert told[-1] == ("scoring", 300, 300)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"barred": {"slot": [(0, 0)]}}, "rule called 'slot'"),
        ({"barred": {"known": [(0, 5)]}}, "known names somebody outside"),
        ({"met_before": [(-1, 0)]}, "met_before names somebody outside"),
        ({"weights": {"charm": 1.0}}, "no component is called 'charm'"),
    ],
)
def test_a_fault_is_named(more: dict[str, object], fault: str) -> None:
    sides: tuple[MenteeArrays, MentorArrays] = (mentees(2), mentors(2))
    with pytest.raises(ValueError, match=fault):
        score_country(*sides, **({"weights": WEIGHTS} | more))  # type: ignore[arg-type] # The faults are the point.


def test_an_area_of_nobody_is_named() -> None:
    areas = ExclusionAreas(
        mentee=np.array([2]), latitude=np.array([50.0]), longitude=np.array([0.0]), radius_km=np.array([1.0])
    )
    with pytest.raises(ValueError, match="exclusion_area names somebody outside 2 mentees"):
        score_country(mentees(2), mentors(2), WEIGHTS, exclusion_areas=areas)
