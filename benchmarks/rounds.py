"""How long a whole round takes in the portal, and its pages: `python -m benchmarks.rounds [--json] [--people 1000]`.

People and mentors are invented from a fixed seed by the operations of the portal itself, on a fresh SQLite database
that syncs fully. Then a round runs as the worker runs it: read, score, solve, certify, explain, store. Beside it stands
the bare solve of the same question, and the promise is about what the round takes beyond it. Figures of the last run
are kept in docs/benchmarks.md.
"""

import argparse
import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.rules import Role
from app import create_app
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from matching import jobs, operations
from matching.engine import solve
from matching.gathering import unpack
from matching.models import Proposal, Round, RoundRecord
from mentees.rules import Exclusion, Pathway, RiskGroup, RiskLevel
from mentors.rules import Rosh, Skill
from tests.conftest import NOW, settings_for
from tests.databases import migrate
from tests.pages import PageClient

ADDRESSES = ("L32 4XX", "L33 1AA", "L36 3AA", "L34 1AA", "L35 5AA", "L20 1AA", "L14 5AA", "L28 1AA")
LANGUAGES = ("en", "en", "en", "en", "en", "en", "en", "pl", "ti", "ar")
MOST_SECONDS_BEYOND = 3.0
TURNS = 5
ADA = "ada@mail.example"


@dataclass(frozen=True)
class Figures:
    """What was measured, in seconds unless the name says otherwise.

    Attributes:
        people: Who waited.
        mentors: Who was ready.
        proposals: What the round proposed.
        round_seconds: The whole round in the portal.
        solve_seconds: The bare solve of the same question.
        beyond_seconds: The round beyond the bare solve; at most 3 are promised.
        board_ms: Opening the board of the round.
        proposal_ms: Opening a proposal.
        compare_ms: Comparing two rounds.
        record_mb: What the record of the round takes in the database.
    """

    people: int
    mentors: int
    proposals: int
    round_seconds: float
    solve_seconds: float
    beyond_seconds: float
    board_ms: float
    proposal_ms: float
    compare_ms: float
    record_mb: float


def measure(n_people: int, n_mentors: int) -> Figures:
    """Invent a scheme, run a round in it, and open its pages."""
    with _portal() as (app, database):
        _invent(app, database, n_people, n_mentors)
        first = _run(app, database)
        seconds = _run(app, database)
        rounds, proposal_id, arrays = _look_up(database)
        solving = _bare_solve(database, rounds[-1])
        client = PageClient(app, database.engine)
        client.sign_in(ADA, PASSWORD)
        pages = [
            _open(client, path)
            for path in (
                f"/matching/rounds/{rounds[-1].id}",
                f"/matching/proposals/{proposal_id}",
                f"/matching/compare?one={rounds[0].id}&other={rounds[-1].id}",
            )
        ]
        took = min(first, seconds)
        return Figures(
            people=rounds[-1].mentee_count,
            mentors=rounds[-1].mentor_count,
            proposals=_count_proposals(database, rounds[-1]),
            round_seconds=took,
            solve_seconds=solving,
            beyond_seconds=took - solving,
            board_ms=pages[0],
            proposal_ms=pages[1],
            compare_ms=pages[2],
            record_mb=arrays / 2**20,
        )


@contextlib.contextmanager
def _portal() -> Iterator[tuple[Flask, Database]]:
    """Make a portal on a database of its own, at a fixed time."""
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(NOW, tick=False):
        url = f"sqlite:///{Path(folder) / 'rounds.sqlite'}"
        migrate(url)
        app = create_app(settings_for(Path(folder), url))
        database = app.extensions["database"]
        yield app, database
        database.engine.dispose()


def _invent(app: Flask, database: Database, n_people: int, n_mentors: int) -> None:
    """Refer people and take mentors through everything until they are ready."""
    chance = np.random.default_rng(2026)
    with app.app_context(), database.transaction() as session:
        build = Builder(session, at=NOW)
        build.account(Role.COORDINATOR, email=ADA)
        for number in range(n_mentors):
            _mentor(build, chance, number)
        for number in range(n_people):
            _person(build, chance, number)


