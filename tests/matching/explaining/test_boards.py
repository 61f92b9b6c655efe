"""The parts of a board that are reckoned: advice, mentors left, groups."""

import uuid

import numpy as np
import pytest
from flask import Flask

from matching.engine import NOBODY, ExclusionAreas, lexicographic, score, solve
from matching.explaining.fairness import _group, fairness, wilson
from matching.explaining.left_over import LeftWhy, left_over
from matching.explaining.recalling import Recalled
from matching.explaining.recruiting import EVENINGS, Advice, Profile, _as_mentors, advise
from matching.explaining.recruiting_words import tell_advice
from matching.explaining.travel_map import Ground, bearing, draw
from matching.explaining.travel_words import Both, tell_travel
from matching.rules import Veto
from mentors.rules import Gender
from tests.matching.explaining.rounds import WEIGHTS, mentees, mentors, scored_round


def solved_with(recalled: Recalled, profile: Profile) -> tuple[int, int, int]:
    """Solve the whole round again with one more mentor, and tell whom it serves and how well."""
    memory = recalled.memory
    new = score(memory.scored.mentees, _as_mentors(recalled, [profile]), WEIGHTS, exclusion_areas=memory.areas)
    fit, allowed = np.hstack([memory.scored.fit, new.fit]), np.hstack([memory.scored.allowed, new.allowed])
    plan = solve(lexicographic(fit, allowed, np.append(memory.capacity, 1), high_need=memory.urgent).problem)
    rows = np.flatnonzero(plan.mentor_of != NOBODY)
    return int(memory.urgent[rows].sum()), int(rows.size), int(fit[rows, plan.mentor_of[rows]].sum(dtype=np.int64))


def varied(seed: int, n_mentees: int, n_mentors: int) -> Recalled:
    chance = np.random.default_rng(seed)
    people = mentees(
        n_mentees,
        rosh_level=chance.integers(0, 4, n_mentees).astype(np.int8),
        languages=chance.integers(1, 4, n_mentees).astype(np.uint64),
        slots=(chance.integers(1, 2**21, n_mentees) & EVENINGS | 4).astype(np.uint32),
        latitude=53.4 + chance.integers(0, 3, n_mentees) / 10,
    )
    ready = mentors(n_mentors, cleared_level=chance.integers(0, 3, n_mentors).astype(np.int8))
    urgent = [bool(each) for each in chance.random(n_mentees) < 0.3]
    return scored_round(people, ready, urgent=urgent, languages=("en", "pl"))


@pytest.mark.parametrize("seed", range(25))
def test_what_a_new_mentor_gains_is_what_solving_again_with_them_gains(seed: int) -> None:
    recalled = varied(seed, 8, seed % 5)
    rows = np.flatnonzero(recalled.memory.mentor_of != NOBODY)
    before = (int(recalled.memory.urgent[rows].sum()), int(rows.size), recalled.total_fit)
    found = advise(recalled)
    assert found or not np.any(recalled.memory.mentor_of == NOBODY)
    for advice in found:
        after = solved_with(recalled, advice.profile)
        assert tuple(one - other for one, other in zip(after, before, strict=True)) == tuple(advice.gain)


def test_each_piece_of_advice_helps_somebody_whom_those_before_do_not() -> None:
    people = mentees(4, languages=np.array([1, 2, 4, 4], np.uint64), latitude=np.array([53.4, 53.4, 53.4, np.nan]))
    recalled = scored_round(people, mentors(1), languages=("en", "pl", "ti"))
    found = advise(recalled)
    assert [advice.could_serve for advice in found] == [2, 1]
    assert [advice.profile.language for advice in found] == ["ti", "pl"]


def test_advice_asks_for_the_least_clearance_that_does_and_heeds_areas() -> None:
    areas = ExclusionAreas(
        mentee=np.array([0]), latitude=np.array([53.4]), longitude=np.array([-2.9]), radius_km=np.array([2.0])
    )
    people = mentees(3, rosh_level=np.array([1, 1, 3], np.int8))
    found = advise(scored_round(people, mentors(0), areas=areas))
    assert [(advice.profile.level, advice.could_serve) for advice in found] == [(3, 2)]
    assert advise(scored_round(mentees(1), mentors(0), areas=areas)) == []
    assert advise(scored_round(mentees(1), mentors(1))) == []
    assert advise(scored_round(mentees(0), mentors(1))) == []


def test_advice_is_told_as_one_would_ask_for_a_volunteer(app: Flask) -> None:
    (advice,) = advise(scored_round(mentees(2, rosh_level=np.array([2, 2], np.int8)), mentors(0)))
    profile = Profile(2, EVENINGS, "pl", Gender.WOMAN, None)
    with app.test_request_context():
        told = tell_advice(advice, "L32 4")
        asked = tell_advice(Advice(profile, 0, advice.gain), "")
    assert told.who == "One more mentor: cleared for high risk, around L32 4, free on weekday evenings"
    assert told.gains == [
        "One place would give 1 more person a mentor.",
        "Each further place would serve one more, up to 2.",
    ]
    assert "who speaks Polish, a woman, as was asked for" in asked.who
    assert asked.gains[-1] == "It would free a place with another mentor."


