"""Two people approve at the same moment: the database decides, and everybody is told plainly."""

import contextlib
import itertools
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import Builder
from foundation.db import Database
from foundation.errors import Refusal
from mentees.models import Mentee
from mentees.rules import CaseStage
from mentoring import operations, queries
from mentoring.models import Match
from mentoring.operations import AlreadyMatched, NotReady
from mentoring.rules import OPEN_STATES, Point
from mentors.models import Volunteer
from tests.conftest import NOW, Saved

THREADS = 16

Pair = tuple[Actor, uuid.UUID, uuid.UUID]


def open_all(app: Flask, db: Database, pairs: list[Pair]) -> list[Refusal | None]:
    """Open matches from as many threads, which all have looked at the pair before anybody writes."""
    start = threading.Barrier(len(pairs))

    def open_one(pair: Pair) -> Refusal | None:
        by, mentee_id, volunteer_id = pair
        with app.app_context(), db.sessions() as looking:
            looking.get_one(Mentee, mentee_id)
            looking.get_one(Volunteer, volunteer_id)
        start.wait(timeout=30)
        try:
            with app.app_context(), db.transaction() as session:
                operations.open_match(
                    session,
                    mentee=session.get_one(Mentee, mentee_id),
                    volunteer=session.get_one(Volunteer, volunteer_id),
                    why="They fit.",
                    by=by,
                    at=NOW,
                )
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(pairs)) as pool:
        return list(pool.map(open_one, pairs))


def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told_who_and_when(
    app: Flask, db: Database, saved: Saved
) -> None:
    with saved as build:
        person = build.mentee()
        ada = build.actor(Role.COORDINATOR, person_id=build.person("Ada Okafor").id)
        bea = build.actor(Role.COORDINATOR, person_id=build.person("Bea Brown").id)
        pairs = [(by, person.id, build.ready_mentor().id) for by in (ada, bea)]
    answers = open_all(app, db, pairs)
    refused = [answer for answer in answers if answer is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], AlreadyMatched)
    winner = "Ada Okafor" if answers[0] is None else "Bea Brown"
    assert str(refused[0]) == f"{winner} matched this person already, on 16 November 2026, 10:00."
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Match)) == 1
        assert session.get_one(Mentee, person.id).stage is CaseStage.MATCHED


def test_sixteen_approvals_at_once_never_take_more_places_than_a_mentor_has(
    app: Flask, db: Database, saved: Saved
) -> None:
    with saved as build:
        mentor = build.ready_mentor(capacity=3)
        by = build.actor(Role.COORDINATOR)
        pairs = [(by, build.mentee().id, mentor.id) for _ in range(THREADS)]
    answers = open_all(app, db, pairs)
    assert sum(answer is None for answer in answers) == 3
    assert {type(answer) for answer in answers} == {type(None), NotReady}
    with db.sessions() as session:
        assert queries.count_open_by_volunteer(session, [mentor.id]) == {mentor.id: 3}


def test_a_lock_holds_back_a_second_approval_until_the_first_is_saved(
    app: Flask, db: Database, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    with saved as build:
        mentor, by = build.ready_mentor(), build.actor(Role.COORDINATOR)
        pairs = [(by, build.mentee().id, mentor.id) for _ in range(2)]
    # With the queue of writers and the lock of the trail out of the way, the lock of the mentor's row alone must keep
    # the last place from being taken twice. SQLite lets one writer in at a time whatever we do.
    monkeypatch.setattr("foundation.db._queue_writers", lambda _connection: None)
    monkeypatch.setattr("foundation.audit.record", lambda *_arguments, **_options: None)
    judge, both = queries.readiness_of, threading.Barrier(2)

    def judge_together(session: Session, volunteer: Volunteer, on: date) -> list[Point]:
        missing = judge(session, volunteer, on)
        # Were there no lock, both would meet here, each with the last place still free before their eyes.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=2)
        return missing

    monkeypatch.setattr(queries, "readiness_of", judge_together)
    answers = open_all(app, db, pairs)
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "NotReady"]


def test_the_database_itself_refuses_a_second_open_match_of_one_person(
    build: Builder, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build.match()
    find, looks = queries.find_open_match, itertools.count()

    def find_too_late(session: Session, mentee_id: uuid.UUID) -> Match | None:
        return find(session, mentee_id) if next(looks) else None

    monkeypatch.setattr(queries, "find_open_match", find_too_late)
    first.mentee.stage = CaseStage.WAITING
    with pytest.raises(AlreadyMatched, match="The portal matched this person already"):
        build.match(mentee=first.mentee)
    assert session.scalar(select(func.count()).where(Match.state.in_(OPEN_STATES))) == 1
