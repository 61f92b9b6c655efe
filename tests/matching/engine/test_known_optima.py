"""Published problems whose best answer is known."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from matching.engine import Problem, solve, solve_hours

DATA = Path(__file__).parent / "data"


def _numbers(name: str) -> npt.NDArray[np.int64]:
    return np.array((DATA / name).read_text().split(), dtype=np.int64)


@pytest.mark.parametrize(
    ("name", "optimum"),
    [("assign100.txt", 305), ("assign200.txt", 475), ("assign300.txt", 626), ("assign400.txt", 804)],
)
def test_a_published_assignment_problem_is_solved_to_its_known_optimum(name: str, optimum: int) -> None:
    size, *costs = _numbers(name)
    cost = np.array(costs).reshape(size, size)
    # Least cost becomes highest fit by counting down from one more than the highest cost.
    fit = cost.max() + 1 - cost
    plan = solve(Problem(fit, np.ones_like(fit, dtype=bool), np.ones(size, dtype=int)))
    assert cost[tuple(plan.pairs.T)].sum() == optimum
    assert len(plan.pairs) == size
    assert plan.certificate.holds


@pytest.mark.parametrize(("name", "optimum"), [("c0515_1", 336), ("c0848_1", 1133)])
def test_a_published_problem_in_hours_is_solved_to_its_known_optimum(name: str, optimum: int) -> None:
    agents, jobs, *rest = _numbers(name)
    profit, need = np.array(rest[: 2 * agents * jobs]).reshape(2, agents, jobs)
    capacity = np.array(rest[2 * agents * jobs :])
    plan = solve_hours(profit.T, np.ones((jobs, agents), dtype=bool), need.T, capacity)
    used = np.bincount(plan.mentor_of, weights=need.T[np.arange(jobs), plan.mentor_of], minlength=agents)
    assert np.all(plan.mentor_of >= 0)
    assert np.all(used <= capacity)
    assert (plan.total, plan.bound, plan.gap) == (optimum, optimum, 0)
