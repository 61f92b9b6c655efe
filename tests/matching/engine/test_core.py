"""Large rounds by looking at few pairs first, against the full matrix."""

from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.matching import WEIGHTS, invented_round
from matching.engine import Plan, Problem, assigning, core, lexicographic, score, solve
from tests.matching.engine.brute_force import problems


def _by_core(problem: Problem, seed: int | None = None) -> Plan:
    with patch.object(assigning, "LARGE", 0):
        return solve(problem, seed=seed)


@pytest.fixture
def few_at_first() -> Iterator[None]:
    """Lets the core begin so small that it has to grow several times."""
    with patch.object(core, "BEST_OF_EACH", 1), patch.object(core, "MISSED_AT_ONCE", 1):
        yield


@given(problems(most_people=6), st.integers(0, 99))
@settings(deadline=None, max_examples=150)
def test_a_small_core_grows_until_the_plan_is_best_for_the_whole_round(problem: Problem, seed: int) -> None:
    with patch.object(core, "BEST_OF_EACH", 1), patch.object(core, "MISSED_AT_ONCE", 1):
        plan = _by_core(problem, seed)
    assert plan.total == solve(problem).total
    assert plan.certificate.holds


@pytest.mark.usefixtures("few_at_first")
@pytest.mark.parametrize("kind", [np.int16, np.uint16, np.int32, np.int64])
def test_capacities_pins_and_every_width_of_numbers_are_kept(kind: type[np.integer]) -> None:
    chance = np.random.default_rng(7)
    fit = chance.integers(1, min(np.iinfo(kind).max, 10**9), (120, 70), endpoint=True).astype(kind)
    problem = Problem(fit, chance.random((120, 70)) < 0.4, chance.integers(0, 4, 70))
    mentee, mentor = np.argwhere(problem.allowed & (problem.capacity > 0))[0].tolist()
    problem = problem.pin(mentee, mentor)
    plan = _by_core(problem)
    assert plan.total == solve(problem).total
    assert plan.mentor_of[mentee] == mentor
    assert plan.certificate.holds


def test_a_realistic_round_is_solved_to_the_same_total_and_to_the_same_plan_again() -> None:
    scored = score(*invented_round(300, 250), WEIGHTS)
    problem = Problem(scored.fit, scored.allowed, np.ones(250, dtype=int))
    plan = _by_core(problem, seed=4)
    assert plan.total == solve(problem).total
    assert plan.certificate.holds
    assert plan.mentor_of.tobytes() == _by_core(problem, seed=4).mentor_of.tobytes()


def test_the_order_of_aims_survives() -> None:
    scored = score(*invented_round(200, 120), WEIGHTS)
    high_need = np.arange(200) % 4 == 0
    aims = lexicographic(scored.fit, scored.allowed, np.ones(120, dtype=int), high_need=high_need)
    assert _by_core(aims.problem).total == solve(aims.problem).total


def test_where_everybody_suits_everybody_alike_the_full_matrix_takes_over() -> None:
    problem = Problem(np.full((150, 150), 7), np.ones((150, 150), dtype=bool), np.ones(150, dtype=int))
    everybody = np.arange(150)
    assert core.assign_by_core(problem, everybody, everybody) is None
    assert _by_core(problem).total == 150 * 7


def test_numbers_too_large_for_this_way_are_left_to_the_full_matrix() -> None:
    problem = Problem(np.full((3, 3), 2**51), np.eye(3, dtype=bool), np.ones(3, dtype=int))
    assert core.assign_by_core(problem, np.arange(3), np.arange(3)) is None
