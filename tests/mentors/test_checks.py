"""Checks by kind: levels that the role allows, renewals with their history, vetting by establishment, and time."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer_group

from accounts import operations as accounts
from accounts.models import Establishment
from accounts.rules import Role
from demo.builders import Builder
from demo.builders.people import PASSWORD
from foundation import migrating
from foundation.audit import verify
from foundation.db import Database
from foundation.encryption import GROUP
from foundation.errors import NotPermitted, Refusal
from foundation.outbox import Letter
from mentoring import queries as mentoring
from mentors import jobs, operations, queries
from mentors.models import Check, Volunteer
from mentors.operations import LevelNotAllowed
from mentors.rules import CheckKind, CheckOutcome, CheckPaper, DbsLevel, Stage
from privacy import jobs as privacy_jobs
from privacy import operations as privacy
from privacy.models import LegalHold
from tests.conftest import NOW, Saved
from tests.pages import PageClient

TODAY = date(2026, 11, 16)
EMAIL = "ada@mail.example"


def record(
    build: Builder,
    volunteer: Volunteer,
    kind: CheckKind = CheckKind.DBS,
    outcome: CheckOutcome = CheckOutcome.CLEAR,
    *,
    decided_on: date | None = TODAY,
    **more: Any,  # noqa: ANN401 - the parts of a check.
) -> Check:
    """Write down a check, as the portal."""
    level = DbsLevel.ENHANCED if kind is CheckKind.DBS else None
    return operations.record_check(
        build.session,
        **{
            "volunteer": volunteer,
            "kind": kind,
            "outcome": outcome,
            "level": level,
            "decided_on": decided_on,
            "by": build.portal(),
            "at": build.at,
            **more,
        },
    )


def place(build: Builder, name: str = "HMP Liverpool") -> Establishment:
    return accounts.name_establishment(build.session, name=name, by=build.portal(), at=build.at)


def vet(build: Builder, volunteer: Volunteer, where: Establishment, **more: Any) -> Check:  # noqa: ANN401 - the same.
    """Have an establishment vet somebody for a year."""
    paper = CheckPaper(establishment_id=where.id)
    return record(
        build,
        volunteer,
        CheckKind.PRISON_VETTING,
        **{"expires_on": TODAY + timedelta(days=365), "paper": paper, **more},
    )


def standing(session: Session, volunteer: Volunteer, kind: CheckKind = CheckKind.DBS) -> list[Check]:
    return [row for row in queries.list_checks(session, volunteer) if row.kind is kind]


@pytest.mark.parametrize("outcome", [CheckOutcome.AWAITED, CheckOutcome.CLEAR, CheckOutcome.NOT_CLEAR])
def test_a_level_above_what_the_role_allows_is_neither_asked_for_nor_recorded(
    build: Builder, session: Session, outcome: CheckOutcome
) -> None:
    volunteer = build.volunteer(Stage.CHECKS)
    with pytest.raises(LevelNotAllowed, match="no higher level than “Enhanced”"):
        record(build, volunteer, outcome=outcome, level=DbsLevel.ENHANCED_BARRED)
    with pytest.raises(Refusal, match="Choose the level"):
        record(build, volunteer, outcome=outcome, level=None)
    assert standing(session, volunteer) == []


def test_the_scheme_decides_with_a_reason_which_level_the_role_allows(build: Builder, session: Session) -> None:
    by = build.actor(Role.ADMINISTRATOR)
    volunteer = build.volunteer(Stage.CHECKS)
    assert "work with adults" in (record(build, volunteer).eligible_why or "")
    with pytest.raises(Refusal, match="Say why"):
        operations.set_dbs_ceiling(session, level=DbsLevel.BASIC, why=" ", by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.set_dbs_ceiling(session, level=DbsLevel.BASIC, why="No.", by=build.actor(Role.COORDINATOR), at=NOW)
    operations.set_dbs_ceiling(session, level=DbsLevel.STANDARD, why="Visits only.", by=by, at=NOW)
    operations.set_dbs_ceiling(
        session, level=DbsLevel.BASIC, why="Phone calls only.", by=by, at=NOW + timedelta(hours=1)
    )
    allowed = queries.get_dbs_allowance(session, build.scheme().id)
    assert (allowed.level, allowed.why, allowed.decided_by_id) == (DbsLevel.BASIC, "Phone calls only.", by.person_id)
    with pytest.raises(LevelNotAllowed, match="Basic"):
        record(build, volunteer, level=DbsLevel.STANDARD)
    assert record(build, volunteer, level=DbsLevel.BASIC).eligible_why == "Phone calls only."
    # Another scheme decides for itself.
    other = build.scheme("turin", country="IT", time_zone="Europe/Rome")
    assert queries.get_dbs_allowance(session, other.id).level is DbsLevel.ENHANCED


def test_a_renewal_keeps_what_was_before_and_a_correction_does_not(build: Builder, session: Session) -> None:
    volunteer = build.volunteer(Stage.CHECKS)
    first = record(build, volunteer, decided_on=TODAY - timedelta(days=30))
    mended = record(build, volunteer, decided_on=TODAY - timedelta(days=30), paper=CheckPaper(reference="F001"))
    assert mended is first
    second = record(build, volunteer)
    now, before = standing(session, volunteer)
    assert (now, before, before.ended_at, before.reference) == (second, first, build.at, "F001")
    assert [row.id for row in volunteer.checks] == [second.id]


def test_a_renewal_asked_for_in_good_time_costs_nobody_their_readiness(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    # Both the one that counts and the one that is awaited stand, until the second is decided.
    record(build, mentor, outcome=CheckOutcome.AWAITED, decided_on=None)
    assert mentoring.readiness_of(session, mentor, TODAY) == []
    assert sorted(row.outcome for row in standing(session, mentor)) == ["awaited", "clear"]
    record(build, mentor, outcome=CheckOutcome.NOT_CLEAR)
    assert [point.demand for point in mentoring.readiness_of(session, mentor, TODAY)] == ["dbs"]
    assert [(row.outcome, row.ended_at is None) for row in standing(session, mentor)] == [
        (CheckOutcome.NOT_CLEAR, True),
        (CheckOutcome.CLEAR, False),
    ]


def test_the_database_keeps_one_decision_of_a_kind(build: Builder, session: Session) -> None:
    volunteer = build.volunteer(Stage.CHECKS)
    record(build, volunteer)
    planted = Check(volunteer_id=volunteer.id, kind=CheckKind.DBS, outcome=CheckOutcome.CLEAR, changed_at=NOW)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(planted)


def test_each_establishment_vets_by_itself(build: Builder, session: Session) -> None:
    volunteer = build.volunteer(Stage.CHECKS)
    liverpool, altcourse = place(build), place(build, "HMP Altcourse")
    assert place(build, "  hmp  LIVERPOOL ") is liverpool
    vet(build, volunteer, liverpool, paper=CheckPaper(establishment_id=liverpool.id, is_lived_route=True))
    vet(build, volunteer, altcourse, expires_on=TODAY + timedelta(days=1))
    rows = {row.establishment_id: row.is_lived_route for row in standing(session, volunteer, CheckKind.PRISON_VETTING)}
    assert rows == {liverpool.id: True, altcourse.id: False}

    def vetted(on: date) -> frozenset[Any]:
        return queries.vetted_establishments(session, [volunteer.id], on).get(volunteer.id, frozenset())

    assert vetted(TODAY) == {liverpool.id, altcourse.id}
    assert vetted(TODAY + timedelta(days=1)) == {liverpool.id}
    vet(build, volunteer, liverpool, outcome=CheckOutcome.NOT_CLEAR, decided_on=TODAY - timedelta(days=1))
    assert vetted(TODAY) == {altcourse.id}


@pytest.mark.parametrize(
    ("kind", "more", "error"),
    [
        (CheckKind.PRISON_VETTING, {"expires_on": TODAY + timedelta(days=9)}, "name of the establishment"),
        (CheckKind.DRIVING_LICENCE, {}, "day on which it runs out"),
        (CheckKind.CAR_INSURANCE, {}, "day on which it runs out"),
        (CheckKind.IDENTITY, {"paper": CheckPaper(issued_on=TODAY + timedelta(days=1))}, "document is not to come"),
        (CheckKind.IDENTITY, {"level": DbsLevel.BASIC}, "Only a DBS check has a level"),
    ],
)
def test_a_check_without_what_its_kind_asks_is_refused(
    build: Builder, kind: CheckKind, more: dict[str, Any], error: str
) -> None:
    volunteer = build.volunteer(Stage.CHECKS)
    with pytest.raises(Refusal, match=error):
        record(build, volunteer, kind, **more)


def test_only_drivers_are_asked_for_licence_and_insurance(build: Builder, session: Session) -> None:
    mentor, by = build.ready_mentor(), build.portal()
    operations.set_driving(session, volunteer=mentor, drives_people=True, by=by, at=NOW)
    lacking = [point.demand for point in mentoring.readiness_of(session, mentor, TODAY)]
    assert lacking == ["driving licence", "car insurance"]
    for kind in (CheckKind.DRIVING_LICENCE, CheckKind.CAR_INSURANCE):
        record(build, mentor, kind, expires_on=TODAY + timedelta(days=1))
    assert mentoring.readiness_of(session, mentor, TODAY) == []
    late = mentoring.readiness_of(session, mentor, TODAY + timedelta(days=1))
    assert [point.has_expired for point in late] == [True, True]
    operations.set_driving(session, volunteer=mentor, drives_people=False, by=by, at=NOW)
    assert mentoring.readiness_of(session, mentor, TODAY + timedelta(days=1)) == []


def purge(app: Flask) -> None:
    with app.app_context():
        privacy_jobs.purge_check_details()


def opened(db: Database, check: Check) -> Check | None:
    with db.sessions() as session:
        return session.get(Check, check.id, options=[undefer_group(GROUP)])


def test_details_go_six_months_after_the_decision_and_the_gate_stays_true(
    app: Flask, saved: Saved, db: Database, clock: time_machine.Traveller
) -> None:
    paper = CheckPaper(reference="F00123", issued_on=TODAY)
    with saved as build:
        mentor = build.ready_mentor()
        condition: dict[str, Any] = {
            "outcome": CheckOutcome.CLEAR_WITH_CONDITIONS,
            "conditions": "In the community only.",
        }
        before = record(build, mentor, decided_on=TODAY - timedelta(days=1), paper=paper)
        check = record(build, mentor, expires_on=date(2029, 11, 16), paper=paper, **condition)
    for day, is_there in ((date(2027, 5, 15), True), (date(2027, 5, 16), False)):
        clock.move_to(NOW + (day - TODAY), tick=False)
        purge(app)
        kept = opened(db, check)
        assert kept is not None
        details = (kept.level, kept.eligible_why, kept.reference, kept.issued_on, kept.conditions)
        assert any(details) == is_there
        assert (kept.details_until_on is not None) == is_there
        assert (kept.outcome, kept.expires_on, kept.decided_on) == (
            CheckOutcome.CLEAR_WITH_CONDITIONS,
            date(2029, 11, 16),
            TODAY,
        )
        with db.sessions() as session:
            volunteer = session.get_one(Volunteer, mentor.id)
            assert mentoring.readiness_of(session, volunteer, day) == []
    assert opened(db, before) is None
    with db.sessions() as session:
        assert verify(session) is None
        assert "F00123" not in str(session.execute(select(Check.__table__)).all())
    purge(app)


def test_details_of_somebody_under_a_legal_hold_stay_until_it_is_lifted(
    app: Flask, saved: Saved, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        mentor = build.ready_mentor()
        check = record(build, mentor, paper=CheckPaper(reference="F7"))
        hold = privacy.set_hold(build.session, person=mentor.person, why="A claim.", by=build.portal(), at=NOW)
    clock.move_to(NOW + timedelta(days=200), tick=False)
    purge(app)
    kept = opened(db, check)
    assert kept is not None
    assert kept.reference == "F7"
    with saved as build:
        found = build.session.get_one(LegalHold, hold.id)
        privacy.lift_hold(build.session, hold=found, by=build.portal(), at=NOW + timedelta(days=200))
    purge(app)
    kept = opened(db, check)
    assert kept is not None
    assert kept.reference is None


def test_what_was_purged_can_be_renewed(app: Flask, saved: Saved, clock: time_machine.Traveller) -> None:
    with saved as build:
        mentor = build.ready_mentor()
        record(build, mentor, expires_on=date(2029, 11, 16))
    clock.move_to(NOW + timedelta(days=200), tick=False)
    purge(app)
    with saved as build:
        volunteer = build.session.get_one(Volunteer, mentor.id)
        record(build, volunteer, decided_on=TODAY, at=NOW + timedelta(days=200))
        assert len(standing(build.session, volunteer)) == 1


def remind(app: Flask, clock: time_machine.Traveller, days: int) -> None:
    """Let the worker look on a day that lies so many days after today."""
    clock.move_to(NOW + timedelta(days=days), tick=False)
    with app.app_context():
        jobs.remind_of_lapses()
        jobs.remind_of_lapses()


def test_a_volunteer_is_written_to_at_sixty_and_at_thirty_days_once_each_with_a_link_alone(
    app: Flask, saved: Saved, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        mentor = build.ready_mentor(name="Jo Mercer", email="jo@mail.example")
        for kind in (CheckKind.DBS, CheckKind.IDENTITY):
            record(build, mentor, kind, expires_on=TODAY + timedelta(days=61))
        left = build.ready_mentor(email="left@mail.example")
        record(build, left, expires_on=TODAY + timedelta(days=61))
        build.move(left, Stage.LEFT)

    def letters() -> list[Letter]:
        with db.sessions() as session:
            return [
                row for row in session.scalars(select(Letter).order_by(Letter.written_at)) if "renew" in row.subject
            ]

    counts = []
    for day in (0, 1, 2, 30, 31, 32, 60, 61, 62):
        remind(app, clock, day)
        counts.append(len(letters()))
    assert counts == [0, 1, 1, 1, 2, 2, 2, 2, 2]
    for letter in letters():
        assert letter.to_address == "jo@mail.example"
        assert "/my-application" in letter.body
        for fact in ("Jo", "Mercer", "DBS", "check", "Identity"):
            assert fact not in letter.body


def test_a_renewal_begins_the_letters_anew(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor(email="jo@mail.example")
    scheme, by = build.scheme(), build.portal()
    record(build, mentor, expires_on=TODAY + timedelta(days=20))
    for written in (1, 0):
        assert operations.remind_of_lapses(session, scheme=scheme, by=by, at=NOW, base_url="") == written
    record(build, mentor, decided_on=TODAY - timedelta(days=1), expires_on=TODAY + timedelta(days=40))
    assert operations.remind_of_lapses(session, scheme=scheme, by=by, at=NOW, base_url="") == 1


def test_checks_of_before_are_led_forward_and_get_a_day_for_their_details(saved: Saved, db: Database) -> None:
    with saved as build:
        mentor = build.ready_mentor()
        record(build, mentor, decided_on=TODAY - timedelta(days=1))
        where = place(build)
        vet(build, mentor, where)
    migrating.downgrade(db.engine, "0013")
    migrating.upgrade(db.engine)
    with db.sessions() as session:
        rows = {row.kind: row for row in session.scalars(select(Check))}
        # What the older portal does not know is gone; of the rest the decision that stands has stayed.
        assert set(rows) == {
            CheckKind.FIRST_REFERENCE,
            CheckKind.SECOND_REFERENCE,
            CheckKind.IDENTITY,
            CheckKind.DBS,
        }
        assert {row.details_until_on for row in rows.values()} == {TODAY + timedelta(days=182)}
        assert rows[CheckKind.DBS].level is DbsLevel.ENHANCED


def test_a_coordinator_records_vetting_for_an_establishment_and_sees_the_history(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL, name="Ada Okafor")
        volunteer = build.ready_mentor()
        place(build, "HMP Altcourse")
    client.sign_in(EMAIL, PASSWORD)
    path = f"/volunteers/{volunteer.id}/checks"
    assert "No establishment has vetted them" in client.get(path).text
    typed = {
        "establishment_name": "HMP Liverpool",
        "outcome": "clear",
        "decided_on": ["2", "11", "2026"],
        "expires_on": ["2", "11", "2027"],
        "reference": "V-77",
        "is_lived_route": "y",
    }
    client.fill(f"{path}/prison-vetting", {**typed, "establishment_name": ""}, status=422)
    client.fill(f"{path}/prison-vetting", typed)
    page = client.get(path)
    for words in ("HMP Liverpool", "Runs out on 2 November 2027", "V-77", "lived experience", "Ada Okafor"):
        assert words in page.text
    form = client.get(f"{path}/prison-vetting?establishment=hmp+liverpool").form()
    assert (form["establishment_name"], form["reference"]) == ("HMP Liverpool", "V-77")
    client.fill(
        f"{path}/prison-vetting?establishment=hmp+liverpool",
        {"decided_on": ["9", "11", "2026"], "expires_on": ["9", "11", "2028"]},
    )
    page = client.get(path)
    assert "Runs out on 9 November 2028" in page.text
    assert "Replaced" in page.text


def test_a_coordinator_cannot_record_more_than_the_administrator_has_allowed(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        build.account(Role.ADMINISTRATOR, email="admin@mail.example", name="Kit Boss")
        volunteer = build.volunteer(Stage.CHECKS)
    client.sign_in("admin@mail.example", PASSWORD)
    assert "this scheme has not decided yet" in client.get("/dbs-level").text
    client.fill("/dbs-level", {"level": "standard", "why": ""}, status=422)
    page = client.follow(client.fill("/dbs-level", {"level": "standard", "why": "Visits in prison alone."}))
    assert "Kit Boss" in page.text
    client.client.delete_cookie("alongside")
    client.sign_in(EMAIL, PASSWORD)
    client.get("/dbs-level", status=403)
    path = f"/volunteers/{volunteer.id}/checks/dbs"
    assert "Visits in prison alone." in client.get(path).text
    typed = {"outcome": "awaited", "level": "enhanced", "reference": "F1"}
    client.fill(path, typed, status=422)
    assert client.page is not None
    assert client.page.errors == ["The role allows no higher level than “Standard”. Asking for more is unlawful"]
    assert client.page.form()["reference"] == "F1"
    client.fill(path, {**typed, "level": "standard"})


def test_a_coordinator_says_who_drives_people(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        mentor = build.ready_mentor()
    client.sign_in(EMAIL, PASSWORD)
    page = client.follow(client.fill(f"/volunteers/{mentor.id}/driving", {"drives_people": "y"}))
    assert "Driving licence Not begun" in page.text
    assert "Car insurance" in client.get(f"/volunteers/{mentor.id}/readiness").text


def test_a_volunteer_sees_on_their_own_page_what_runs_out(saved: Saved, client: PageClient) -> None:
    with saved as build:
        mentor = build.ready_mentor(email="jo@mail.example")
        build.account(Role.VOLUNTEER, person=mentor.person)
        record(build, mentor, expires_on=TODAY + timedelta(days=50))
        record(build, mentor, CheckKind.IDENTITY, expires_on=TODAY + timedelta(days=200))
    client.sign_in("jo@mail.example", PASSWORD)
    page = client.get("/my-application")
    assert "DBS check: Runs out on 5 January 2027" in page.text
    assert "4 June 2027" not in page.text


def test_a_planted_row_that_outlived_its_details_is_found(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        check = record(build, build.volunteer(Stage.CHECKS), paper=CheckPaper(reference="F9"))
        build.session.execute(update(Check).where(Check.id == check.id).values(details_until_on=TODAY))
    purge(app)
    kept = opened(db, check)
    assert kept is not None
    assert kept.reference is None
