"""The promised figures of the matching, each measured beside what it is compared with in the same run."""

import multiprocessing
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.matching.inventing import WEIGHTS, invented_round, problem_of
from benchmarks.matching.measuring import peak_kilobytes, timed
from matching.engine import Plan, Problem, advise, score, solve

SOLVING = {1000: (1.5, None), 2000: (0.8, None), 5000: (0.35, 0.2), 10_000: (0.22, 0.15)}
"""What is promised and aimed at for solving with proof over the bare solver, by the number of people."""

MOST_PLACES = 4


class Sizes(NamedTuple):
    """How large the rounds are that are measured.

    Attributes:
        solving: People of the rounds that are solved beside the bare solver.
        deciding: People, and as many mentors, of the round in which decisions and options are asked for.
        overrides: People and mentors of the round in which all pairs are priced.
        profiles: Kinds of mentor in the recruitment advice.
        scoring: People, and as many mentors, who are scored.
    """

    solving: tuple[int, ...] = (1000, 2000, 5000)
    deciding: int = 2000
    overrides: tuple[int, int] = (2000, 1300)
    profiles: int = 2000
    scoring: int = 5000


@dataclass(frozen=True)
class Promise:
    """One figure beside what is promised: the less the better.

    Attributes:
        name: What was measured.
        measured: The figure: a ratio, unless the name says otherwise.
        promised: The most that it may be; None where nothing is promised for this case.
        aim: What is aimed at beyond the promise; None where nothing is.
    """

    name: str
    measured: float
    promised: float | None = None
    aim: float | None = None

    @property
    def is_kept(self) -> bool:
        """True if the figure is what was promised or better."""
        return self.promised is None or self.measured <= self.promised


def promised_figures(sizes: Sizes) -> list[Promise]:
    """Measures everything that is promised."""
    figures = []
    for people in sizes.solving:
        figures += solving(people)
    return figures + deciding(sizes.deciding) + overrides(*sizes.overrides) + recruiting(sizes) + scoring(sizes.scoring)


