"""How far rounds counted in hours are proved: `python -m benchmarks.hours [--json] [--sizes 100,500] [--seconds 60]`.

People need one to four hours a week and mentors offer three or four; there are six mentors for ten people. Patterns
stand beside their rival, branch and bound over single pairs, with the same limit of time. Then the published problems
of tests/matching/engine/data are solved. Figures of the last run are kept in docs/benchmarks.md.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.matching import WEIGHTS, invented_round
from matching.engine import score
from matching.engine.hours import HoursPlan
from matching.engine.hours.columns import solve_by_patterns
from matching.engine.hours.round import HoursRound
from matching.engine.hours.whole import solve_by_pairs

SIZES = (100, 250, 500, 1000)

PUBLISHED = {"c0515_1": 336, "c0848_1": 1133}
"""Problems of the OR-Library with their best totals."""

DATA = Path(__file__).parent.parent / "tests" / "matching" / "engine" / "data"


@dataclass(frozen=True)
class Figures:
    """What one way of solving found for one round.

    Attributes:
        round: Which round.
        way: How it was solved.
        seconds: How long it took.
        total: The total of the plan.
        bound: No plan has a higher total.
        gap_percent: The gap as a share of the bound; 0 where the plan is proved.
    """

    round: str
    way: str
    seconds: float
    total: int
    bound: int
    gap_percent: float


def invented_hours(people: int, mentors: int, seed: int = 1) -> HoursRound:
    """Draws a round of people who need one to four hours and mentors who offer three or four."""
    scored, chance = score(*invented_round(people, mentors), WEIGHTS), np.random.default_rng(seed)
    return HoursRound.of(scored.fit, scored.allowed, chance.integers(1, 5, people), chance.integers(3, 5, mentors))


def published(name: str) -> HoursRound:
    """Reads a problem of the OR-Library: agents and jobs, profits, needs and capacities."""
    agents, jobs, *rest = np.array((DATA / name).read_text(encoding="ascii").split(), dtype=np.int64)
    profit, need = np.array(rest[: 2 * agents * jobs]).reshape(2, agents, jobs)
    return HoursRound.of(profit.T, np.ones((jobs, agents), dtype=np.bool_), need.T, np.array(rest[2 * agents * jobs :]))


def measure(name: str, hours: HoursRound, solve: Callable[[HoursRound, float], HoursPlan], seconds: float) -> Figures:
    """Solves one round one way."""
    start = perf_counter()
    plan = solve(hours, seconds)
    taken = perf_counter() - start
    share = 100 * plan.gap / plan.bound if plan.bound else 0.0
    return Figures(name, solve.__name__.removeprefix("solve_by_"), taken, plan.total, plan.bound, share)


def main() -> None:
    """Measures each round and prints a line for it as soon as it is solved, or everything as JSON."""
    parser = argparse.ArgumentParser(description="How far rounds counted in hours are proved.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="people of each round, with commas")
    parser.add_argument("--seconds", type=float, default=60.0, help="the limit of time for each")
    asked = parser.parse_args()
    rounds = {
        f"{size} x {size * 6 // 10}": invented_hours(size, size * 6 // 10) for size in map(int, asked.sizes.split(","))
    }
    figures = []
    for name, hours in rounds.items():
        for solve in (solve_by_patterns, solve_by_pairs):
            figures.append(measure(name, hours, solve, asked.seconds))
            _tell(figures[-1], is_json=asked.json)
    for name, optimum in PUBLISHED.items():
        figures.append(measure(name, published(name), solve_by_pairs, asked.seconds))
        if figures[-1].total != optimum:
            raise ArithmeticError(f"{name} was solved to {figures[-1].total} and its optimum is {optimum}")
        _tell(figures[-1], is_json=asked.json)
    if asked.json:
        print(json.dumps([asdict(each) for each in figures], indent=2))


def _tell(each: Figures, *, is_json: bool) -> None:
    if not is_json:
        gap = "proved" if each.total == each.bound else f"gap {each.gap_percent:.2f} %"
        print(
            f"{each.round:<12}{each.way:<10}{each.seconds:8.1f} s{each.total:>10}{each.bound:>10}   {gap}", flush=True
        )


if __name__ == "__main__":
    main()
