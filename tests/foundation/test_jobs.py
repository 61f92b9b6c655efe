"""The worker: woken early, sweeping every minute, and never the place where work is kept."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import connect
from foundation import jobs, settings
from foundation.db import Database, database
from foundation.jobs import Queue
from foundation.mail import FolderMailer
from foundation.outbox import Letter, LetterState, write_letter
from foundation.settings import Settings
from tests.conftest import DATA_KEYS, NOW
from tests.databases import migrate
from tests.house.sources import ROOT

PATIENCE_SECONDS = 120


def write(app: Flask) -> None:
    with app.app_context(), database().transaction() as session:
        write_letter(session, to="ada@mail.example", subject="Hello", body="Hello", at=NOW)


def state(db: Database) -> LetterState:
    with db.sessions() as session:
        return session.scalars(select(Letter)).one().state


def test_a_written_letter_wakes_the_worker_who_sends_it(app: Flask, db: Database) -> None:
    huey = app.extensions["queue"].huey
    write(app)
    task = huey.dequeue()
    assert task is not None
    huey.execute(task)
    assert state(db) is LetterState.SENT


def test_a_transaction_without_a_letter_wakes_nobody(app: Flask, db: Database) -> None:
    with app.app_context(), database().transaction():
        pass
    assert app.extensions["queue"].huey.dequeue() is None


def test_the_sweep_of_every_minute_sends_what_no_waking_told_of(app: Flask, db: Database) -> None:
    huey = app.extensions["queue"].huey
    write(app)
    huey.flush()
    due = huey.read_periodic(datetime(2026, 11, 16, 10, 1))  # noqa: DTZ001 - Huey counts without a zone.
    assert len(due) == 1
    huey.execute(due[0])
    assert state(db) is LetterState.SENT


def test_a_worker_on_another_machine_finds_what_no_waking_told_it_of(
    app: Flask, db: Database, settings: Settings, tmp_path: Path
) -> None:
    write(app)
    elsewhere = tmp_path / "another machine"
    elsewhere.mkdir()
    connect(app, replace(settings, instance=elsewhere))
    huey = app.extensions["queue"].huey
    assert huey.dequeue() is None
    huey.execute(huey.read_periodic(datetime(2026, 11, 16, 10, 1))[0])  # noqa: DTZ001 - Huey counts without a zone.
    assert state(db) is LetterState.SENT
    assert list((elsewhere / "letters").iterdir())


def test_a_sweep_that_fails_does_not_keep_the_others_from_running(app: Flask, tmp_path: Path) -> None:
    done = []

    def fail() -> None:
        raise RuntimeError("planted")

    queue = Queue(app, tmp_path / "other.sqlite", "secret", {"bad": fail, "good": lambda: done.append(1)})
    queue.run_sweeps()
    assert done == [1]


def test_a_queue_that_is_broken_does_not_fail_the_request(
    app: Flask, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(app.extensions["queue"], "_task", fail)
    write(app)
    assert state(db) is LetterState.WAITING


def test_waking_does_nothing_where_no_portal_runs() -> None:
    jobs.wake_worker()


def test_a_task_that_somebody_else_put_into_the_file_is_not_carried_out(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "shared.sqlite"
    done: list[str] = []
    ours = Queue(app, file, "our secret", {"ours": lambda: done.append("ours")})
    theirs = Queue(app, file, "their secret", {"theirs": lambda: done.append("theirs")})
    theirs.wake()
    with pytest.raises(ValueError, match="Signature"):
        ours.huey.dequeue()
    assert done == []


def test_a_real_worker_sends_a_real_letter(tmp_path: Path) -> None:
    settings.create_secrets(tmp_path)
    url = f"sqlite:///{tmp_path / 'alongside.sqlite'}"
    migrate(url)
    environment = {**os.environ, "ALONGSIDE_MODE": "local", "ALONGSIDE_INSTANCE": str(tmp_path)}
    environment["ALONGSIDE_DATA_KEYS"] = DATA_KEYS
    command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    # Written before the worker starts, so that nobody wakes it: what waits is found.
    db = Database(url)
    with db.transaction() as session:
        write_letter(session, to="ada@mail.example", subject="Hello", body="Hello", at=NOW)
    folder = FolderMailer(tmp_path / "letters", "portal@alongside.test")
    with subprocess.Popen(command, cwd=ROOT, env=environment) as worker:
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not folder.read_letters() and time.monotonic() < deadline and worker.poll() is None:
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait(PATIENCE_SECONDS)
    db.engine.dispose()
    assert [letter["Subject"] for letter in folder.read_letters()] == ["Hello"]
