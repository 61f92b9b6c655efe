"""Prices and costs of a plan against every plan of the changed round, tried one by one."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.engine import NOBODY, Plan, Problem, certify, solve
from tests.matching.engine.brute_force import best_total, best_total_with, problems


def _pair(data: st.DataObject, problem: Problem) -> tuple[int, int]:
    """Draws a pair that could be forced."""
    possible = np.argwhere(problem.allowed & (problem.capacity > 0)).tolist()
    assume(possible)
    mentee, mentor = data.draw(st.sampled_from(possible))
    return mentee, mentor


@given(problems(most_people=5))
@settings(deadline=None, max_examples=150)
def test_every_plan_is_proved_by_its_prices(problem: Problem) -> None:
    plan = solve(problem)
    u, v = plan.mentee_price, plan.mentor_price
    assert np.all(u >= 0)
    assert np.all(v >= 0)
    assert np.all((u[:, None] + v >= problem.fit) | ~problem.allowed)
    assert u.sum() + problem.capacity @ v == plan.total
    assert plan.certificate.holds
    assert plan.certificate.gap == 0


@given(problems(), st.data())
@settings(deadline=None, max_examples=100)
def test_a_proof_with_a_changed_price_does_not_hold(problem: Problem, data: st.DataObject) -> None:
    assume(problem.n_mentees)
    plan = solve(problem)
    u = plan.mentee_price.copy()
    u[data.draw(st.integers(0, problem.n_mentees - 1))] += data.draw(st.sampled_from([-1, 1]))
    assert not certify(problem, plan.mentor_of, u, plan.mentor_price).holds


@given(problems(), st.data())
@settings(deadline=None, max_examples=300)
def test_a_proof_with_a_changed_price_of_a_mentor_with_places_does_not_hold(
    problem: Problem,
    data: st.DataObject,
) -> None:
    with_places = np.flatnonzero(problem.capacity > 0).tolist()
    assume(with_places)
    plan = solve(problem)
    v = plan.mentor_price.copy()
    v[data.draw(st.sampled_from(with_places))] += data.draw(st.sampled_from([-2, -1, 1, 2]))
    assert not certify(problem, plan.mentor_of, plan.mentee_price, v).holds


@given(problems(), st.data())
@settings(deadline=None, max_examples=100)
def test_a_worse_plan_is_not_proved_by_the_prices_of_the_best(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem)
    assume(plan.total)
    worse = plan.mentor_of.copy()
    worse[data.draw(st.sampled_from(np.flatnonzero(plan.waiting_cost() > 0).tolist() or [0]))] = NOBODY
    certificate = certify(problem, worse, plan.mentee_price, plan.mentor_price)
    assert certificate.gap == plan.total - int(problem.fit[worse >= 0, worse[worse >= 0]].sum(dtype=int))
    assert certificate.holds == (certificate.gap == 0)


def test_a_plan_that_breaks_a_rule_is_not_proved() -> None:
    problem = Problem(np.array([[5, 5]]), np.array([[True, False]]), np.array([1, 1]))
    certificate = certify(problem, np.array([1]), np.array([5]), np.array([0, 0]))
    assert certificate.gap == 0
    assert not certificate.holds


def test_a_plan_that_is_not_best_says_so_when_it_is_priced() -> None:
    problem = Problem(np.array([[5, 1], [1, 5]]), np.ones((2, 2), dtype=bool), np.array([1, 1]))
    with pytest.raises(ArithmeticError, match="not optimal"):
        _ = Plan(problem, np.array([1, 0])).mentor_price


@given(problems())
@settings(deadline=None, max_examples=60)
def test_the_override_cost_of_every_pair_is_what_forcing_it_loses(problem: Problem) -> None:
    plan = solve(problem)
    cost = plan.override_cost()
    for mentee, mentor in np.ndindex(problem.fit.shape):
        if problem.allowed[mentee, mentor] and problem.capacity[mentor] > 0:
            assert cost[mentee, mentor] == plan.total - best_total_with(problem, mentee, mentor)
        else:
            assert cost[mentee, mentor] == -1


@given(problems())
@settings(deadline=None, max_examples=60)
def test_the_costs_of_one_person_are_a_row_of_all_costs(problem: Problem) -> None:
    plan = solve(problem)
    cost = plan.override_cost()
    for mentee in range(problem.n_mentees):
        assert plan.override_cost_of(mentee).tolist() == cost[mentee].tolist()


@given(problems(most_people=5))
@settings(deadline=None, max_examples=60)
def test_the_override_cost_is_never_less_than_the_reduced_cost(problem: Problem) -> None:
    plan = solve(problem)
    cost = plan.override_cost()
    reduced = plan.mentee_price[:, None] + plan.mentor_price - problem.fit
    assert np.all((cost >= reduced) | (cost == -1))
    assert np.all(cost[tuple(plan.pairs.T)] == 0)


@given(problems())
@settings(deadline=None, max_examples=60)
def test_the_waiting_cost_is_what_leaving_somebody_out_loses(problem: Problem) -> None:
    plan = solve(problem)
    for mentee, cost in enumerate(plan.waiting_cost()):
        allowed = problem.allowed.copy()
        allowed[mentee] = False
        assert cost == plan.total - best_total(problem.fit, allowed, problem.capacity)


@given(problems())
@settings(deadline=None, max_examples=60)
def test_the_place_value_is_what_one_more_place_gains(problem: Problem) -> None:
    plan = solve(problem)
    for mentor, value in enumerate(plan.place_value()):
        capacity = problem.capacity + np.eye(problem.n_mentors, dtype=int)[mentor]
        assert value == best_total(problem.fit, problem.allowed, capacity) - plan.total


@given(problems(), st.data())
@settings(deadline=None, max_examples=60)
def test_the_recruit_value_is_what_one_more_mentor_gains(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem)
    column = data.draw(st.lists(st.integers(0, 9), min_size=problem.n_mentees, max_size=problem.n_mentees))
    recruit = np.array(column, dtype=int).reshape(-1, 1)
    fit = np.hstack((problem.fit.astype(int), recruit))
    allowed = np.hstack((problem.allowed, recruit > 0))
    gain = best_total(fit, allowed, np.append(problem.capacity, 1)) - plan.total
    assert plan.recruit_value(recruit).tolist() == [gain]


@given(problems(), st.data())
@settings(deadline=None, max_examples=100)
def test_a_plan_with_a_pair_is_the_best_that_has_it(problem: Problem, data: st.DataObject) -> None:
    mentee, mentor = _pair(data, problem)
    plan = solve(problem)
    forced = plan.with_pair(mentee, mentor)
    assert forced.mentor_of[mentee] == mentor
    assert forced.total == best_total_with(problem, mentee, mentor) == solve(forced.problem).total
    assert forced.total == plan.total - plan.override_cost()[mentee, mentor]
    assert forced.certificate.holds


@given(problems(), st.data())
@settings(deadline=None, max_examples=100)
def test_a_plan_without_a_pair_is_the_best_that_lacks_it(problem: Problem, data: st.DataObject) -> None:
    mentee, mentor = _pair(data, problem)
    spared = solve(problem).without_pair(mentee, mentor)
    assert spared.mentor_of[mentee] != mentor
    assert spared.total == best_total(problem.fit, spared.problem.allowed, problem.capacity)
    assert spared.certificate.holds


@given(problems(most_people=5), st.data())
@settings(deadline=None, max_examples=100)
def test_a_chain_of_decisions_ends_at_the_plan_that_solving_from_scratch_gives(
    problem: Problem,
    data: st.DataObject,
) -> None:
    plan = solve(problem)
    for _ in range(data.draw(st.integers(2, 5))):
        mentee, mentor = _pair(data, plan.problem)
        full = plan.problem.places_left[mentor] <= 0 and plan.problem.pinned[mentee] != mentor
        decided = plan.without_pair if full or data.draw(st.booleans()) else plan.with_pair
        plan = decided(mentee, mentor)
        assert plan.total == solve(plan.problem).total
        assert plan.certificate.holds
        assert np.all(plan.mentor_of[~plan.problem.is_open] == plan.problem.pinned[~plan.problem.is_open])


def test_only_people_on_the_chain_are_moved() -> None:
    chance = np.random.default_rng(3)
    fit = chance.integers(1, 1000, (40, 30))
    problem = Problem(fit, chance.random((40, 30)) < 0.4, chance.integers(1, 3, 30))
    plan = solve(problem)
    mentee, mentor = (int(index) for index in np.argwhere(plan.override_cost() > 0)[0])
    moved = np.count_nonzero(plan.with_pair(mentee, mentor).mentor_of != plan.mentor_of)
    assert 1 <= moved <= 6


def test_a_pinned_person_is_decided_and_has_no_costs_but_at_the_own_mentor() -> None:
    problem = Problem(np.array([[9, 1], [8, 7]]), np.ones((2, 2), dtype=bool), np.array([1, 1]))
    plan = solve(problem).with_pair(0, 1)
    assert plan.mentor_of.tolist() == [1, 0]
    assert plan.total == 9
    assert plan.override_cost().tolist() == [[-1, 0], [0, -1]]
    assert plan.waiting_cost().tolist() == [-1, 8]


def test_the_price_of_a_pinned_person_may_be_negative_and_the_proof_still_holds() -> None:
    plan = solve(Problem(np.array([[1], [9]]), np.ones((2, 1), dtype=bool), np.array([1]))).with_pair(0, 0)
    assert plan.mentee_price.tolist() == [-8, 0]
    assert plan.certificate.holds


def test_a_pair_that_cannot_be_is_not_forced() -> None:
    problem = Problem(np.array([[9, 1, 4]]), np.array([[True, False, True]]), np.array([1, 1, 0]))
    with pytest.raises(ValueError, match="forbidden pair"):
        solve(problem).with_pair(0, 1)
    with pytest.raises(ValueError, match="more people than capacity"):
        solve(problem).with_pair(0, 2)


@pytest.mark.parametrize("mentee", [-1, 1])
def test_nobody_has_no_costs(mentee: int) -> None:
    plan = solve(Problem(np.array([[9]]), np.ones((1, 1), dtype=bool), np.array([1])))
    with pytest.raises(IndexError, match="no mentee"):
        plan.override_cost_of(mentee)


@pytest.mark.parametrize("largest", [1_000, 1_000_000, 2**45])
def test_prices_of_a_middling_round_are_exact_in_every_width_of_numbers(largest: int) -> None:
    chance = np.random.default_rng(largest)
    fit = chance.integers(1, largest, (60, 40), endpoint=True)
    plan = solve(Problem(fit, chance.random((60, 40)) < 0.3, chance.integers(0, 3, 40)))
    assert plan.certificate.holds
    cost = plan.override_cost()
    for mentee, mentor in np.argwhere(cost >= 0)[::20]:
        assert cost[mentee, mentor] == plan.total - solve(plan.problem.pin(mentee, mentor)).total
