"""Plans against every plan of a small round, and the rounds at the edge."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import NOBODY, Plan, Problem, assigning, core, solve
from tests.matching.engine.brute_force import best_of, best_total, every_plan, fit_of, pinned_problems, problems


@given(problems())
@settings(deadline=None, max_examples=1000)
def test_no_plan_has_a_higher_total(problem: Problem) -> None:
    assert solve(problem).total == best_total(problem.fit, problem.allowed, problem.capacity)


@given(pinned_problems(), st.booleans())
@settings(deadline=None, max_examples=1000)
def test_both_ways_of_solving_keep_what_is_decided_and_reach_the_best_that_is_left(
    problem: Problem, by_core: bool
) -> None:
    # The core begins with one pair for each person, so that it has to grow.
    with (
        patch.object(assigning, "LARGE", 0 if by_core else 1500),
        patch.object(core, "BEST_OF_EACH", 1),
        patch.object(core, "MISSED_AT_ONCE", 1),
    ):
        plan = solve(problem)
    total, served = best_of(problem)
    assert plan.total == total
    assert not problem.has_worthless_pairs or len(plan.pairs) == served
    assert np.all(plan.mentor_of[~problem.is_open] == problem.pinned[~problem.is_open])
    assert plan.certificate.holds


@given(pinned_problems())
@settings(deadline=None, max_examples=500)
def test_the_prices_that_the_core_hands_on_are_those_of_the_graph_of_moves(problem: Problem) -> None:
    with patch.object(assigning, "LARGE", 0), patch.object(core, "BEST_OF_EACH", 1):
        plan = solve(problem)
    anew = Plan(problem, plan.mentor_of)
    assert plan.mentor_price.tolist() == anew.mentor_price.tolist()
    assert plan.override_cost().tolist() == anew.override_cost().tolist()


@given(problems())
@settings(deadline=None, max_examples=100)
def test_a_forbidden_pair_is_never_proposed(problem: Problem) -> None:
    mentees, mentors = solve(problem).pairs.T
    assert problem.allowed[mentees, mentors].all()


@given(problems())
@settings(deadline=None, max_examples=100)
def test_no_mentor_gets_more_people_than_places(problem: Problem) -> None:
    mentor_of = solve(problem).mentor_of
    load = np.bincount(mentor_of[mentor_of >= 0], minlength=problem.n_mentors)
    assert np.all(load <= problem.capacity)


@given(problems())
@settings(deadline=None, max_examples=100)
def test_of_plans_with_the_same_total_one_that_serves_most_is_taken(problem: Problem) -> None:
    plan = solve(problem)
    served = [
        sum(mentor >= 0 for mentor in other)
        for other in every_plan(problem.allowed, problem.capacity)
        if fit_of(other, problem.fit) == plan.total
    ]
    assert len(plan.pairs) == (max(served) if problem.has_worthless_pairs else len(plan.pairs))


@given(problems(), st.one_of(st.none(), st.integers(0, 2**32)))
@settings(deadline=None, max_examples=50)
def test_the_same_input_gives_the_same_plan_to_the_bit(problem: Problem, seed: int | None) -> None:
    first, second = solve(problem, seed=seed), solve(problem, seed=seed)
    assert first.mentor_of.tobytes() == second.mentor_of.tobytes()


@given(problems(), st.integers(0, 2**32))
@settings(deadline=None, max_examples=50)
def test_the_lottery_decides_ties_and_never_the_total(problem: Problem, seed: int) -> None:
    assert solve(problem, seed=seed).total == solve(problem).total


def test_over_many_seeds_the_lottery_favours_nobody_for_standing_first() -> None:
    problem = Problem(np.full((4, 1), 7), np.ones((4, 1), dtype=bool), np.array([1]))
    winners = [int(solve(problem, seed=seed).pairs[0, 0]) for seed in range(400)]
    assert np.all(np.bincount(winners, minlength=4) > 60)


def test_a_person_with_a_fit_of_nought_is_served_when_it_costs_nothing() -> None:
    plan = solve(Problem(np.array([[0, 0], [9, 9]]), np.ones((2, 2), dtype=bool), np.array([1, 1])))
    assert np.all(plan.mentor_of >= 0)
    assert plan.total == 9


def test_a_person_with_a_fit_of_nought_never_displaces_any_fit() -> None:
    plan = solve(Problem(np.array([[0], [1]]), np.ones((2, 1), dtype=bool), np.array([1])))
    assert plan.mentor_of.tolist() == [NOBODY, 0]


@pytest.mark.parametrize(("n_mentees", "n_mentors"), [(0, 0), (0, 3), (3, 0)])
def test_an_empty_side_gives_an_empty_plan(n_mentees: int, n_mentors: int) -> None:
    shape = (n_mentees, n_mentors)
    plan = solve(Problem(np.zeros(shape, dtype=int), np.zeros(shape, dtype=bool), np.ones(n_mentors, dtype=int)))
    assert plan.mentor_of.tolist() == [NOBODY] * n_mentees
    assert (plan.total, plan.pairs.shape, plan.certificate.holds) == (0, (0, 2), True)
    assert plan.override_cost().shape == shape
    assert plan.waiting_cost().tolist() == [0] * n_mentees
    assert plan.place_value().tolist() == [0] * n_mentors


@pytest.mark.parametrize(("allowed", "capacity"), [(False, 1), (True, 0)])
def test_a_round_in_which_nothing_is_possible_leaves_everybody_waiting(allowed: bool, capacity: int) -> None:
    plan = solve(Problem(np.full((3, 2), 5), np.full((3, 2), allowed), np.full(2, capacity)))
    assert plan.mentor_of.tolist() == [NOBODY] * 3
    assert plan.certificate.holds
    assert np.all(plan.override_cost() == -1)


def test_one_person_gets_the_best_allowed_mentor() -> None:
    plan = solve(Problem(np.array([[5, 9, 7]]), np.array([[True, False, True]]), np.array([1, 1, 1])))
    assert plan.mentor_of.tolist() == [2]


def test_a_mentor_with_endless_capacity_takes_everybody() -> None:
    plan = solve(Problem(np.array([[5], [6]]), np.ones((2, 1), dtype=bool), np.array([2**62])))
    assert plan.mentor_of.tolist() == [0, 0]
    assert plan.certificate.holds


def test_large_whole_numbers_are_solved_exactly() -> None:
    large = 2**51
    plan = solve(
        Problem(np.array([[large, large - 1], [large - 1, large - 3]]), np.ones((2, 2), bool), np.ones(2, int))
    )
    assert plan.total == 2 * large - 2
    assert plan.certificate.holds
