"""Readiness that is lost: found every night and at once, a fact for the coordinator and never a change of stage."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from accounts.operations import name_establishment
from accounts.rules import Role
from demo.builders import Builder
from demo.builders.people import PASSWORD
from foundation.audit import verify
from foundation.db import Database
from mentees.rules import Setting
from mentoring import jobs, queries
from mentoring.models import ReadinessLoss, ReadinessNight
from mentoring.rules import MatchState
from mentors import operations as mentors
from mentors.models import Check, Volunteer
from mentors.rules import CheckKind, CheckOutcome, CheckPaper, DbsLevel, Stage
from tests.conftest import NOW, Saved
from tests.pages import PageClient, counted

TODAY = date(2026, 11, 16)
EMAIL = "ada@mail.example"


def record(build: Builder, mentor: Volunteer, outcome: CheckOutcome, expires_on: date | None = None) -> None:
    """Write down a DBS check of today."""
    mentors.record_check(
        build.session,
        volunteer=mentor,
        kind=CheckKind.DBS,
        outcome=outcome,
        level=DbsLevel.ENHANCED,
        decided_on=TODAY,
        expires_on=expires_on,
        by=build.portal(),
        at=build.at,
    )


def night(app: Flask) -> None:
    """Let the worker look, twice as it does every minute."""
    with app.app_context():
        jobs.judge_readiness()
        jobs.judge_readiness()


def losses(db: Database) -> list[tuple[date, date | None]]:
    with db.sessions() as session:
        rows = session.scalars(select(ReadinessLoss).order_by(ReadinessLoss.lost_on)).all()
        return [(row.lost_on, row.restored_on) for row in rows]


@pytest.mark.parametrize("expires_on", [date(2026, 11, 18), date(2028, 2, 29)])
def test_the_night_of_the_day_on_which_a_check_runs_out_finds_it_and_not_the_one_before(
    app: Flask, saved: Saved, db: Database, clock: time_machine.Traveller, expires_on: date
) -> None:
    with saved as build:
        mentor = build.ready_mentor()
        record(build, mentor, CheckOutcome.CLEAR, expires_on)
    for day, found in ((expires_on - timedelta(days=1), []), (expires_on, [(expires_on, None)])):
        clock.move_to(NOW + (day - TODAY), tick=False)
        night(app)
        assert losses(db) == found
    with db.sessions() as session:
        volunteer = session.get_one(Volunteer, mentor.id)
        assert volunteer.stage is Stage.READY
        row = session.scalars(select(ReadinessLoss)).one()
        assert row.lacking == ["dbs"]
        nights = session.scalars(select(ReadinessNight).order_by(ReadinessNight.night_on)).all()
        assert [(each.judged, each.lost, each.restored) for each in nights] == [(1, 0, 0), (1, 1, 0)]
        assert verify(session) is None


def test_a_check_that_is_recorded_takes_and_gives_readiness_at_once(build: Builder) -> None:
    mentor = build.ready_mentor()
    record(build, mentor, CheckOutcome.NOT_CLEAR)
    loss = build.session.scalars(select(ReadinessLoss)).one()
    assert (loss.volunteer_id, loss.lost_on, loss.restored_on) == (mentor.id, TODAY, None)
    record(build, mentor, CheckOutcome.CLEAR)
    assert loss.restored_on == TODAY
    record(build, mentor, CheckOutcome.NOT_CLEAR)
    assert len(build.session.scalars(select(ReadinessLoss)).all()) == 2


def test_only_who_is_ready_or_matched_can_lose_readiness(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        pausing = build.match(MatchState.ACTIVE).volunteer
        resting = build.ready_mentor()
        applicant = build.volunteer(Stage.TRAINING)
        for somebody in (pausing, resting):
            build.move(somebody, Stage.ON_A_BREAK)
        build.session.execute(update(Check).values(expires_on=TODAY))
        assert applicant.stage is Stage.TRAINING
    night(app)
    with db.sessions() as session:
        assert session.scalars(select(ReadinessLoss.volunteer_id)).all() == [pausing.id]


def test_taken_places_are_no_loss_and_a_mentor_who_leaves_has_none_left(build: Builder) -> None:
    mentor = build.match(MatchState.ACTIVE).volunteer
    assert queries.lacking_of(build.session, [mentor], TODAY)[mentor.id] == []
    record(build, mentor, CheckOutcome.NOT_CLEAR)
    build.move(mentor, Stage.LEFT)
    assert build.session.scalars(select(ReadinessLoss.restored_on)).all() == [TODAY]


def test_a_night_takes_as_many_statements_for_many_as_for_few(build: Builder) -> None:
    needed = []
    for count in (1, 6):
        for _ in range(count):
            build.ready_mentor()
        build.session.flush()
        with counted(build.session.get_bind().engine) as statements:
            judged = queries.find_changed_readiness(build.session, build.scheme().id, TODAY)
        needed.append(len(statements))
        assert judged.changed == ()
    assert needed[0] == needed[1] <= 9


def test_a_loss_that_somebody_planted_away_comes_back_the_next_night(
    app: Flask, saved: Saved, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        record(build, build.ready_mentor(), CheckOutcome.NOT_CLEAR)
        build.session.execute(update(ReadinessLoss).values(restored_on=TODAY))
    clock.move_to(NOW + timedelta(days=1), tick=False)
    night(app)
    assert losses(db) == [(TODAY, TODAY), (TODAY + timedelta(days=1), None)]


def test_the_coordinator_sees_the_same_day_who_is_matched_and_no_longer_ready(
    app: Flask, saved: Saved, client: PageClient, clock: time_machine.Traveller
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        match = build.match(MatchState.ACTIVE)
        name = match.volunteer.person.name
        record(build, match.volunteer, CheckOutcome.CLEAR, TODAY + timedelta(days=1))
    client.sign_in(EMAIL, PASSWORD)
    assert "no longer ready" not in client.get(f"/matches/{match.id}").text
    clock.move_to(NOW + timedelta(days=1), tick=False)
    night(app)
    client.sign_in(EMAIL, PASSWORD)
    page = client.get(f"/matches/{match.id}")
    assert "The mentor is no longer ready. Noted on 17 November 2026." in page.text
    assert "DBS check (ran out on 17 November 2026)" in page.text
    assert f"1 Mentors no longer ready {name} matched · since today" in client.get("/home").text
    lapses = client.get("/lapses")
    assert f"{name} Matched since today" in lapses.text
    assert "DBS check" in lapses.text


def test_a_mentor_does_not_read_of_checks_on_the_page_of_their_match(saved: Saved, client: PageClient) -> None:
    with saved as build:
        match = build.match(MatchState.ACTIVE, volunteer=build.ready_mentor(email="jo@mail.example"))
        build.account(Role.MENTOR, email="jo@mail.example", person=match.volunteer.person)
        record(build, match.volunteer, CheckOutcome.NOT_CLEAR)
    client.sign_in("jo@mail.example", PASSWORD)
    assert "no longer ready" not in client.get(f"/matches/{match.id}").text


def test_vetting_that_runs_out_shows_on_the_page_of_the_match_the_same_day(
    app: Flask, saved: Saved, client: PageClient, clock: time_machine.Traveller
) -> None:
    until = TODAY + timedelta(days=1)
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        build.course("Boundaries")
        mentor, by = build.ready_mentor(), build.portal()
        place = name_establishment(build.session, name="HMP Liverpool", by=by, at=NOW)
        mentors.record_check(
            build.session,
            volunteer=mentor,
            kind=CheckKind.PRISON_VETTING,
            outcome=CheckOutcome.CLEAR,
            decided_on=TODAY,
            expires_on=until,
            paper=CheckPaper(establishment_id=place.id),
            by=by,
            at=NOW,
        )
        out: dict[str, Any] = {"setting": Setting.CUSTODY, "release_on": until, "establishment_name": "Liverpool"}
        match = build.match(MatchState.ACTIVE, volunteer=mentor, mentee=build.mentee(**out))
        build.meeting(match)
    client.sign_in(EMAIL, PASSWORD)
    assert "no longer ready" not in client.get(f"/matches/{match.id}").text
    clock.move_to(NOW + timedelta(days=1), tick=False)
    night(app)
    client.sign_in(EMAIL, PASSWORD)
    assert "Vetting by HMP Liverpool" in client.get(f"/matches/{match.id}").text
