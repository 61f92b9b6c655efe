"""The worker's sign of life: one row a worker, written seldom, and missed by people when it stays away."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from accounts.rules import Role
from demo.builders import PASSWORD
from foundation import heartbeat
from foundation.db import Database
from foundation.heartbeat import WorkerBeat, beat
from foundation.jobs import Queue
from tests.conftest import NOW, Saved
from tests.pages import PageClient


def beats(db: Database) -> list[tuple[str, object, str]]:
    with db.sessions() as session:
        return [(row.worker, row.at, row.failed) for row in session.scalars(select(WorkerBeat).order_by(WorkerBeat.at))]


def is_late(db: Database, after: timedelta) -> bool:
    with db.sessions() as session:
        return heartbeat.is_late(session, NOW + after)


def test_a_worker_writes_when_it_looked_and_what_failed(app: Flask, db: Database, tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError("planted")

    Queue(app, tmp_path / "other.sqlite", "secret", {"bad": fail, "good": lambda: None}).run_sweeps()
    ((_, at, failed),) = beats(db)
    assert (at, failed) == (NOW, "bad")


def test_a_worker_that_is_woken_often_writes_seldom(db: Database) -> None:
    for seconds in (0, 1, 29):
        beat(db, failed=[], at=NOW + timedelta(seconds=seconds), worker="one")
    assert beats(db) == [("one", NOW, "")]
    beat(db, failed=["letters"], at=NOW + timedelta(seconds=29), worker="one")
    beat(db, failed=[], at=NOW + timedelta(seconds=60), worker="one")
    assert beats(db) == [("one", NOW + timedelta(seconds=60), "")]


def test_a_worker_whose_clock_was_set_back_is_seen_again(db: Database) -> None:
    beat(db, failed=[], at=NOW, worker="one")
    beat(db, failed=[], at=NOW - timedelta(hours=1), worker="one")
    assert beats(db) == [("one", NOW - timedelta(hours=1), "")]


def test_a_worker_that_is_gone_for_a_day_is_forgotten(db: Database) -> None:
    beat(db, failed=[], at=NOW, worker="gone")
    beat(db, failed=[], at=NOW + timedelta(hours=25), worker="here")
    assert [row[0] for row in beats(db)] == ["here"]


def test_no_worker_at_all_is_late_and_one_of_two_is_enough(db: Database) -> None:
    assert is_late(db, timedelta())
    beat(db, failed=[], at=NOW - timedelta(hours=1), worker="stopped")
    assert is_late(db, timedelta())
    beat(db, failed=[], at=NOW, worker="running")
    assert not is_late(db, timedelta(minutes=5))
    assert is_late(db, timedelta(minutes=6))


def test_the_administrator_is_told_that_the_worker_is_lost_and_nobody_else(
    saved: Saved, client: PageClient, db: Database
) -> None:
    words = "The worker has not been seen"
    with saved as build:
        build.account(Role.COORDINATOR, email="nora@mail.example")
        build.account(Role.ADMINISTRATOR, email="ada@mail.example")
    client.sign_in("nora@mail.example", PASSWORD)
    assert words not in client.get("/home").text
    client.sign_in("ada@mail.example", PASSWORD)
    assert words in client.get("/home").text
    beat(db, failed=[], at=NOW, worker="one")
    assert words not in client.get("/home").text
