"""Rounds counted in hours."""

from collections.abc import Callable
from itertools import combinations, product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hours import invented_hours
from matching.engine import HoursPlan, Problem, solve_hours
from matching.engine.hours import columns, pricing
from matching.engine.hours.columns import solve_by_patterns
from matching.engine.hours.knapsack import best_uses
from matching.engine.hours.patterns import patterns_within
from matching.engine.hours.round import HoursRound
from matching.engine.hours.solving import suits_patterns
from matching.engine.hours.whole import solve_by_pairs
from tests.matching.engine.brute_force import every_plan, fit_of, problems

WAYS = pytest.mark.parametrize("solve_round", [solve_by_pairs, solve_by_patterns])


@st.composite
def rounds(draw: st.DrawFn) -> HoursRound:
    """Draws small rounds in which the hours that somebody needs may differ by mentor."""
    problem: Problem = draw(problems(most_people=4))
    cells = problem.n_mentees * problem.n_mentors
    needed = np.array(draw(st.lists(st.integers(0, 4), min_size=cells, max_size=cells)), dtype=int)
    return HoursRound.of(problem.fit, problem.allowed, needed.reshape(problem.fit.shape), problem.capacity)


def best_within_hours(hours: HoursRound) -> int:
    """Returns the highest total of any plan within the hours, by trying each."""
    endless = np.full(hours.shape[1], hours.shape[0])
    plans = [np.array(plan, dtype=int) for plan in every_plan(hours.allowed, endless)]
    return max(fit_of(tuple(plan), hours.fit) for plan in plans if np.all(hours_used(hours, plan) <= hours.offered))


def hours_used(hours: HoursRound, mentor_of: np.ndarray) -> np.ndarray:
    """Returns the hours that a plan takes from each mentor."""
    served = np.flatnonzero(mentor_of >= 0)
    used = np.zeros(hours.shape[1], dtype=int)
    np.add.at(used, mentor_of[served], hours.needed[served, mentor_of[served]])
    return used


@WAYS
@given(hours=rounds())
@settings(deadline=None, max_examples=100)
def test_no_plan_within_the_hours_has_a_higher_total(
    solve_round: Callable[[HoursRound, float], HoursPlan],
    hours: HoursRound,
) -> None:
    plan = solve_round(hours, 60.0)
    assert plan.total == best_within_hours(hours)
    assert plan.gap == 0
    assert plan.total == fit_of(tuple(plan.mentor_of), hours.fit)
    assert np.all(hours_used(hours, plan.mentor_of) <= hours.offered)


@given(problems(most_people=4), st.data())
@settings(deadline=None, max_examples=40)
def test_hours_that_are_the_same_with_every_mentor_may_be_given_once_for_each_person(
    problem: Problem,
    data: st.DataObject,
) -> None:
    size = problem.n_mentees
    needed = np.array(data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)), dtype=int)
    plan = solve_hours(problem.fit, problem.allowed, needed, problem.capacity)
    assert plan.total == best_within_hours(HoursRound.of(problem.fit, problem.allowed, needed, problem.capacity))
    assert plan.gap == 0


@given(rounds(), st.data())
@settings(deadline=None, max_examples=100)
def test_the_bound_of_any_prices_is_at_least_every_total(hours: HoursRound, data: st.DataObject) -> None:
    price = np.array(data.draw(st.lists(st.floats(0, 250), min_size=hours.shape[0], max_size=hours.shape[0])))
    assert pricing.price_round(hours, price).bound >= best_within_hours(hours)


@given(rounds(), st.integers(0, 9), st.integers(0, 200))
@settings(deadline=None, max_examples=100)
def test_every_use_of_hours_within_a_loss_is_listed_and_no_other(hours: HoursRound, price: int, loss: int) -> None:
    prices = np.full(hours.shape[0], float(price))
    worth = best_uses(hours, prices).worth
    listed = patterns_within(hours, prices, worth, float(loss), most=10_000)
    assert listed is not None
    expected = set()
    for mentor, size in product(range(hours.shape[1]), range(1, hours.shape[0] + 1)):
        for who in combinations(np.flatnonzero(hours.allowed[:, mentor]).tolist(), size):
            value = sum(int(hours.fit[one, mentor]) - price for one in who)
            fits = sum(int(hours.needed[one, mentor]) for one in who) <= hours.offered[mentor]
            if fits and value >= worth[mentor] - loss:
                expected.add((mentor, who))
            # No use of hours may be worth more than the best.
            assert not fits or value <= worth[mentor]
    assert set(listed) == expected


