"""How long whole rounds take, and against what.

A whole round is scoring, solving and proving. Its rival is scipy's `linear_sum_assignment` alone on the same
finished matrix, which neither scores nor proves: the two take turns in one process, and the median of the
ratios is printed. Figures of the last run are kept in docs/benchmarks.md.
"""

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.matching.inventing import WEIGHTS, invented_round, problem_of
from benchmarks.storing import measure_storing
from matching.engine import Plan, Scored, score, solve


@dataclass(frozen=True)
class Figures:
    """What was measured for one size; seconds are medians.

    Attributes:
        people: Number of mentees, and of mentors.
        forbidden: Share of the pairs that a veto forbids.
        served: People with a mentor in the plan.
        scoring_seconds: From columns to fit and vetoes of every pair.
        solving_seconds: From fit and vetoes to the plan.
        proving_seconds: Prices and certificate.
        storing_seconds: Writing the proposals with their reasons, and everybody who waits, to SQLite.
        bare_seconds: The rival: `linear_sum_assignment` on the finished matrix.
        ratio: Scoring, solving, proving and storing over the rival; the median of the turns, stored once.
        decision_seconds: The new plan after one pair is forbidden.
        options_seconds: The exact costs of all mentors for one person.
        overrides_seconds: The exact costs of all pairs; None where they are not measured.
        peak_megabytes: Most memory that a process of its own took for the round, beyond what it began with.
        proved: True if the certificate held in every turn.
    """

    people: int
    forbidden: float
    served: int
    scoring_seconds: float
    solving_seconds: float
    proving_seconds: float
    storing_seconds: float
    bare_seconds: float
    ratio: float
    decision_seconds: float
    options_seconds: float
    overrides_seconds: float | None
    peak_megabytes: float
    proved: bool


class Turn(NamedTuple):
    """One turn: a whole round, and the rival straight after it."""

    scoring: float
    solving: float
    proving: float
    bare: float
    scored: Scored
    plan: Plan

    @property
    def ratio(self) -> float:
        """The whole round over the rival."""
        return (self.scoring + self.solving + self.proving) / self.bare


def measure(people: int, most_overrides: int = 2000) -> Figures:
    """Measures rounds of one size, with as many mentors as mentees and one place each."""
    turns = [_turn(people) for _ in range(9 if people <= 1000 else 5 if people <= 2000 else 3)]
    scored, plan = turns[-1].scored, turns[-1].plan
    mentee, mentor = (int(index) for index in plan.pairs[0])
    storing = measure_storing(scored, plan)
    return Figures(
        people=people,
        forbidden=round(1 - float(scored.allowed.mean()), 3),
        served=len(plan.pairs),
        scoring_seconds=median(turn.scoring for turn in turns),
        solving_seconds=median(turn.solving for turn in turns),
        proving_seconds=median(turn.proving for turn in turns),
        storing_seconds=storing,
        bare_seconds=median(turn.bare for turn in turns),
        ratio=median(turn.ratio + storing / turn.bare for turn in turns),
        decision_seconds=timed(lambda: plan.without_pair(mentee, mentor).total)[0],
        options_seconds=timed(lambda: plan.override_cost_of(mentee))[0],
        overrides_seconds=timed(plan.override_cost)[0] if people <= most_overrides else None,
        peak_megabytes=_peak_megabytes(people),
        proved=all(turn.plan.certificate.holds for turn in turns),
    )


def _turn(people: int) -> Turn:
    """Runs one whole round and then the rival on the same matrix."""
    sides = invented_round(people, people)
    scoring, scored = timed(lambda: score(*sides, WEIGHTS))
    solving, plan = timed(lambda: solve(problem_of(scored)))
    proving, _ = timed(lambda: plan.certificate)
    matrix = np.where(scored.allowed, scored.fit, 0).astype(np.float64)
    bare, (rows, columns) = timed(lambda: linear_sum_assignment(matrix, maximize=True))
    # The rival must have reached the same total, or the comparison would mean nothing.
    if int(matrix[rows, columns].sum()) != plan.total:
        raise ArithmeticError(f"the totals differ at {people} people")
    return Turn(scoring, solving, proving, bare, scored, plan)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Returns how long the work takes, and what it returns."""
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def _peak_megabytes(people: int) -> float:
    """Runs one round in a fresh process, as memory once taken is not given back to be measured again."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return float(pool.apply(_growth_of_one_round, (people,)))


def _growth_of_one_round(people: int) -> float:
    before = peak_kilobytes()
    plan = solve(problem_of(score(*invented_round(people, people), WEIGHTS)))
    if not plan.certificate.holds:
        raise ArithmeticError(f"the plan for {people} people is not proved")
    return (peak_kilobytes() - before) / 1024


def peak_kilobytes() -> int:
    """Reads the most memory that this process has held; `getrusage` would count the process that started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
