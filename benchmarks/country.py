"""How long a whole country takes in one process: `python -m benchmarks.country [--json] [--people 100000]`.

The country is invented: 350 towns, some of them heavy cities, and about one pair in two hundred allowed. What is
promised for 100,000 people and as many mentors is four minutes and 4 GB with scipy alone, certificate included.
Figures of the last run are kept in docs/benchmarks.md.
"""

import argparse
import json
import multiprocessing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from benchmarks.matching.inventing import WEIGHTS, Columns, bits, mentors_at
from matching.engine import ANY_CODE, MenteeArrays, MentorArrays
from matching.engine.country import SparseProblem, order_of_aims, score_country, solve_country

PEOPLE = (20_000, 100_000)

TOWNS = 350


def invented_country(people: int, seed: int = 2026) -> tuple[MenteeArrays, MentorArrays]:
    """Draws two sides of the same size who live in the same towns; one person in 5,000 has no known place."""
    chance = np.random.default_rng(seed)
    towns = np.column_stack((chance.uniform(50.3, 55.5, TOWNS), chance.uniform(-4.5, 1.3, TOWNS)))
    weight = 1 / np.arange(1, TOWNS + 1) ** 0.9
    shares = weight / weight.sum()
    mentees = _mentees(chance, people, towns, shares)
    return mentees, mentors_at(chance, people, _places(chance, people, towns, shares))


def _mentees(chance: np.random.Generator, count: int, towns: Columns, weight: Columns) -> MenteeArrays:
    latitude, longitude = _places(chance, count, towns, weight)
    states_need = chance.random(count) < 0.25
    return MenteeArrays(
        rosh_level=chance.choice(4, count, p=(0.35, 0.4, 0.2, 0.05)),
        slots=bits(chance, count, 21, 0.2),
        languages=1 | bits(chance, count, 12, 0.04),
        latitude=latitude,
        longitude=longitude,
        travel_limit_km=chance.choice((5.0, 8.0, 12.0, 20.0), count, p=(0.4, 0.3, 0.2, 0.1)),
        accepted_codes=np.where(states_need, chance.choice((1, 2), count), ANY_CODE).astype(np.uint64),
        wants_lived_experience=chance.random(count) < 0.3,
        needs=bits(chance, count, 9, 0.3),
        interests=bits(chance, count, 20, 0.15),
    )


def _places(chance: np.random.Generator, count: int, towns: Columns, weight: Columns) -> tuple[Columns, Columns]:
    """Draws places around the towns; the heavier a town, the wider it lies."""
    town = chance.choice(TOWNS, count, p=weight)
    width = 0.015 + 0.35 * np.sqrt(weight[town, None])
    latitude, longitude = (towns[town] + chance.normal(0, 1, (count, 2)) * width * (0.6, 1.0)).T
    return np.where(chance.random(count) < 1 / 5000, np.nan, latitude), longitude


@dataclass
class Watch:
    """Adds up the seconds of each phase as the engine tells of it, and those that the processor gave to it."""

    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    turns: int = 0
    looked_at: int = 0
    _phase: str = "scoring"
    _since: tuple[float, float] = field(default_factory=lambda: (perf_counter(), process_time()))

    def __call__(self, phase: str, done: int, of: int) -> None:
        """Takes the time of the phase that ends here; phases other than scoring tell once, when they begin."""
        del of
        now = perf_counter(), process_time()
        for spent, until, since in zip((self.seconds, self.processor), now, self._since, strict=True):
            spent[self._phase] = spent.get(self._phase, 0.0) + until - since
        self._phase, self._since = phase.split(",", maxsplit=1)[0], now
        if self._phase == "solving":
            self.turns += 1
            self.looked_at = done


@dataclass(frozen=True)
class Figures:
    """What was measured for one country.

    Attributes:
        people: Number of mentees, and of mentors.
        scored: Share of all pairs that had to be looked at, with the rules.
        allowed: Pairs that no rule forbids.
        allowed_share: The same as a share of all pairs.
        core: Pairs that the solver was shown in the last turn.
        turns: How often pairs were solved and priced.
        seconds: For each phase.
        processor_seconds: Of these, what the processor spent on it: on a busy machine, far less.
        all_seconds: For all phases, without inventing the country.
        all_processor_seconds: Of these, what the processor spent.
        peak_megabytes: The most memory that the process has held, in all.
        matched: People with a mentor.
        primal: Total of the plan.
        dual: Total of the prices, which no plan can exceed.
        proved: True if the certificate holds.
    """

    people: int
    scored: float
    allowed: int
    allowed_share: float
    core: int
    turns: int
    seconds: dict[str, float]
    processor_seconds: dict[str, float]
    all_seconds: float
    all_processor_seconds: float
    peak_megabytes: float
    matched: int
    primal: int
    dual: int
    proved: bool


def measure(people: int, *, is_ordered: bool = False) -> Figures:
    """Measures one country; `is_ordered` puts people of high need and people served before fit."""
    sides = invented_country(people)
    watch = Watch()
    scored = score_country(*sides, WEIGHTS, progress=watch)
    problem = SparseProblem(scored.pairs, np.ones(people, dtype=np.int64))
    if is_ordered:
        problem = order_of_aims(problem, high_need=np.arange(people) % 5 == 0)
    plan = solve_country(problem, progress=watch)
    certificate = plan.certificate
    watch("done", 0, 0)
    return Figures(
        people=people,
        scored=scored.looked_at / people**2,
        allowed=scored.pairs.n_pairs,
        allowed_share=scored.pairs.n_pairs / people**2,
        core=watch.looked_at,
        turns=watch.turns,
        seconds=watch.seconds,
        processor_seconds=watch.processor,
        all_seconds=sum(watch.seconds.values()),
        all_processor_seconds=sum(watch.processor.values()),
        peak_megabytes=_peak_kilobytes() / 1024,
        matched=plan.served,
        primal=plan.total,
        dual=plan.total + certificate.gap,
        proved=certificate.holds,
    )


def _peak_kilobytes() -> int:
    """Reads the most memory that this process has held."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main() -> None:
    """Measures each size in a fresh process and prints its figures, or everything as JSON."""
    parser = argparse.ArgumentParser(description="How long a round of a whole country takes.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--people", default=",".join(map(str, PEOPLE)), help="people on each side, with commas")
    parser.add_argument("--ordered", action="store_true", help="high need first, then people served, then fit")
    asked = parser.parse_args()
    figures = []
    for size in asked.people.split(","):
        # Memory once taken is not given back to be measured again.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            figures.append(pool.apply(measure, (int(size),), {"is_ordered": asked.ordered}))
    print(json.dumps([asdict(each) for each in figures], indent=2) if asked.json else "\n\n".join(map(_told, figures)))


def _told(figures: Figures) -> str:
    """Lays the figures of one country out, one to a line."""
    named = asdict(figures)
    seconds, processor = named.pop("seconds"), named.pop("processor_seconds")
    lines = {name: _shown(value) for name, value in named.items()}
    lines |= {phase: f"{taken:.1f} s ({processor[phase]:.1f})" for phase, taken in seconds.items()}
    return "\n".join(f"{name.replace('_', ' '):<24}{shown:>20}" for name, shown in lines.items())


def _shown(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


if __name__ == "__main__":
    main()
