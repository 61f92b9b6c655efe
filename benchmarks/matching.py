"""How long one round takes, and against what: `python -m benchmarks.matching [--json] [--sizes 100,500]`.

A whole round is scoring, solving and proving. Its rival is scipy's `linear_sum_assignment` alone on the same
finished matrix, which neither scores nor proves: the two take turns in one process, and the median of the
ratios is printed. Figures of the last run are kept in docs/benchmarks.md.
"""

import argparse
import json
import multiprocessing
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from benchmarks.storing import measure_storing
from matching.engine import ANY_CODE, MenteeArrays, MentorArrays, Plan, Problem, Scored, score, solve

Columns: TypeAlias = npt.NDArray[Any]

SIZES = (100, 500, 2000, 5000)

TOWNS = np.array(
    [
        (53.41, -2.98),  # Liverpool
        (53.43, -2.83),  # Knowsley
        (53.45, -2.74),  # St Helens
        (53.65, -3.00),  # Southport
        (53.39, -3.02),  # Birkenhead
        (53.36, -2.73),  # Widnes
        (53.39, -2.60),  # Warrington
    ],
)
"""Where the people of an invented round live, in degrees."""

WEIGHTS = {"risk": 2.0, "location": 3.0, "background": 1.0, "availability": 3.0}


def invented_round(n_mentees: int, n_mentors: int, seed: int = 2026) -> tuple[MenteeArrays, MentorArrays]:
    """Draws two sides among whom about 75 % of the pairs are forbidden, as in a town with several areas."""
    chance = np.random.default_rng(seed)
    return _mentees(chance, n_mentees), _mentors(chance, n_mentors)


def _mentees(chance: np.random.Generator, count: int) -> MenteeArrays:
    place = _places(chance, count)
    states_need = chance.random(count) < 0.25
    return MenteeArrays(
        rosh_level=chance.choice(4, count, p=(0.35, 0.4, 0.2, 0.05)),
        slots=_bits(chance, count, 21, 0.25),
        languages=1 | _bits(chance, count, 12, 0.04) | (chance.random(count) < 0.05),
        latitude=place[0],
        longitude=place[1],
        travel_limit_km=chance.choice((5.0, 8.0, 12.0, 20.0), count),
        accepted_codes=np.where(states_need, chance.choice((1, 2), count), ANY_CODE).astype(np.uint64),
        wants_lived_experience=chance.random(count) < 0.3,
        needs=_bits(chance, count, 9, 0.3),
        interests=_bits(chance, count, 20, 0.15),
    )


def _mentors(chance: np.random.Generator, count: int) -> MentorArrays:
    place = _places(chance, count)
    return MentorArrays(
        cleared_level=chance.choice(4, count, p=(0.2, 0.4, 0.3, 0.1)),
        slots=_bits(chance, count, 21, 0.2),
        languages=1 | _bits(chance, count, 12, 0.04),
        latitude=place[0],
        longitude=place[1],
        travel_limit_km=chance.choice((5.0, 8.0, 12.0, 20.0), count, p=(0.4, 0.3, 0.2, 0.1)),
        code=chance.choice(2, count),
        experience_months=chance.integers(0, 60, count).astype(np.float32),
        lived_experience=chance.random(count) < 0.3,
        skills=_bits(chance, count, 9, 0.4),
        interests=_bits(chance, count, 20, 0.15),
    )


def _places(chance: np.random.Generator, count: int) -> tuple[Columns, Columns]:
    """Draws places around the towns, some 3 km wide; one in fifty is not known."""
    towns = TOWNS[chance.choice(len(TOWNS), count, p=(0.35, 0.15, 0.12, 0.1, 0.12, 0.06, 0.1))]
    latitude, longitude = (towns + chance.normal(0, (0.02, 0.035), (count, 2))).T
    return np.where(chance.random(count) < 0.02, np.nan, latitude), longitude


def _bits(chance: np.random.Generator, count: int, width: int, share: float) -> Columns:
    """Draws sets in which each of `width` things occurs with the same chance."""
    return (chance.random((count, width)) < share) @ (1 << np.arange(width))


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
        decision_seconds=_seconds(lambda: plan.without_pair(mentee, mentor).total)[0],
        options_seconds=_seconds(lambda: plan.override_cost_of(mentee))[0],
        overrides_seconds=_seconds(plan.override_cost)[0] if people <= most_overrides else None,
        peak_megabytes=_peak_megabytes(people),
        proved=all(turn.plan.certificate.holds for turn in turns),
    )


def _turn(people: int) -> Turn:
    """Runs one whole round and then the rival on the same matrix."""
    sides = invented_round(people, people)
    scoring, scored = _seconds(lambda: score(*sides, WEIGHTS))
    solving, plan = _seconds(lambda: solve(_problem(scored)))
    proving, _ = _seconds(lambda: plan.certificate)
    matrix = np.where(scored.allowed, scored.fit, 0).astype(np.float64)
    bare, (rows, columns) = _seconds(lambda: linear_sum_assignment(matrix, maximize=True))
    # The rival must have reached the same total, or the comparison would mean nothing.
    if int(matrix[rows, columns].sum()) != plan.total:
        raise ArithmeticError(f"the totals differ at {people} people")
    return Turn(scoring, solving, proving, bare, scored, plan)


def _problem(scored: Scored) -> Problem:
    return Problem(scored.fit, scored.allowed, np.ones(scored.fit.shape[1], dtype=np.int64))


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Returns how long the work takes, and what it returns."""
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def _peak_megabytes(people: int) -> float:
    """Runs one round in a fresh process, as memory once taken is not given back to be measured again."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return float(pool.apply(_growth_of_one_round, (people,)))


def _growth_of_one_round(people: int) -> float:
    before = _peak_kilobytes()
    plan = solve(_problem(score(*invented_round(people, people), WEIGHTS)))
    if not plan.certificate.holds:
        raise ArithmeticError(f"the plan for {people} people is not proved")
    return (_peak_kilobytes() - before) / 1024


def _peak_kilobytes() -> int:
    """Reads the most memory that this process has held; `getrusage` would count the process that started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main() -> None:
    """Measures each size and prints a line for it, or everything as JSON."""
    parser = argparse.ArgumentParser(description="How long one round of the matching takes.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="people on each side, with commas")
    asked = parser.parse_args()
    figures = [measure(int(size)) for size in asked.sizes.split(",")]
    print(json.dumps([asdict(each) for each in figures], indent=2) if asked.json else _table(figures))


def _table(figures: list[Figures]) -> str:
    """Lays the figures out as a table; what was not measured is left out."""
    names = [name for name in Figures.__dataclass_fields__ if any(getattr(each, name) is not None for each in figures)]
    lines = [[name.replace("_", " "), *(_shown(getattr(each, name)) for each in figures)] for name in names]
    return "\n".join(f"{line[0]:<20}" + "".join(f"{cell:>10}" for cell in line[1:]) for line in lines)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
