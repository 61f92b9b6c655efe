"""The figures for Prometheus: true, closed to strangers, and without a person in them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from app import FIGURES
from foundation import db as databases
from foundation import heartbeat
from foundation.db import Database
from foundation.metrics import Metrics
from foundation.outbox import LetterState, write_letter
from tests.conftest import NOW, Saved

TOKEN = "a-token-of-the-tests-7f3b1c9d2e8a4605"
PLANTED = "ada-and-her-secret-link"

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def watched(app: Flask) -> Iterator[Flask]:
    """A portal whose figures are collected, beginning at nothing."""
    before = (app.config["SETTINGS"], app.extensions["metrics"])
    app.config["SETTINGS"] = replace(before[0], metrics_token=TOKEN)
    app.extensions["metrics"] = Metrics(FIGURES)
    yield app
    app.config["SETTINGS"], app.extensions["metrics"] = before


def collect(app: Flask) -> Samples:
    """What a collector with the right token reads, by name and labels."""
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("brought", ["", TOKEN[:-1], f"Bearer {TOKEN[:-1]}", "Bearer ", f"Bearer {TOKEN} ü"])
def test_without_the_right_token_there_is_no_such_page(watched: Flask, brought: str) -> None:
    headers = {"Authorization": brought} if brought else {}
    assert watched.test_client().get("/metrics", headers=headers).status_code == 404


def test_without_a_token_in_the_settings_nothing_opens_the_page(app: Flask) -> None:
    for brought in ("", "Bearer ", f"Bearer {TOKEN}"):
        assert app.test_client().get("/metrics", headers={"Authorization": brought}).status_code == 404


def test_answers_are_counted_by_page_and_kind(watched: Flask) -> None:
    visitor = watched.test_client()
    for path in ("/health", "/health", f"/invitations/{PLANTED}", f"/{PLANTED}"):
        visitor.get(path)
    visitor.open("/health", method="PLANTED")
    found = collect(watched)
    count = "alongside_answer_seconds_count"
    assert found[count, ("health", "GET", "2xx")] == 2
    assert found[count, ("none", "any", "4xx")] >= 1
    assert PLANTED not in str(found)
    assert "PLANTED" not in str(found)


def test_letters_that_wait_are_counted_with_how_long_they_wait(watched: Flask, db: Database) -> None:
    assert collect(watched)["alongside_letter_wait_seconds", ()] == 0
    with db.transaction() as session:
        for minutes in (5, 90):
            write_letter(session, to="a@mail.example", subject="S", body="B", at=NOW - timedelta(minutes=minutes))
        lost = write_letter(session, to="a@mail.example", subject="S", body="B", at=NOW - timedelta(days=9))
        lost.state = LetterState.FAILED
    found = collect(watched)
    states = ("waiting", "sending", "failed")
    assert [found["alongside_letters", (state,)] for state in states] == [2, 0, 1]
    assert found["alongside_letter_wait_seconds", ()] == 90 * 60


def test_failed_tries_to_sign_in_are_counted_without_for_whom(watched: Flask, saved: Saved) -> None:
    visitor = watched.test_client()
    page = visitor.get("/sign-in").text
    token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    typed = {"csrf_token": token, "email": "nobody@mail.example", "password": "a wrong guess of mine"}
    assert visitor.post("/sign-in", data=typed).status_code == 422
    found = collect(watched)
    assert found["alongside_failed_sign_ins", ()] == 1
    assert "nobody" not in str(found)


def test_the_worker_is_seen_when_it_has_looked(watched: Flask, db: Database) -> None:
    assert not [key for key in collect(watched) if key[0] == "alongside_worker_seen_timestamp_seconds"]
    heartbeat.beat(db, failed=["letters", "rounds"], at=NOW, worker="one")
    found = collect(watched)
    assert found["alongside_worker_seen_timestamp_seconds", ("one",)] == NOW.timestamp()
    assert found["alongside_worker_failed_sweeps", ("one",)] == 2


def test_a_database_that_is_away_is_a_figure_and_no_fault(watched: Flask) -> None:
    assert collect(watched)["alongside_database_up", ()] == 1
    before = watched.extensions["database"]
    watched.extensions["database"] = databases.Database("sqlite:////nowhere/at/all.sqlite", {})
    try:
        found = collect(watched)
    finally:
        watched.extensions["database"] = before
    assert found["alongside_database_up", ()] == 0
    assert ("alongside_letter_wait_seconds", ()) not in found
