"""The same form sent twice is carried out once."""

import threading
import uuid

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from foundation.db import Database, transaction
from foundation.errors import Refusal
from foundation.outbox import Letter
from foundation.submissions import AlreadyDone, Submission, once
from tests.conftest import NOW


def letter(subject: str = "made") -> Letter:
    return Letter(to_address="a@b.example", subject=subject, body="", written_at=NOW, due_at=NOW)


def count(db: Database) -> int:
    with db.sessions() as session:
        return len(session.scalars(select(Letter)).all())


def send(app: Flask, key: uuid.UUID, place: str = "/made") -> str:
    """Carry out a form, and tell where it leads."""
    with app.app_context():
        try:
            with once(key) as (session, outcome):
                session.add(letter())
                outcome.location = place
        except AlreadyDone as done:
            return done.location
    return place


def test_the_second_sending_leads_to_what_the_first_one_made(app: Flask, db: Database) -> None:
    key = uuid.uuid4()
    assert send(app, key) == "/made"
    assert send(app, key, "/other") == "/made"
    assert count(db) == 1


def test_two_forms_are_two_things(app: Flask, db: Database) -> None:
    send(app, uuid.uuid4())
    send(app, uuid.uuid4())
    assert count(db) == 2


def test_eight_sendings_of_one_form_at_once_make_one_thing(app: Flask, db: Database) -> None:
    for _ in range(5):
        key, gate = uuid.uuid4(), threading.Barrier(8)
        places: list[str] = []
        before = count(db)

        def press(key: uuid.UUID = key, gate: threading.Barrier = gate, places: list[str] = places) -> None:
            gate.wait()
            places.append(send(app, key))

        threads = [threading.Thread(target=press) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert places == ["/made"] * 8
        assert count(db) == before + 1


def test_a_key_taken_in_the_middle_of_a_sending_leads_to_what_the_other_made(app: Flask, db: Database) -> None:
    key = uuid.uuid4()
    with app.app_context(), pytest.raises(AlreadyDone) as done, once(key) as (session, outcome):
        session.add(letter())
        # Somebody writes around the queue of writers; the primary key decides all the same.
        session.execute(insert(Submission).values(id=key, at=NOW, location="/theirs"))
        session.connection().connection.driver_connection.commit()  # type: ignore[union-attr] # the driver's own.
        outcome.location = "/ours"
    assert done.value.location == "/theirs"


def test_a_refused_form_can_be_sent_again_with_the_same_key(app: Flask, db: Database) -> None:
    key = uuid.uuid4()
    with app.app_context(), pytest.raises(Refusal), once(key):
        raise Refusal("not like this")
    assert send(app, key) == "/made"
    assert count(db) == 1


def test_another_clash_inside_a_form_is_not_taken_for_a_second_sending(app: Flask, db: Database) -> None:
    taken = letter()
    with app.app_context(), transaction() as session:
        session.add(taken)
    with app.app_context(), pytest.raises(IntegrityError), once(uuid.uuid4()) as (session, _):
        clash = {"id": taken.id, "to_address": "", "subject": "", "body": "", "state": "waiting"}
        session.execute(insert(Letter), [{**clash, "written_at": NOW, "due_at": NOW, "attempts": 0, "last_error": ""}])
    assert count(db) == 1
