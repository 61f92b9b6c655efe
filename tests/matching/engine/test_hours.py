"""Rounds counted in hours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Problem, solve_hours
from tests.matching.engine.brute_force import every_plan, fit_of, problems


@given(problems(most_people=4), st.data())
@settings(deadline=None, max_examples=40)
def test_no_plan_within_the_hours_has_a_higher_total(problem: Problem, data: st.DataObject) -> None:
    size = problem.n_mentees
    needed = np.array(data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)), dtype=int)
    plan = solve_hours(problem.fit, problem.allowed, needed, problem.capacity)
    endless = np.full(problem.n_mentors, size)
    within = [
        fit_of(other, problem.fit)
        for other in every_plan(problem.allowed, endless)
        if all(needed[np.array(other, int) == j].sum() <= free for j, free in enumerate(problem.capacity))
    ]
    assert plan.total == max(within)
    assert plan.gap == 0


def test_two_people_of_two_hours_are_preferred_to_one_of_three() -> None:
    plan = solve_hours(np.array([[9], [6], [6]]), np.ones((3, 1), bool), np.array([3, 2, 2]), np.array([4]))
    assert plan.mentor_of.tolist() == [-1, 0, 0]


def test_when_the_time_is_up_the_gap_says_how_much_is_unproved() -> None:
    chance = np.random.default_rng(1)
    fit = chance.integers(1, 1000, (40, 20))
    plan = solve_hours(fit, np.ones((40, 20), bool), np.full(40, 2), np.full(20, 3), time_limit_seconds=0.0)
    assert plan.gap > 0
    assert plan.bound >= plan.total


@pytest.mark.parametrize(
    ("needed", "fault"),
    [([1, 2, 3], r"hours_needed has shape \(3,\)"), ([1, -1], "whole numbers"), ([1.5, 1], "whole numbers")],
)
def test_a_fault_in_the_hours_is_named(needed: list[float], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        solve_hours(np.ones((2, 1), int), np.ones((2, 1), bool), np.array(needed), np.array([3]))
