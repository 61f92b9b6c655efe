"""What is scored, against formulas worked out by hand."""

from math import asin, cos, radians, sin, sqrt

import numpy as np
import pytest

from matching.engine.compatibility import (
    Yardsticks,
    availability_fit,
    background_fit,
    combine,
    distance_km,
    location_fit,
    risk_fit,
)
from tests.matching.engine.sides import LIVERPOOL, THE_HAGUE, TURIN, mentees, mentors


def _haversine_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    north, east = radians(b[0] - a[0]), radians(b[1] - a[1])
    h = sin(north / 2) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(h))


def _at(*places: tuple[float, float]) -> dict[str, list[float]]:
    return {"latitude": [north for north, _ in places], "longitude": [east for _, east in places]}


def test_distances_are_great_circles_to_within_two_metres() -> None:
    near = (LIVERPOOL[0] + 0.001, LIVERPOOL[1] + 0.001)
    far_side = (-LIVERPOOL[0], LIVERPOOL[1] + 180)
    here = mentees(**_at(LIVERPOOL)).as_rows()
    found = distance_km(here, mentors(5, **_at(LIVERPOOL, near, THE_HAGUE, TURIN, far_side)))[0]
    wanted = [_haversine_km(LIVERPOOL, place) for place in (LIVERPOOL, near, THE_HAGUE, TURIN)]
    assert found[:4] == pytest.approx(wanted, abs=0.002)
    assert found[4] == pytest.approx(np.pi * 6371.0088, rel=1e-3)


def test_each_half_distance_halves_the_closeness() -> None:
    north = np.degrees(8 / 6371.0088)
    there = [(LIVERPOOL[0] + times * north, LIVERPOOL[1]) for times in range(4)]
    found = location_fit(mentees(**_at(LIVERPOOL)).as_rows(), mentors(4, **_at(*there)), half_distance_km=8)
    assert found[0] == pytest.approx([1, 0.5, 0.25, 0.125], abs=1e-3)
    assert found.dtype == np.float32


def test_an_unknown_place_is_neither_near_nor_far() -> None:
    unknown = (np.nan, np.nan)
    here = mentees(2, **_at(LIVERPOOL, unknown)).as_rows()
    found = location_fit(here, mentors(2, **_at(unknown, LIVERPOOL)))
    assert found.tolist() == [[0.5, 1.0], [0.5, 0.5]]


def test_headroom_and_experience_count_and_experience_counts_more_for_higher_risk() -> None:
    found = risk_fit(
        mentees(2, rosh_level=[0, 3]).as_rows(),
        mentors(4, cleared_level=[0, 1, 3, 3], experience_months=[0, 0, 0, 12.0]),
    )
    assert found[0] == pytest.approx([0.4, 0.8, 0.8, 0.9])
    assert found[1] == pytest.approx([0, 0, 0.1, 0.5])


def test_common_times_count_up_to_what_is_enough() -> None:
    found = availability_fit(mentees(slots=[0b11111]).as_rows(), mentors(4, slots=[0b100000, 0b1, 0b111, 0b11111]))
    assert found[0] == pytest.approx([0, 1 / 3, 1, 1])


def test_more_slots_than_a_week_has_may_be_called_enough() -> None:
    found = availability_fit(mentees(slots=[2**21 - 1]).as_rows(), mentors(slots=[2**21 - 1]), enough_slots=1000)
    assert found[0] == pytest.approx([0.021])


def test_background_is_the_mean_of_the_parts_that_apply() -> None:
    person = mentees(languages=[0b11], wants_lived_experience=[True], needs=[0b1111], interests=[0b11]).as_rows()
    others = mentors(
        4,
        languages=[0b11, 0b01, 0b01, 0b11],
        lived_experience=[False, True, False, True],
        skills=[0, 0, 0b0011, 0b1111],
        interests=[0, 0, 0b01, 0b11],
    )
    assert background_fit(person, others)[0] == pytest.approx([0.25, 0.25, 0.25, 1])


def test_a_part_that_a_person_did_not_ask_for_neither_helps_nor_harms() -> None:
    person = mentees(needs=[0b1]).as_rows()
    others = mentors(2, skills=[1, 1], lived_experience=[True, False], interests=[0b111, 0])
    assert background_fit(person, others)[0].tolist() == [1, 1]


def test_a_person_who_stated_nothing_has_the_same_background_with_everybody() -> None:
    assert background_fit(mentees().as_rows(), mentors(2, skills=[7, 0]))[0].tolist() == [0.5, 0.5]


def test_sets_of_sixty_four_things_are_compared_whole() -> None:
    everything = np.array([2**64 - 1], dtype=np.uint64)
    person = mentees(needs=everything, interests=everything).as_rows()
    found = background_fit(person, mentors(skills=everything, interests=everything), enough_interests=1000)
    assert found[0] == pytest.approx([1])


def test_weights_make_whole_numbers_from_one_to_a_thousand() -> None:
    parts = {"risk": np.array([0, 1, 1, 0], np.float32), "location": np.array([0, 1, 0, 1], np.float32)}
    assert combine(parts, {"risk": 3, "location": 1}).tolist() == [1, 1000, 750, 251]
    assert combine(parts, {"risk": 3, "location": 1}).dtype == np.int16


def test_only_the_proportion_of_weights_counts() -> None:
    parts = {"risk": np.array([0.3], np.float32), "location": np.array([0.9], np.float32)}
    assert combine(parts, {"risk": 1, "location": 2}) == combine(parts, {"risk": 10, "location": 20})


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ({"gender": 1.0}, "no component is called 'gender'"),
        ({"risk": -1.0}, "the weight of 'risk' is -1.0"),
        ({"risk": np.nan}, "the weight of 'risk' is nan"),
        ({"risk": np.inf}, "the weight of 'risk' is inf"),
        ({"risk": 0.0}, "at least one weight"),
        ({}, "at least one weight"),
    ],
)
def test_a_fault_in_the_weights_is_named(weights: dict[str, float], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        combine({"risk": np.array([1], np.float32)}, weights)


def test_a_yardstick_of_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="half_distance_km is 0"):
        Yardsticks(half_distance_km=0)
