"""Changes to a plan, one after another, against solving the changed round from scratch."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.engine import NOBODY, Plan, Problem, solve
from tests.matching.engine.brute_force import best_total, every_plan, fit_of, pinned_problems, problems

Change = Callable[[Plan, st.DataObject], Plan]


def _one(data: st.DataObject, count: int) -> int:
    assume(count)
    return data.draw(st.integers(0, count - 1))


def _pair(data: st.DataObject, plan: Plan) -> tuple[int, int]:
    return _one(data, plan.problem.n_mentees), _one(data, plan.problem.n_mentors)


def _pin(plan: Plan, data: st.DataObject) -> Plan:
    problem = plan.problem
    own = problem.pinned[:, None] == np.arange(problem.n_mentors)
    possible = np.argwhere(problem.allowed & ((problem.places_left > 0) | own)).tolist()
    # Where no pair can be pinned, there is nothing to change.
    return plan.with_pair(*data.draw(st.sampled_from(possible))) if possible else plan


def _line(data: st.DataObject, length: int) -> tuple[list[int], list[bool]]:
    fit = data.draw(st.lists(st.integers(0, 12), min_size=length, max_size=length))
    return fit, data.draw(st.lists(st.booleans(), min_size=length, max_size=length))


def _without_place(plan: Plan, data: st.DataObject) -> Plan:
    possible = np.flatnonzero(plan.problem.places_left > 0).tolist()
    return plan.without_place(data.draw(st.sampled_from(possible))) if possible else plan


CHANGES: dict[str, Change] = {
    "pin": _pin,
    "decline": lambda plan, data: plan.without_pair(*_pair(data, plan)),
    "lift a veto": lambda plan, data: plan.with_allowed(*_pair(data, plan)),
    "one more place": lambda plan, data: plan.with_place(_one(data, plan.problem.n_mentors)),
    "one place less": _without_place,
    "a mentee goes": lambda plan, data: plan.without_mentee(_one(data, plan.problem.n_mentees)),
    "a mentor goes": lambda plan, data: plan.without_mentor(_one(data, plan.problem.n_mentors)),
    "a mentee comes": lambda plan, data: plan.with_mentee(*_line(data, plan.problem.n_mentors)),
    "a mentor comes": lambda plan, data: plan.with_mentor(
        *_line(data, plan.problem.n_mentees), data.draw(st.integers(0, 3))
    ),
}


def _assert_equal_to_a_new_solution(plan: Plan) -> None:
    anew = solve(plan.problem)
    assert plan.total == anew.total
    if plan.problem.has_worthless_pairs:
        assert len(plan.pairs) == len(anew.pairs)
    # Prices and costs do not depend on which of several best plans one looks at.
    assert plan.mentor_price.tolist() == anew.mentor_price.tolist()
    assert plan.override_cost().tolist() == anew.override_cost().tolist()
    assert plan.certificate.holds


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@given(problem=pinned_problems(most_people=5), data=st.data())
@settings(deadline=None, max_examples=150)
def test_a_plan_after_one_change_is_as_good_as_one_made_from_scratch(
    change: Change, problem: Problem, data: st.DataObject
) -> None:
    _assert_equal_to_a_new_solution(change(solve(problem), data))


@given(problem=pinned_problems(most_people=5), data=st.data())
@settings(deadline=None, max_examples=400)
def test_changes_of_every_kind_may_follow_one_another(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem)
    for name in data.draw(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=8)):
        plan = CHANGES[name](plan, data)
        pinned = ~plan.problem.is_open
        assert np.all(plan.mentor_of[pinned] == plan.problem.pinned[pinned])
    _assert_equal_to_a_new_solution(plan)


@pytest.mark.parametrize("largest", [1_000, 1_000_000, 2**44])
def test_many_decisions_in_a_middling_round_stay_exact_in_every_width_of_numbers(largest: int) -> None:
    chance = np.random.default_rng(largest)
    fit = chance.integers(0, largest, (60, 40), endpoint=True)
    plan = solve(Problem(fit, chance.random((60, 40)) < 0.3, chance.integers(0, 4, 40)))
    for _ in range(30):
        mentee, mentor = chance.choice(plan.pairs[plan.problem.is_open[plan.pairs[:, 0]]]).tolist()
        plan = plan.with_pair(mentee, mentor) if chance.random() < 0.5 else plan.without_pair(mentee, mentor)
        _assert_equal_to_a_new_solution(plan)


def test_a_change_after_which_numbers_need_more_room_is_solved_from_scratch() -> None:
    plan = solve(Problem(np.array([[5, 9], [7, 3]]), np.ones((2, 2), dtype=bool), np.array([1, 1])))
    wider = plan.with_mentor([100_000, 0], [True, True], 2)
    assert wider.total == 100_000 + 7
    _assert_equal_to_a_new_solution(wider)


def test_people_of_a_mentor_who_goes_are_placed_anew_even_if_they_were_pinned() -> None:
    fit = np.array([[9, 2], [8, 3], [1, 4]])
    plan = solve(Problem(fit, np.ones((3, 2), dtype=bool), np.array([2, 2]))).with_pair(0, 0).without_mentor(0)
    assert plan.mentor_of.tolist() == [NOBODY, 1, 1]
    assert plan.problem.capacity.tolist() == [0, 2]


def test_a_person_who_goes_is_in_no_later_plan() -> None:
    plan = solve(Problem(np.array([[9], [8]]), np.ones((2, 1), dtype=bool), np.array([1]))).with_pair(0, 0)
    assert plan.without_mentee(0).mentor_of.tolist() == [NOBODY, 0]
    assert plan.without_mentee(0).with_place(0).mentor_of.tolist() == [NOBODY, 0]


def test_a_place_that_is_not_there_or_is_decided_cannot_be_taken_away() -> None:
    plan = solve(Problem(np.array([[9, 1]]), np.ones((1, 2), dtype=bool), np.array([1, 0])))
    with pytest.raises(ValueError, match="mentor 1 has no place"):
        plan.without_place(1)
    with pytest.raises(ValueError, match="more people than capacity"):
        plan.with_pair(0, 0).without_place(0)


@pytest.mark.parametrize("index", [-1, 2])
def test_a_change_for_nobody_is_an_index_error(index: int) -> None:
    plan = solve(Problem(np.array([[9, 1], [2, 3]]), np.ones((2, 2), dtype=bool), np.array([1, 1])))
    for change in (plan.without_mentee, plan.without_mentor, plan.with_place, plan.without_place):
        with pytest.raises(IndexError, match=r"no (mentee|mentor)"):
            change(index)


def test_a_newcomer_of_the_wrong_length_or_with_unsound_numbers_is_refused() -> None:
    plan = solve(Problem(np.array([[9, 1], [2, 3]]), np.ones((2, 2), dtype=bool), np.array([1, 1])))
    with pytest.raises(ValueError, match="fit has the number -1"):
        plan.with_mentee([1, -1], [True, True])
    with pytest.raises(ValueError, match="fit has 3 entries and needs 2"):
        plan.with_mentor([1, 1, 1], [True, True])
    with pytest.raises(ValueError, match="allowed has 1 entries and needs 2"):
        plan.with_mentee([1, 1], [True])
    with pytest.raises(ValueError, match="capacity has the number -1"):
        plan.with_mentor([1, 1], [True, True], -1)


@given(problems(most_people=5))
@settings(deadline=None, max_examples=200)
def test_the_next_best_plan_is_the_best_of_all_others(problem: Problem) -> None:
    plan = solve(problem)
    other = plan.next_best()
    mine = tuple(plan.mentor_of.tolist())
    totals = [
        (fit_of(each, problem.fit), sum(mentor >= 0 for mentor in each) if problem.has_worthless_pairs else 0)
        for each in every_plan(problem.allowed, problem.capacity)
        if each != mine
    ]
    if other is None:
        assert not len(plan.pairs)
    else:
        assert tuple(other.mentor_of.tolist()) != mine
        assert other.total == max(totals)[0]


def test_pinned_pairs_are_never_given_up_for_the_next_best_plan() -> None:
    problem = Problem(np.array([[9, 8], [7, 5]]), np.ones((2, 2), dtype=bool), np.array([1, 1]))
    plan = solve(problem).with_pair(0, 1).with_pair(1, 0)
    assert plan.next_best() is None


@given(problems(most_people=4), st.data())
@settings(deadline=None, max_examples=100)
def test_alternatives_are_the_cheapest_other_mentors_and_tell_who_moves(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem)
    mentee = _one(data, problem.n_mentees)
    found = plan.alternatives(mentee, 2)
    cost = plan.override_cost_of(mentee)
    others = [int(c) for mentor, c in enumerate(cost) if c >= 0 and mentor != plan.mentor_of[mentee]]
    assert [each.cost for each in found] == sorted(others)[:2]
    for each in found:
        mentor_of = plan.mentor_of.copy()
        for move in each.moves:
            assert mentor_of[move.mentee] == move.before != move.after
            mentor_of[move.mentee] = move.after
        # To replay the moves leads to a possible plan that loses just the cost.
        assert mentor_of[mentee] == each.mentor
        assert plan.total - fit_of(tuple(mentor_of.tolist()), problem.fit) == each.cost
        assert np.all(np.bincount(mentor_of[mentor_of >= 0], minlength=problem.n_mentors) <= problem.capacity)


@given(problems(most_people=4), st.data(), st.integers(0, 3))
@settings(deadline=None, max_examples=100)
def test_a_recruit_with_several_places_is_worth_what_solving_anew_gains(
    problem: Problem, data: st.DataObject, places: int
) -> None:
    plan = solve(problem)
    column = data.draw(st.lists(st.integers(0, 9), min_size=problem.n_mentees, max_size=problem.n_mentees))
    recruit = np.array(column, dtype=int).reshape(-1, 1)
    fit, allowed = np.hstack((problem.fit.astype(int), recruit)), np.hstack((problem.allowed, recruit > 0))
    gain = best_total(fit, allowed, np.append(problem.capacity, places)) - plan.total
    assert plan.recruit_value(recruit, places).tolist() == [gain]
