"""The order of aims against every plan, tried one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import Problem, Reading, lexicographic, solve
from tests.matching.engine.brute_force import every_plan, fit_of, problems


def _reading(plan: tuple[int, ...], problem: Problem, high_need: list[bool]) -> Reading:
    served = [mentor >= 0 for mentor in plan]
    return Reading(sum(map(bool.__and__, served, high_need)), sum(served), fit_of(plan, problem.fit))


def _bands(data: st.DataObject, problem: Problem) -> list[bool]:
    return data.draw(st.lists(st.booleans(), min_size=problem.n_mentees, max_size=problem.n_mentees))


@given(problems(most_people=5), st.data())
@settings(deadline=None, max_examples=150)
def test_high_need_comes_first_then_everybody_then_fit(problem: Problem, data: st.DataObject) -> None:
    high_need = _bands(data, problem)
    aims = lexicographic(problem.fit, problem.allowed, problem.capacity, high_need=np.array(high_need, dtype=bool))
    plan = solve(aims.problem)
    best = max(_reading(other, problem, high_need) for other in every_plan(problem.allowed, problem.capacity))
    assert aims.read(plan.total) == _reading(tuple(plan.mentor_of.tolist()), problem, high_need) == best
    assert plan.certificate.holds


@given(problems(), st.data())
@settings(deadline=None, max_examples=60)
def test_a_cost_reads_as_people_and_fit_lost_and_gained(problem: Problem, data: st.DataObject) -> None:
    high_need = _bands(data, problem)
    aims = lexicographic(problem.fit, problem.allowed, problem.capacity, high_need=np.array(high_need, dtype=bool))
    plan = solve(aims.problem)
    before = _reading(tuple(plan.mentor_of.tolist()), problem, high_need)
    for mentee, mentor in np.argwhere(plan.override_cost() >= 0).tolist():
        after = _reading(tuple(plan.with_pair(mentee, mentor).mentor_of.tolist()), problem, high_need)
        cost = int(plan.override_cost()[mentee, mentor])
        assert aims.read(cost) == tuple(b - a for b, a in zip(before, after, strict=True))


def test_a_pair_below_the_floor_is_not_proposed() -> None:
    aims = lexicographic(np.array([[300, 299]]), np.ones((1, 2), dtype=bool), np.array([0, 1]), floor=300)
    assert solve(aims.problem).mentor_of.tolist() == [-1]


def test_without_a_band_only_people_and_fit_are_encoded() -> None:
    aims = lexicographic(np.array([[5]]), np.array([[True]]), np.array([1]))
    assert (aims.per_person, aims.per_high_need) == (11, 0)
    assert aims.read(solve(aims.problem).total) == Reading(high_need=0, served=1, fit=5)


def test_ten_thousand_pairs_with_two_bands_are_still_exact() -> None:
    fit = np.broadcast_to(np.int16(1000), (10_000, 1))
    aims = lexicographic(fit, np.ones((10_000, 1), bool), np.array([10_000]), high_need=np.ones(10_000, bool))
    assert aims.problem.largest_weight * 10_000 < 2**53


def test_a_round_too_large_to_be_exact_is_refused() -> None:
    fit = np.broadcast_to(np.int16(1000), (20_000, 1))
    with pytest.raises(ValueError, match="too many to order the aims"):
        lexicographic(fit, np.ones((20_000, 1), bool), np.array([20_000]), high_need=np.ones(20_000, bool))


@pytest.mark.parametrize("band", [[True], [0, 1], [0.5, np.nan]])
def test_a_band_that_is_not_one_truth_value_each_is_refused(band: list[float]) -> None:
    with pytest.raises(ValueError, match="high_need needs 2 truth values"):
        lexicographic(np.ones((2, 1), int), np.ones((2, 1), bool), np.ones(1, int), high_need=np.array(band))


def test_a_pin_stands_in_the_encoded_problem_even_below_the_floor() -> None:
    aims = lexicographic(np.array([[1, 9]]), np.ones((1, 2), bool), np.ones(2, int), pinned=np.array([0]), floor=5)
    assert solve(aims.problem).mentor_of.tolist() == [0]