def test_a_town_is_proved_by_patterns_to_the_same_total_as_by_pairs() -> None:
    hours = invented_hours(90, 60)
    plan = solve_by_patterns(hours, 60.0)
    assert (plan.total, plan.gap) == (solve_by_pairs(hours, 60.0).total, 0)
    assert np.all(hours_used(hours, plan.mentor_of) <= hours.offered)


def test_patterns_are_used_where_rounds_are_large_and_mentors_take_few() -> None:
    assert suits_patterns(invented_hours(250, 150))
    assert not suits_patterns(invented_hours(150, 90))
    many_each = HoursRound.of(np.ones((80, 60), int), np.ones((80, 60), bool), np.ones(80, int), np.full(60, 9))
    few_each = HoursRound.of(many_each.fit, many_each.allowed, many_each.needed, np.full(60, 8))
    assert suits_patterns(few_each)
    assert not suits_patterns(many_each)


def test_where_too_many_patterns_lie_within_the_gap_the_plan_is_still_possible_and_the_gap_stated() -> None:
    hours = invented_hours(60, 40)
    with patch.object(columns, "MOST_PATTERNS", 3):
        plan = solve_by_patterns(hours, 60.0)
    best = solve_by_pairs(hours, 60.0).total
    assert plan.total <= best <= plan.bound
    assert plan.gap < best // 50
    assert np.all(hours_used(hours, plan.mentor_of) <= hours.offered)


def test_a_best_plan_beyond_the_first_guess_of_the_gap_is_found_all_the_same() -> None:
    hours = invented_hours(24, 16)
    nobody = np.full(24, -1)
    with (
        patch.object(columns, "FIRST_GUESS", 10**9),
        patch.object(columns, "DESCENTS", 3),
        patch.object(columns, "greedy", lambda *_: nobody),
        patch.object(columns, "_lower_by_linear_programmes"),
    ):
        plan = solve_by_patterns(hours, 60.0)
    assert (plan.total, plan.gap) == (solve_by_pairs(hours, 60.0).total, 0)


def test_a_knapsack_is_the_same_whether_mentors_are_taken_together_or_one_by_one() -> None:
    hours = invented_hours(60, 40)
    together = best_uses(hours, np.full(60, 300.0))
    with patch("matching.engine.hours.knapsack.CELLS_AT_ONCE", 1):
        alone = best_uses(hours, np.full(60, 300.0))
    assert np.array_equal(together.worth, alone.worth)
    assert np.array_equal(together.members, alone.members)


@WAYS
def test_a_round_without_any_possible_pair_leaves_everybody_waiting(
    solve_round: Callable[[HoursRound, float], HoursPlan],
) -> None:
    hours = HoursRound.of(np.ones((2, 2), int), np.eye(2, dtype=bool), np.array([3, 3]), np.array([2, 2]))
    plan = solve_round(hours, 60.0)
    assert (plan.mentor_of.tolist(), plan.total, plan.bound) == ([-1, -1], 0, 0)


@WAYS
def test_the_same_round_gives_the_same_plan(solve_round: Callable[[HoursRound, float], HoursPlan]) -> None:
    hours = invented_hours(60, 40)
    assert solve_round(hours, 60.0).mentor_of.tobytes() == solve_round(hours, 60.0).mentor_of.tobytes()


def test_two_people_of_two_hours_are_preferred_to_one_of_three() -> None:
    plan = solve_hours(np.array([[9], [6], [6]]), np.ones((3, 1), bool), np.array([3, 2, 2]), np.array([4]))
    assert plan.mentor_of.tolist() == [-1, 0, 0]


@WAYS
def test_when_the_time_is_up_the_gap_says_how_much_is_unproved(
    solve_round: Callable[[HoursRound, float], HoursPlan],
) -> None:
    plan = solve_round(invented_hours(80, 50), 0.0)
    assert plan.gap > 0
    assert plan.bound >= plan.total


@pytest.mark.parametrize(
    ("needed", "fault"),
    [([1, 2, 3], r"hours_needed has shape \(3,\)"), ([1, -1], "whole numbers"), ([1.5, 1], "whole numbers")],
)
def test_a_fault_in_the_hours_is_named(needed: list[float], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        solve_hours(np.ones((2, 1), int), np.ones((2, 1), bool), np.array(needed), np.array([3]))