def _mentor(build: Builder, chance: np.random.Generator, number: int) -> None:
    """Invent somebody who is ready."""
    build.ready_mentor(
        name=f"Mentor {number}",
        email=f"mentor{number}@mail.example",
        area=str(chance.choice(ADDRESSES)),
        level=Rosh(int(chance.choice(4, p=(0.3, 0.4, 0.2, 0.1)))),
        slots=int(chance.integers(1, 2**21)) & int(chance.integers(1, 2**21)),
        languages=("en", *({str(chance.choice(LANGUAGES))} - {"en"})),
        skills=(Skill.HOUSING, Skill.MONEY),
        capacity=int(chance.choice((1, 2, 3))),
    )


def _person(build: Builder, chance: np.random.Generator, number: int) -> None:
    """Invent somebody who waits."""
    area = str(chance.choice(ADDRESSES))
    build.mentee(
        name=f"Person {number}",
        area=area,
        slots=int(chance.integers(1, 2**21)) & int(chance.integers(1, 2**21)),
        languages=(str(chance.choice(LANGUAGES)),),
        needs=(Pathway.ACCOMMODATION.value, Pathway.HEALTH.value),
        risks={RiskGroup.PUBLIC: RiskLevel(int(chance.choice(4, p=(0.4, 0.35, 0.2, 0.05))))},
        exclusions=(Exclusion("L1 1AA", "town", 2.0),) if chance.random() < 0.2 else (),
    )


def _run(app: Flask, database: Database) -> float:
    """Ask for a round, let the worker run it, and tell how long that took."""
    with app.app_context():
        with database.transaction() as session:
            operations.ask_round(session, by=Builder(session, at=NOW).portal(), at=NOW)
        begun = perf_counter()
        jobs.run_due_rounds(database, NOW)
        return perf_counter() - begun


def _look_up(database: Database) -> tuple[list[Round], object, int]:
    """Find the rounds, a proposal of the last one, and how large its record is."""
    with database.sessions() as session:
        rounds = list(session.scalars(select(Round).order_by(Round.finished_at, Round.id)))
        last = rounds[-1].id
        proposal = session.scalars(select(Proposal.id).where(Proposal.round_id == last).order_by(Proposal.id)).first()
        record = session.scalars(select(RoundRecord).where(RoundRecord.round_id == last)).one()
        return rounds, proposal, len(record.arrays)


def _count_proposals(database: Database, round_: Round) -> int:
    """Count what a round proposed."""
    with database.sessions() as session:
        return len(session.scalars(select(Proposal.id).where(Proposal.round_id == round_.id)).all())


def _bare_solve(database: Database, round_: Round) -> float:
    """Solve the question of a round alone, several times, and tell the median."""
    with database.sessions() as session:
        record = session.scalars(select(RoundRecord).where(RoundRecord.round_id == round_.id)).one()
        problem = unpack(record.arrays).aims.problem
    return _median(lambda: solve(problem))


def _open(client: PageClient, path: str) -> float:
    """Open a page several times and tell the median in milliseconds."""

    def fetch() -> None:
        answer = client.raw(path)
        if answer.status_code != 200:
            raise LookupError(f"{path}: {answer.status_code}")

    return _median(fetch) * 1000


def _median(work: Callable[[], object]) -> float:
    """Tell how long some work takes, the median of several turns."""
    times = []
    for _turn in range(TURNS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return median(times)


def main() -> None:
    """Measures and prints a line for each figure, or all of them as JSON."""
    parser = argparse.ArgumentParser(description="A whole round in the portal, and its pages.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--people", type=int, default=1000, help="how many people wait")
    parser.add_argument("--mentors", type=int, default=300, help="how many mentors are ready")
    asked = parser.parse_args()
    # What the portal logs of each request is kept out of what this program prints.
    with contextlib.redirect_stdout(io.StringIO()):
        figures = measure(asked.people, asked.mentors)
    if asked.json:
        print(json.dumps(asdict(figures), indent=2))
    else:
        for name, value in asdict(figures).items():
            print(f"{name:<16}{value:>12.3f}" if isinstance(value, float) else f"{name:<16}{value:>12}")
    raise SystemExit(0 if figures.beyond_seconds <= MOST_SECONDS_BEYOND else 1)


if __name__ == "__main__":
    main()
