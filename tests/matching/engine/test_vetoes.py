"""The rules that forbid a pair."""

import numpy as np

from matching.engine.compatibility import ANY_CODE, ExclusionAreas
from matching.engine.compatibility.vetoes import (
    above_clearance,
    against_stated_need,
    beyond_travel,
    inside_exclusion_area,
    no_common_language,
    no_common_slot,
    prison_not_cleared,
)
from tests.matching.engine.sides import LIVERPOOL, mentees, mentors

KM_NORTH = float(np.degrees(1 / 6371.0088))


def test_a_risk_above_the_clearance_forbids_and_an_equal_one_does_not() -> None:
    blocked = above_clearance(mentees(3, rosh_level=[0, 1, 3]).as_rows(), mentors(3, cleared_level=[-1, 1, 3]))
    assert blocked.tolist() == [[True, False, False], [True, False, False], [True, True, False]]


def test_two_people_without_a_common_language_are_forbidden_unless_an_interpreter_is_agreed() -> None:
    people = mentees(3, languages=[0b01, 0b10, 0b10], interpreter_agreed=[False, False, True]).as_rows()
    assert no_common_language(people, mentors(languages=[0b01]))[:, 0].tolist() == [False, True, False]


def test_two_people_who_are_never_free_together_are_forbidden() -> None:
    blocked = no_common_slot(mentees(slots=[0b110]).as_rows(), mentors(3, slots=[0b001, 0b010, 0]))
    assert blocked[0].tolist() == [True, False, True]


def test_a_mentor_is_forbidden_inside_a_prison_that_has_not_cleared_them() -> None:
    people = mentees(3, prison=[0, 0b01, 0b10]).as_rows()
    blocked = prison_not_cleared(people, mentors(2, cleared_prisons=[0, 0b10]))
    assert blocked.tolist() == [[False, False], [True, True], [True, False]]


def test_a_stated_need_forbids_whoever_it_does_not_accept() -> None:
    accepted = np.array([ANY_CODE, 0b01, 0b11, 1 << 63], dtype=np.uint64)
    blocked = against_stated_need(mentees(4, accepted_codes=accepted).as_rows(), mentors(4, code=[0, 1, 63, -1]))
    assert blocked.tolist() == [
        [False, False, False, False],
        [False, True, True, True],
        [False, False, True, True],
        [True, True, False, True],
    ]


def test_a_pair_is_forbidden_only_beyond_what_either_can_travel() -> None:
    person = mentees(latitude=[LIVERPOOL[0]], longitude=[LIVERPOOL[1]], travel_limit_km=[5.0]).as_rows()
    north = [LIVERPOOL[0] + KM_NORTH * 10] * 3
    others = mentors(3, latitude=north, longitude=[LIVERPOOL[1]] * 3, travel_limit_km=[8.0, 12.0, np.nan])
    assert beyond_travel(person, others)[0].tolist() == [True, False, False]


def test_an_unknown_distance_forbids_nothing() -> None:
    assert not beyond_travel(mentees(travel_limit_km=[1.0]).as_rows(), mentors(travel_limit_km=[1.0])).any()


def test_a_mentor_inside_an_exclusion_area_is_forbidden_for_that_person_alone() -> None:
    areas = ExclusionAreas(
        mentee=np.array([1]),
        latitude=np.array([LIVERPOOL[0]]),
        longitude=np.array([LIVERPOOL[1]]),
        radius_km=np.array([2.0]),
    )
    north = [LIVERPOOL[0] + KM_NORTH * km for km in (0, 1.99, 2.02)]
    pairs = inside_exclusion_area(areas, mentors(3, latitude=north, longitude=[LIVERPOOL[1]] * 3))
    assert pairs.tolist() == [[1, 0], [1, 1]]


def test_a_mentor_whose_place_is_unknown_counts_as_inside_an_exclusion_area() -> None:
    one = np.ones(1)
    areas = ExclusionAreas(mentee=np.array([0]), latitude=one, longitude=one, radius_km=one)
    assert inside_exclusion_area(areas, mentors()).tolist() == [[0, 0]]
