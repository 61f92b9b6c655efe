"""Other people's matchers beside ours, on the same people: `python -m benchmarks.rivals [--json] [--people 500]`.

- `mentor-match` pairs mentors and mentees of the British Civil Service by a dozen rules in three rounds. Its rules are
  written again here with numpy and our engine, and both are run on people drawn like those of its sample.
- `munkres` 3.0 tells what forcing each pair would cost, by solving again for each; ours reads it off one solution.

Each rival runs in an environment of its own, made in a temporary folder. Where it cannot be installed, that is said.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from matching.engine import Plan, Problem, solve

Rows: TypeAlias = list[dict[str, Any]]

DRIVERS = Path(__file__).parent / "drivers"

GRADES, ORGANISATIONS, PROFESSIONS, IDENTITIES = 11, 20, 8, 6

ROUNDS = 3

PROMISED_TIMES_FASTER = 300


class NotInstalledError(RuntimeError):
    """A rival could not be installed here, so there is nothing to compare with."""


@contextmanager
def environment(package: str) -> Iterator[Path]:
    """Gives a fresh environment in which only one package is installed, and removes it afterwards.

    Raises:
        NotInstalledError: If the environment cannot be made or the package cannot be had.
    """
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        for order in (["venv", "--python", sys.executable, folder], ["pip", "install", "--python", python, package]):
            made = _run([sys.executable, "-m", "uv", *map(str, order), "--quiet"])
            if made.returncode:
                last = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
                raise NotInstalledError(f"{package} could not be installed: {last}")
        yield python


def ask(python: Path, driver: str, question: object) -> dict[str, Any]:
    """Runs a driver in a rival's environment on a question, and returns its answer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "question.json"
        file.write_text(json.dumps(question), encoding="utf-8")
        # Without -P the rival would find our own folder called `matching` beside the driver.
        done = _run([str(python), "-P", str(DRIVERS / driver), str(file)])
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - we wrote the command.


def invented_people(count: int, seed: int = 7) -> dict[str, Rows]:
    """Draws as many mentors as mentees with what the rules look at; more than four pairs in five are forbidden."""
    chance = np.random.default_rng(seed)

    def one() -> dict[str, Any]:
        ranges = {"grade": GRADES, "organisation": ORGANISATIONS, "profession": PROFESSIONS, "identity": IDENTITIES}
        return {name: int(chance.integers(size)) for name, size in ranges.items()}

    mentees, mentors = [one() for _ in range(count)], [one() for _ in range(count)]
    for mentor in mentors:
        mentor["identities"] = [mentor.pop("identity"), int(chance.integers(IDENTITIES))]
    return {"mentees": mentees, "mentors": mentors}


class Rules:
    """The rules of the Civil Service's matcher as tables over all pairs.

    A mentor must be one or two grades above the mentee, which is worth 10 or 7 points, and of another organisation.
    The same profession is worth 8 and a shared identity 4. Whoever has nobody yet brings a bonus of 1, 10 and 100
    points in the three rounds. Nobody meets the same person twice.
    """

    def __init__(self, people: dict[str, Rows]) -> None:
        mentees, mentors = people["mentees"], people["mentors"]
        grade, organisation, profession = (
            (np.array([each[name] for each in mentees])[:, None], np.array([each[name] for each in mentors]))
            for name in ("grade", "organisation", "profession")
        )
        above = grade[1] - grade[0]
        has = np.zeros((len(mentors), IDENTITIES), dtype=np.bool_)
        for row, mentor in enumerate(mentors):
            has[row, mentor["identities"]] = True
        shares = has.T[[each["identity"] for each in mentees]]
        self.points = 10 * (above == 1) + 7 * (above == 2) + 8 * (profession[0] == profession[1]) + 4 * shares
        self.may_meet = (organisation[0] != organisation[1]) & (above >= 1) & (above <= 2)
        self.met = np.zeros_like(self.may_meet)

    def problem(self, number: int) -> Problem:
        """States one round, given who has met so far."""
        alone = ~self.met.any(axis=1)[:, None] | ~self.met.any(axis=0)
        fit = self.points + 10**number * alone
        return Problem(fit, self.may_meet & ~self.met, np.ones(fit.shape[1], dtype=np.int64))

    def note(self, pairs: npt.NDArray[Any]) -> None:
        """Remembers who has met."""
        self.met[pairs[:, 0], pairs[:, 1]] = True


def our_rounds(people: dict[str, Rows], *, proved: bool) -> list[Plan]:
    """Runs the three rounds by our engine."""
    rules, plans = Rules(people), []
    for number in range(ROUNDS):
        plan = solve(rules.problem(number))
        if proved and not plan.certificate.holds:
            raise ArithmeticError(f"round {number} is not proved")
        rules.note(plan.pairs)
        plans.append(plan)
    return plans


