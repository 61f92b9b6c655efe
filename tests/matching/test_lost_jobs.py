"""A round whose job was lost, or whose worker died or dawdles, is carried out once: no less, and no more."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from huey.api import Huey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import connect
from foundation.audit import AuditEntry
from foundation.db import Database
from foundation.settings import Settings
from matching import jobs, operations
from matching.engine import solve
from matching.models import Proposal, Round
from matching.operations import running
from matching.rules import STUCK_AFTER, RoundState
from tests.conftest import NOW, Saved
from tests.matching.test_rounds import ready, waiting

LATER = NOW + STUCK_AFTER + timedelta(minutes=1)


@pytest.fixture
def asked(app: Flask, saved: Saved) -> uuid.UUID:
    """A round that somebody asked for, with one pair to propose."""
    with saved as build:
        ready(build)
        waiting(build)
        return operations.ask_round(build.session, by=build.portal(), at=NOW).id


def sweep(huey: Huey) -> None:
    """What the worker does once a minute, whatever it is told."""
    (due,) = huey.read_periodic(datetime(2026, 11, 16, 10, 1))  # noqa: DTZ001 - Huey counts without a zone.
    huey.execute(due)


def require_done_once(db: Database, round_id: uuid.UUID) -> None:
    """Look for one result of a round, and one entry of it in the audit trail."""
    with db.sessions() as session:
        assert session.get_one(Round, round_id).state is RoundState.DONE
        assert count(session, Proposal.round_id == round_id) == 1
        assert count(session, AuditEntry.verb == "run_round") == 1


def count(session: Session, condition: Any) -> int:  # noqa: ANN401 - any condition of SQLAlchemy.
    """How many rows meet a condition."""
    return session.scalar(select(func.count()).where(condition)) or 0


def test_a_round_whose_job_was_lost_is_run_by_the_sweep_of_every_minute(
    app: Flask, db: Database, asked: uuid.UUID
) -> None:
    huey = app.extensions["queue"].huey
    huey.flush()
    assert huey.dequeue() is None
    sweep(huey)
    sweep(huey)
    require_done_once(db, asked)


def test_a_round_is_run_by_a_worker_that_never_saw_the_file_of_the_queue(
    app: Flask, db: Database, asked: uuid.UUID, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "another machine"
    elsewhere.mkdir()
    connect(app, replace(settings, instance=elsewhere))
    sweep(app.extensions["queue"].huey)
    require_done_once(db, asked)


def test_a_job_that_is_found_again_after_the_sweep_finds_nothing_to_do(
    app: Flask, db: Database, asked: uuid.UUID
) -> None:
    huey = app.extensions["queue"].huey
    task = huey.dequeue()
    assert task is not None
    sweep(huey)
    huey.execute(task)
    require_done_once(db, asked)


def test_a_round_whose_worker_died_is_run_again_after_a_while_and_not_before(
    app: Flask, db: Database, asked: uuid.UUID, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    huey = app.extensions["queue"].huey

    def die(*_given: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(running, "solve", die)
        with pytest.raises(SystemExit), app.app_context():
            jobs.run_due_rounds(db, NOW)
    sweep(huey)
    with db.sessions() as session:
        assert session.get_one(Round, asked).state is RoundState.RUNNING
    clock.move_to(LATER)
    sweep(huey)
    require_done_once(db, asked)


class Meanwhile:
    """Stands in for the solver: it solves, but what the other worker does while the first one solves comes before."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self.happens = happens
        self.calls = 0

    def __call__(self, problem: Any) -> Any:  # noqa: ANN401 - the engine's own.
        """Let it happen once, then solve."""
        self.calls += 1
        if self.calls == 1:
            self.happens()
        return solve(problem)


def test_a_worker_that_saw_a_round_waiting_does_not_take_it_from_the_one_that_began_it(
    app: Flask, db: Database, asked: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other worker had this round on its list before the first one took it up.
    solver = Meanwhile(lambda: running.run_round(db, round_id=asked, at=NOW + timedelta(seconds=1)))
    monkeypatch.setattr(running, "solve", solver)
    with app.app_context():
        jobs.run_due_rounds(db, NOW)
    assert solver.calls == 1
    require_done_once(db, asked)


def test_a_slow_worker_stores_nothing_once_another_has_taken_its_round(
    app: Flask, db: Database, asked: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = Meanwhile(lambda: jobs.run_due_rounds(db, LATER))
    monkeypatch.setattr(running, "solve", solver)
    with app.app_context():
        jobs.run_due_rounds(db, NOW)
    assert solver.calls == 2
    require_done_once(db, asked)


def test_a_slow_worker_that_fails_leaves_the_result_of_the_other_alone(
    app: Flask, db: Database, asked: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_late() -> None:
        jobs.run_due_rounds(db, LATER)
        raise ZeroDivisionError

    monkeypatch.setattr(running, "solve", Meanwhile(fail_late))
    with app.app_context(), pytest.raises(ZeroDivisionError):
        jobs.run_due_rounds(db, NOW)
    require_done_once(db, asked)