def solving(people: int) -> list[Promise]:
    """Solving, prices and certificate over the bare solver on the same matrix, which proves nothing."""
    turns = 7 if people <= 2000 else 3 if people <= 5000 else 1
    figures = []
    promised, aim = SOLVING.get(people, (None, None))
    for mentors, places in ((people, 1), (people * 2 // 5, MOST_PLACES), (people * 13 // 20, MOST_PLACES)):
        scored = score(*invented_round(people, mentors), WEIGHTS)
        problem = problem_of(scored, places)
        ratio = median(_turn_of_solving(problem) for _ in range(turns))
        some = "one place each" if places == 1 else f"one to {places} places each"
        figures.append(Promise(f"solve, prices, proof / bare: {people} x {mentors}, {some}", ratio, promised, aim))
    return figures


def _turn_of_solving(problem: Problem) -> float:
    """Returns the ratio of one turn, in which both reach the same total."""
    ours, plan = timed(lambda: _proved(Problem(problem.fit, problem.allowed, problem.capacity)))
    bare, total = _bare(problem)
    if total != plan.total:
        raise ArithmeticError(f"the totals differ at {problem.n_mentees} people")
    return ours / bare


def _proved(problem: Problem) -> Plan:
    plan = solve(problem)
    if not plan.certificate.holds:
        raise ArithmeticError("the plan is not proved")
    return plan


def _bare(problem: Problem) -> tuple[float, int]:
    """Returns how long the bare solver takes on the finished matrix with a column for each place, and its total."""
    fit = np.where(problem.allowed, problem.fit, 0).astype(np.float64)
    matrix = np.repeat(fit, np.minimum(problem.capacity, problem.n_mentees), axis=1)
    seconds, (rows, columns) = timed(lambda: linear_sum_assignment(matrix, maximize=True))
    return seconds, int(matrix[rows, columns].sum())


def deciding(people: int) -> list[Promise]:
    """Pins and declines one after another, with their new prices, and the options of single people."""
    problem = problem_of(score(*invented_round(people, people), WEIGHTS))
    cold, plan = timed(lambda: solve(problem))
    cold = median([cold, *(timed(lambda: solve(problem))[0] for _ in range(4))])
    first, _ = timed(lambda: plan.override_cost_of(0))
    chance = np.random.default_rng(1)
    options = [timed(lambda: plan.override_cost_of(int(chance.integers(people))))[0] for _ in range(100)]
    decided = _chain_of_decisions(plan, chance)
    return [
        Promise(f"a pin or decline with its new prices / a cold solve: {people}", median(decided) / cold, 0.1, 0.01),
        Promise("  the slowest of them", max(decided) / cold),
        Promise(f"one person's options / a cold solve: {people}", median(options) / cold, 0.02),
        Promise("  the first person's, for which the graph is built", first / cold),
        Promise(f"next best plan / a cold solve: {people}", timed(plan.next_best)[0] / cold),
    ]


def _chain_of_decisions(plan: Plan, chance: np.random.Generator, count: int = 40) -> list[float]:
    """Takes decisions in turn, each on the plan that the last one left; returns the seconds of each."""
    taken = []
    for number in range(count):
        open_pairs = plan.pairs[plan.problem.is_open[plan.pairs[:, 0]]]
        mentee, mentor = (int(index) for index in chance.choice(open_pairs))
        if number % 2:
            free = plan.problem.allowed[mentee] & (plan.problem.places_left > 0)
            mentor = int(chance.choice(np.flatnonzero(free)))
        seconds, plan = timed(lambda: _decided(plan, mentee, mentor, pin=bool(number % 2)))  # noqa: B023 - asked at once.
        taken.append(seconds)
    if plan.total != solve(plan.problem).total:
        raise ArithmeticError("the decisions did not end at a best plan")
    return taken


def _decided(plan: Plan, mentee: int, mentor: int, *, pin: bool) -> Plan:
    after = plan.with_pair(mentee, mentor) if pin else plan.without_pair(mentee, mentor)
    after.place_value()
    return after


def overrides(people: int, mentors: int) -> list[Promise]:
    """The exact cost of every pair over the bare solver, the graph being built anew in each turn."""
    problem = problem_of(score(*invented_round(people, mentors), WEIGHTS), MOST_PLACES)
    plan = solve(problem)
    ratios = []
    for _ in range(5):
        ours, _costs = timed(lambda: Plan(problem, plan.mentor_of, plan.price).override_cost())
        ratios.append(ours / _bare(problem)[0])
    name = f"all override costs / bare: {people} x {mentors}, one to {MOST_PLACES} places each"
    return [Promise(name, median(ratios), 3.0)]


def recruiting(sizes: Sizes) -> list[Promise]:
    """Advice about many profiles over solving the round again with each of them."""
    people = sizes.deciding
    mentees, mentors = invented_round(people, people)
    profiles = invented_round(1, sizes.profiles, seed=9)[1]
    problem = problem_of(score(mentees, mentors, WEIGHTS))
    cold, plan = timed(lambda: solve(problem))
    seconds, advice = timed(lambda: advise(plan, mentees, profiles, WEIGHTS))
    scored = score(mentees, profiles.take(slice(0, 3)), WEIGHTS)
    for profile in range(3):
        richer = problem.with_column(scored.fit[:, profile], scored.allowed[:, profile], 1)
        if solve(richer).total - plan.total != advice.value[profile]:
            raise ArithmeticError("the advice is not what solving again gains")
    name = f"advice on {sizes.profiles} profiles / solving again with each: {people}"
    return [Promise(name, seconds / (cold * sizes.profiles), 0.001)]


def scoring(people: int) -> list[Promise]:
    """Nanoseconds for each pair, and the memory that is taken beyond the result in a process of its own."""
    sides = invented_round(people, people)
    taken = min(timed(lambda: score(*sides, WEIGHTS))[0] for _ in range(3))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        beyond = float(pool.apply(_gigabytes_beyond_the_result, (people,)))
    return [
        Promise(f"scoring, nanoseconds a pair (best of three): {people}", taken / people**2 * 1e9, 40.0),
        Promise(f"scoring, GB beyond the result: {people}", beyond, 0.5),
    ]


def _gigabytes_beyond_the_result(people: int) -> float:
    sides, before = invented_round(people, people), peak_kilobytes()
    scored = score(*sides, WEIGHTS)
    return (peak_kilobytes() - before) / 1024**2 - (scored.fit.nbytes + scored.vetoes.nbytes) / 1024**3