def totals_of(people: dict[str, Rows], pairs: list[list[list[int]]]) -> list[int]:
    """Adds up the points of a rival's pairs round by round, by our reading of the rules."""
    rules, totals = Rules(people), []
    for number, found in enumerate(pairs):
        rows, problem = np.array(found, dtype=np.int64).reshape(-1, 2), rules.problem(number)
        mentees, mentors = rows.T
        if not problem.allowed[mentees, mentors].all():
            raise ArithmeticError("the rival reads its rules otherwise than we do")
        totals.append(int(problem.fit[mentees, mentors].sum()))
        rules.note(rows)
    return totals


@dataclass(frozen=True)
class Comparison:
    """A rival beside ours on the same question.

    Attributes:
        rival: The package.
        question: What both were asked.
        their_seconds: How long the rival took.
        our_seconds: How long we took, the median of several turns.
        our_seconds_proved: How long we took with prices and certificates; None where that is not asked.
        times_faster: Theirs over ours, without proofs, as the rival gives none.
        their_totals: What the rival reached.
        our_totals: What we reached.
        promised_times_faster: The least that is promised; None where nothing is.
    """

    rival: str
    question: str
    their_seconds: float
    our_seconds: float
    our_seconds_proved: float | None
    times_faster: float
    their_totals: list[int]
    our_totals: list[int]
    promised_times_faster: float | None


def against_mentor_match(count: int) -> Comparison:
    """Runs both on three rounds of the Civil Service's rules."""
    people = invented_people(count)
    with environment("mentor-match") as python:
        theirs = ask(python, "mentor_match.py", people)
    turns = [_seconds(lambda: our_rounds(people, proved=False)) for _ in range(9)]
    proved = [_seconds(lambda: our_rounds(people, proved=True))[0] for _ in range(5)]
    ours = median(seconds for seconds, _ in turns)
    return Comparison(
        rival="mentor-match",
        question=f"three rounds of {count} mentees and {count} mentors",
        their_seconds=theirs["seconds"],
        our_seconds=ours,
        our_seconds_proved=median(proved),
        times_faster=theirs["seconds"] / ours,
        their_totals=totals_of(people, theirs["pairs"]),
        our_totals=[plan.total for plan in turns[0][1]],
        promised_times_faster=PROMISED_TIMES_FASTER,
    )


def against_munkres(count: int) -> Comparison:
    """Asks both what forcing each pair costs, and compares every answer."""
    fit = np.random.default_rng(count).integers(1, 1000, (count, count))
    problem = Problem(fit, np.ones_like(fit, dtype=np.bool_), np.ones(count, dtype=np.int64))
    with environment("munkres>=3") as python:
        theirs = ask(python, "munkres_margins.py", {"fit": fit.tolist()})
    turns = [_seconds(lambda: solve(problem).override_cost()) for _ in range(9)]
    ours = median(seconds for seconds, _ in turns)
    if not np.array_equal(turns[0][1], np.array(theirs["costs"])):
        raise ArithmeticError("the two do not agree on what forcing a pair costs")
    return Comparison(
        rival="munkres",
        question=f"the cost of forcing each pair of {count} by {count}",
        their_seconds=theirs["seconds"],
        our_seconds=ours,
        our_seconds_proved=None,
        times_faster=theirs["seconds"] / ours,
        their_totals=[int(np.sum(theirs["costs"]))],
        our_totals=[int(turns[0][1].sum())],
        promised_times_faster=None,
    )


def _seconds(work: Any) -> tuple[float, Any]:  # noqa: ANN401 - whatever the work returns.
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def main() -> None:
    """Compares with both rivals, or says which could not be had."""
    parser = argparse.ArgumentParser(description="Other people's matchers beside ours.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--people", type=int, default=500, help="mentees, and as many mentors, for mentor-match")
    parser.add_argument("--pairs", type=int, default=50, help="size of the matrix for munkres")
    asked = parser.parse_args()
    found: list[dict[str, object]] = []
    for compare, size in ((against_mentor_match, asked.people), (against_munkres, asked.pairs)):
        try:
            found.append(vars(compare(size)))
        except NotInstalledError as reason:
            found.append({"not compared": str(reason)})
    print(json.dumps(found, indent=2) if asked.json else "\n\n".join(_lines(each) for each in found))


def _lines(figures: dict[str, object]) -> str:
    return "\n".join(f"{name.replace('_', ' '):<24}{value}" for name, value in figures.items() if value is not None)


if __name__ == "__main__":
    main()
