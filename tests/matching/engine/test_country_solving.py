"""A country solved by its allowed pairs, against the full table."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.country import invented_country
from benchmarks.matching.inventing import WEIGHTS
from matching.engine import NOBODY, Problem, Reading, lexicographic, solve
from matching.engine.country import (
    SparsePairs,
    SparseProblem,
    certify_country,
    core,
    opening,
    order_of_aims,
    pairs,
    pricing,
    score_country,
    solve_country,
)
from tests.matching.engine.brute_force import problems


def _sparse(problem: Problem) -> SparseProblem:
    row, mentor = np.nonzero(problem.allowed)
    starts = np.searchsorted(row, np.arange(problem.n_mentees + 1))
    return SparseProblem(SparsePairs(starts, mentor, problem.fit[row, mentor], problem.n_mentors), problem.capacity)


def _many(chance: np.random.Generator, people: int, mentors: int, share: float, largest: int) -> Problem:
    shape = (people, mentors)
    return Problem(chance.integers(1, largest + 1, shape), chance.random(shape) < share, chance.integers(0, 4, mentors))


@given(problems(least_fit=1, most_people=6), st.integers(0, 99))
@settings(deadline=None, max_examples=200)
def test_the_plan_is_as_good_as_that_of_the_full_table_and_proved(problem: Problem, seed: int) -> None:
    sparse = _sparse(problem)
    with (
        patch.object(core, "BEST_OF_EACH", 1),
        patch.object(pricing, "MISSED_AT_ONCE", 1),
        patch.object(opening, "MOST_TURNS", seed % 4),
        patch.object(pairs, "PAIRS_AT_ONCE", 1 + seed % 7),
    ):
        plan = solve_country(sparse, seed=seed)
        assert plan.certificate.holds
    assert plan.total == plan.fit == solve(problem).total
    load = np.bincount(plan.mentor_of[plan.mentor_of >= 0], minlength=problem.n_mentors)
    assert np.all(load <= problem.capacity)
    served = np.flatnonzero(plan.mentor_of != NOBODY)
    assert problem.allowed[served, plan.mentor_of[served]].all()
    assert plan.served == served.size


@given(problems(least_fit=1, most_people=6), st.data())
@settings(deadline=None, max_examples=200)
def test_one_unit_for_two_aims_serves_as_many_of_high_need_and_as_many_in_all(
    problem: Problem,
    data: st.DataObject,
) -> None:
    size = problem.n_mentees
    high_need = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
    floor = data.draw(st.integers(0, 3))
    plan = solve_country(order_of_aims(_sparse(problem), high_need=high_need, floor=floor))
    aims = lexicographic(problem.fit, problem.allowed, problem.capacity, high_need=high_need, floor=floor)
    served = plan.mentor_of != NOBODY
    reached = Reading(int(np.count_nonzero(served & high_need)), plan.served, plan.fit)
    assert reached == aims.read(solve(aims.problem).total)
    assert plan.certificate.holds


@pytest.mark.parametrize("share", [0.02, 0.2, 1.0])
@pytest.mark.parametrize("largest", [1, 5, 1000])
def test_rounds_with_many_ties_and_capacities_grow_their_core_to_the_same_total(share: float, largest: int) -> None:
    problem = _many(np.random.default_rng(largest), 150, 70, share, largest)
    plan = solve_country(_sparse(problem))
    assert plan.total == solve(problem).total
    assert plan.certificate.holds


def test_a_country_is_solved_and_proved_in_the_order_of_aims() -> None:
    sides = invented_country(3000)
    scored = score_country(*sides, WEIGHTS)
    problem = SparseProblem(scored.pairs, np.ones(3000, dtype=int))
    plain = solve_country(problem)
    assert plain.certificate.holds
    high_need = np.arange(3000) % 5 == 0
    ordered = solve_country(order_of_aims(problem, high_need=high_need))
    assert ordered.certificate.holds
    assert ordered.served > plain.served
    assert np.count_nonzero(ordered.mentor_of[high_need] >= 0) > np.count_nonzero(plain.mentor_of[high_need] >= 0)
    assert ordered.fit < plain.fit


def test_the_same_seed_gives_the_same_plan_to_the_bit_and_another_seed_another_plan() -> None:
    problem = _sparse(_many(np.random.default_rng(2), 120, 60, 0.3, 3))
    plans = [solve_country(problem, seed=seed) for seed in (7, 7, 8)]
    assert plans[0].mentor_of.tobytes() == plans[1].mentor_of.tobytes()
    assert plans[0].mentor_price.tobytes() == plans[1].mentor_price.tobytes()
    assert plans[0].mentor_of.tobytes() != plans[2].mentor_of.tobytes()
    assert plans[0].total == plans[2].total


@given(problems(least_fit=1), st.data())
@settings(deadline=None, max_examples=100)
def test_a_proof_with_a_changed_price_or_a_worse_plan_does_not_hold(problem: Problem, data: st.DataObject) -> None:
    assume(problem.n_mentees)
    plan = solve_country(_sparse(problem))
    someone = data.draw(st.integers(0, problem.n_mentees - 1))
    price = plan.mentee_price.copy()
    price[someone] += data.draw(st.sampled_from([-1, 1]))
    assert not certify_country(plan.problem, plan.mentor_of, price, plan.mentor_price).holds
    if plan.mentor_of[someone] != NOBODY:
        worse = plan.mentor_of.copy()
        worse[someone] = NOBODY
        assert certify_country(plan.problem, worse, plan.mentee_price, plan.mentor_price).gap > 0


def test_a_plan_with_a_forbidden_pair_or_too_many_people_is_not_proved() -> None:
    problem = _sparse(Problem(np.array([[5, 5], [5, 5]]), np.array([[True, False], [True, True]]), np.array([1, 1])))
    prices = np.array([5, 5]), np.array([0, 0])
    assert certify_country(problem, np.array([0, 1]), *prices).holds
    assert certify_country(problem, np.array([1, 0]), *prices).unsound == 1
    assert certify_country(problem, np.array([0, 0]), *prices) == (
        replace(certify_country(problem, np.array([0, 1]), *prices), holds=False, unsound=1)
    )


def test_a_plan_that_is_not_the_best_of_its_pairs_cannot_be_priced() -> None:
    problem = _sparse(Problem(np.array([[5, 1], [1, 5]]), np.ones((2, 2), dtype=bool), np.array([1, 1])))
    with pytest.raises(ArithmeticError, match="not the best"):
        pricing.prices_of(problem, core.first_core(problem), np.array([1, 0]))


def test_solving_tells_its_phases() -> None:
    told: list[tuple[str, int, int]] = []
    problem = _sparse(_many(np.random.default_rng(3), 60, 40, 0.5, 100))
    solve_country(problem, progress=lambda *news: told.append(news))
    assert [phase for phase, _, _ in told[:4]] == ["opening", "solving, turn 1", "pricing, turn 1", "proving, turn 1"]
    assert all(0 <= done <= of == problem.pairs.n_pairs for _, done, of in told)


@pytest.mark.parametrize(
    ("starts", "mentor", "fit", "fault"),
    [
        ([1, 1], [0], [1], "starts must begin with 0"),
        ([0, 2, 1], [0], [1], "never fall"),
        ([0, 2], [0], [1], "starts ends at 2 for 1 mentors"),
        ([0, 1], [2], [1], "somebody outside 2 mentors"),
        ([0, 1], [-1], [1], "somebody outside 2 mentors"),
        ([0, 1], [0], [0], "less than 1"),
        ([0, 2], [1, 1], [3, 3], "ascend"),
        ([0, 1], [0], [0.5], "whole numbers"),
        ([[0, 1]], [0], [1], "one row"),
    ],
)
def test_a_fault_in_the_pairs_is_named(
    starts: npt.ArrayLike,
    mentor: npt.ArrayLike,
    fit: npt.ArrayLike,
    fault: str,
) -> None:
    with pytest.raises(ValueError, match=fault):
        SparsePairs(np.array(starts), np.array(mentor), np.array(fit), 2)


@pytest.mark.parametrize(
    ("capacity", "bonus", "fault"),
    [
        ([1], [0], "capacity has shape"),
        ([1, -1], [0], "less than 0"),
        ([1, 0.5], [0], "capacity holds float64"),
        ([1, 1], [0, 0], "bonus has shape"),
        ([1, 1], [2**53], "too large"),
        ([1, 1], [2**50], "lose exactness"),
    ],
)
def test_a_fault_in_the_round_is_named(capacity: npt.ArrayLike, bonus: npt.ArrayLike, fault: str) -> None:
    one = SparsePairs(np.array([0, 1]), np.array([0]), np.array([5]), 2)
    with pytest.raises(ValueError, match=fault):
        SparseProblem(one, np.array(capacity), np.array(bonus))


def test_a_band_of_another_length_is_named() -> None:
    one = SparseProblem(SparsePairs(np.array([0, 1]), np.array([0]), np.array([5]), 1), np.array([1]))
    with pytest.raises(ValueError, match="high_need needs 1 truth values"):
        order_of_aims(one, high_need=[True, False])


def test_two_bands_stay_exact_for_seven_hundred_thousand_people_where_a_unit_for_each_aim_would_not() -> None:
    people = 700_000
    alike = SparsePairs(np.arange(people + 1), np.arange(people), np.full(people, 1000), people)
    ordered = order_of_aims(SparseProblem(alike, np.ones(people, dtype=int)), high_need=np.ones(people, dtype=bool))
    assert ordered.bonus.max() == 2 * (people * 1000 + 1)
