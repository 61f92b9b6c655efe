"""“Not now” is a good answer: the portal asks again, on the day that was chosen, once."""

from datetime import date, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.policy import portal_in
from foundation.audit import verify
from foundation.db import Database
from foundation.outbox import Letter
from mentors import jobs, operations
from mentors.models import AskAgain, Volunteer
from mentors.rules import Stage
from tests.conftest import NOW, Saved


def sweep(app: Flask) -> None:
    """Do what the worker does every minute."""
    with app.app_context():
        jobs.ask_again()


def addresses(db: Database) -> list[str]:
    """Tell to whom letters were written."""
    with db.sessions() as session:
        return sorted(session.scalars(select(Letter.to_address).order_by(Letter.written_at, Letter.id)))


def test_everybody_is_asked_on_their_day_and_only_once(
    app: Flask, saved: Saved, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        scheme = build.scheme()
        for email, days in (("soon@mail.example", 1), ("later@mail.example", 40)):
            operations.ask_later(
                build.session,
                scheme=scheme,
                email=email,
                ask_on=NOW.date() + timedelta(days=days),
                by=portal_in(scheme),
                at=NOW,
            )
        volunteer = build.volunteer(Stage.NOT_NOW, email="volunteer@mail.example")
        assert volunteer.ask_again_on == NOW.date() + timedelta(days=90)
    sweep(app)
    assert addresses(db) == []
    clock.shift(timedelta(days=1))
    sweep(app)
    sweep(app)
    assert addresses(db) == ["soon@mail.example"]
    clock.shift(timedelta(days=89))
    sweep(app)
    sweep(app)
    assert addresses(db) == ["later@mail.example", "soon@mail.example", "volunteer@mail.example"]
    with db.sessions() as session:
        asked = session.scalars(select(AskAgain).order_by(AskAgain.ask_on)).all()
        assert all(row.asked_at is not None for row in asked)
        row = session.scalars(select(Volunteer)).one()
        assert (row.stage, row.ask_again_on) == (Stage.NOT_NOW, None)
        letter = session.scalars(select(Letter).where(Letter.to_address == "soon@mail.example")).one()
        assert "http://alongside.test/apply/knowsley" in letter.body
        assert verify(session) is None


def test_the_day_is_the_schemes_own_and_not_londons(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        east = build.scheme("far-east", time_zone="Pacific/Kiritimati")
        west = build.scheme("far-west", time_zone="Pacific/Pago_Pago")
        for scheme in (east, west):
            build.session.add(AskAgain(scheme_id=scheme.id, email=scheme.slug, ask_on=date(2026, 11, 17), noted_at=NOW))
    sweep(app)
    # At ten in the morning in London it is already the 17th in Kiritimati.
    assert addresses(db) == ["far-east"]


def test_somebody_who_came_back_before_the_day_is_not_asked(
    app: Flask, saved: Saved, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        volunteer = build.volunteer(Stage.NOT_NOW)
        build.move(volunteer, Stage.APPLIED)
        assert volunteer.ask_again_on is None
    clock.shift(timedelta(days=200))
    sweep(app)
    assert addresses(db) == []
