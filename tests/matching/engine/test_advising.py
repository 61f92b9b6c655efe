"""Whom to recruit, against solving the round again with each of the recruits."""

import numpy as np
import pytest

from benchmarks.matching import WEIGHTS, invented_round
from matching.engine import Aims, MenteeArrays, MentorArrays, Plan, advise, lexicographic, score, solve
from matching.engine.shapes import Booleans, Integers
from tests.matching.engine.sides import mentees, mentors


def _round(floor: int) -> tuple[Aims, Plan]:
    scored = score(*invented_round(60, 25), WEIGHTS)
    high_need = np.arange(60) % 4 == 0
    aims = lexicographic(scored.fit, scored.allowed, np.ones(25, dtype=int), high_need=high_need, floor=floor)
    return aims, solve(aims.problem)


@pytest.mark.parametrize("floor", [0, 500])
def test_the_advice_for_each_profile_is_what_solving_again_gains(floor: int) -> None:
    aims, plan = _round(floor)
    people, profiles = invented_round(60, 25)[0], invented_round(1, 150, seed=9)[1]
    advice = advise(plan, people, profiles, WEIGHTS, added=aims.added, floor=floor)
    scored = score(people, profiles, WEIGHTS)
    for profile in range(150):
        allowed = scored.allowed[:, profile] & (scored.fit[:, profile] >= floor)
        richer = plan.with_mentor(scored.fit[:, profile] + aims.added, allowed)
        assert advice.value[profile] == solve(richer.problem).total - plan.total == richer.total - plan.total
        assert advice.waiting[profile] == np.count_nonzero(allowed & (plan.mentor_of < 0))
        if advice.value[profile]:
            gain = (scored.fit[:, profile] + aims.added - plan.mentee_price)[advice.first[profile]]
            assert allowed[advice.first[profile]]
            assert gain == advice.value[profile]
        else:
            assert advice.first[profile] == -1
    assert np.count_nonzero(advice.value) > 20


def test_a_mentor_cleared_for_the_person_who_waits_is_worth_recruiting_and_no_other() -> None:
    people = mentees(2, rosh_level=[0, 2])
    aims = lexicographic(*_scored(people, mentors(1)), np.array([1]))
    plan = solve(aims.problem)
    advice = advise(plan, people, mentors(3, cleared_level=[0, 1, 2]), {"risk": 1}, added=aims.added)
    assert [aims.read(value).served for value in advice.value.tolist()] == [0, 0, 1]
    assert advice.waiting.tolist() == [0, 0, 1]
    assert advice.first[2] == 1


def _scored(people: MenteeArrays, volunteers: MentorArrays) -> tuple[Integers, Booleans]:
    scored = score(people, volunteers, {"risk": 1})
    return scored.fit, scored.allowed


def test_no_profile_and_no_person_give_empty_or_no_advice() -> None:
    aims = lexicographic(*_scored(mentees(1), mentors(1)), np.array([1]))
    assert advise(solve(aims.problem), mentees(1), mentors(0), {"risk": 1}).value.shape == (0,)
    nobody = lexicographic(*_scored(mentees(0), mentors(1)), np.array([1]))
    advice = advise(solve(nobody.problem), mentees(0), mentors(2), {"risk": 1})
    assert (advice.value.tolist(), advice.first.tolist(), advice.waiting.tolist()) == ([0, 0], [-1, -1], [0, 0])


def test_other_people_than_those_of_the_plan_are_refused() -> None:
    aims = lexicographic(*_scored(mentees(1), mentors(1)), np.array([1]))
    with pytest.raises(ValueError, match="2 mentees and the plan has 1"):
        advise(solve(aims.problem), mentees(2), mentors(1), {"risk": 1})