def test_a_mentor_is_left_because_nobody_waits_or_is_allowed_or_others_serve_them() -> None:
    assert left_over(scored_round(mentees(0), mentors(1))).mentors[0].why is LeftWhy.NOBODY_WAITED
    found = left_over(scored_round(mentees(1), mentors(3, cleared_level=np.array([-1, 0, 0], np.int8))))
    assert [each.why for each in found.mentors] == [LeftWhy.NOBODY_ALLOWED, LeftWhy.SERVED_BY_OTHERS]
    assert found.mentors[0].rules == [(Veto.RISK_LEVEL, 1)]
    full = left_over(scored_round(mentees(1), mentors(2), capacity=[0, 3]))
    assert (full.full, full.spare_places, list(full.mentors)) == (1, 2, [])


def test_the_interval_is_wilsons() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


def test_a_group_that_is_served_less_is_marked_and_a_small_one_is_not_judged(app: Flask) -> None:
    people = mentees(40, rosh_level=np.array([0] * 20 + [2] * 15 + [3] * 5, np.int8))
    recalled = scored_round(people, mentors(40, cleared_level=np.zeros(40, np.int8)))
    areas = {each: "L32 4XX" if row < 20 else "Torino" for row, each in enumerate(recalled.mentee_ids)}
    with app.test_request_context():
        groupings = {grouping.title: grouping for grouping in fairness(recalled, areas)}
    risk = groupings["Risk of serious harm"].groups
    assert [(group.people, group.proposed) for group in risk] == [(20, 20), (15, 0), (5, 0)]
    assert [(group.is_behind, group.is_small) for group in risk] == [(False, False), (True, False), (False, True)]
    assert [group.name for group in groupings["Area"].groups] == ["L32", "Torino"]
    assert "Language" not in groupings


def test_a_group_that_chance_alone_may_have_left_behind_is_not_marked() -> None:
    assert not _group("a", 20, 9, 0.5).is_behind
    assert not _group("a", 20, 11, 0.5).is_behind
    assert _group("a", 20, 3, 0.5).is_behind


def ground(**values: object) -> Ground:
    alike: dict[str, object] = {
        "person": (53.40, -2.90),
        "mentor": (53.49, -2.90),
        "limits": (5.0, 20.0),
        "areas": ((53.49, -2.96, 1.0),),
        "distance_km": 10.0,
    }
    return Ground(**{**alike, **values})  # type: ignore[arg-type] # the fields of the class by their names.


def test_the_map_is_true_to_scale_and_shows_what_matters() -> None:
    drawn = draw(ground())
    assert drawn is not None
    apart = np.hypot(drawn.person.x - drawn.mentor.x, drawn.person.y - drawn.mentor.y)
    assert apart / drawn.bar_width * drawn.bar_km == pytest.approx(10.0, rel=0.02)
    assert drawn.mentor.y < drawn.person.y
    assert drawn.areas[0].x < drawn.mentor.x
    for spot in (drawn.person, drawn.mentor):
        assert 0 < spot.x < 400
        assert 0 < spot.y < 300


@pytest.mark.parametrize("km", [0.0, 0.01, 1.0, 60.0, 900.0])
def test_every_distance_can_be_drawn(km: float) -> None:
    drawn = draw(ground(mentor=(53.40 + km / 111.195, -2.90), areas=None, limits=(None, 3.0)))
    assert drawn is not None
    assert drawn.is_same_place == (km == 0)
    assert np.hypot(drawn.person.x - drawn.mentor.x, drawn.person.y - drawn.mentor.y) >= 14
    assert drawn.bar_width < 200


def test_without_a_place_there_is_no_map_and_the_words_say_so(app: Flask) -> None:
    nowhere = ground(person=None, distance_km=None, limits=(None, 4.0), areas=None)
    assert (draw(nowhere), bearing(nowhere)) == (None, None)
    with app.test_request_context():
        told = " ".join(tell_travel(nowhere, Both("Pat", "Mo")))
    assert "How far apart they are is not known: ask before you decide." in told
    assert "Pat has not said how far they can travel." in told
    assert "This round did not keep which areas" in told


def test_the_words_tell_what_the_map_shows(app: Flask) -> None:
    with app.test_request_context():
        told = tell_travel(ground(), Both("Pat", "Mo", "L32 4", "L37 1"))
        same = tell_travel(ground(mentor=(53.40, -2.90), distance_km=0.0, areas=()), Both("Pat", "Mo"))
    assert told == [
        "Pat can be met around L32 4.",
        "Mo lives around L37 1.",
        "From Pat to Mo it is 10 km as the crow flies, to the north.",
        "Pat can travel 5 km.",
        "Mo can travel 20 km.",
        "Only Mo can make the whole way.",
        "The licence keeps Pat out of 1 area.",
        "The edge of an area of 1 km is 3 km from the mentor's place.",
    ]
    assert same[0] == "Both are in the same sector or town."
    assert same[-2:] == ["Either of them could make the whole way.", "No area is excluded by the licence."]


def test_a_round_knows_its_rows_by_their_ids() -> None:
    recalled = scored_round(mentees(1), mentors(1))
    assert recalled.rows == {uuid.UUID(int=0): 0}
    assert recalled.columns == {uuid.UUID(int=1): 0}
