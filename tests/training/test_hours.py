"""Courses and evenings through the operations, and the reads that readiness is built on."""

import random
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.builders import Builder
from foundation.audit import AuditEntry, verify
from foundation.db import Database
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.versions import StaleEdit
from mentors.rules import Stage
from tests.conftest import NOW
from tests.pages import counted
from training import operations, queries
from training.models import Attendance, Course, TrainingEvent
from training.rules import LAPSES_SOON_DAYS, Lacking, Shortfall, add_months

TODAY = NOW.date()


def test_an_evening_is_stored_for_the_whole_group_and_written_down(session: Session, build: Builder) -> None:
    course = build.course("Boundaries", required_minutes=120)
    here, late, away = (build.volunteer(Stage.TRAINING) for _ in range(3))
    event = build.evening(course, {here.id: 120, late.id: 45, away.id: None})
    scheme = build.scheme().id
    found = queries.shortfall(session, scheme, [here.id, late.id, away.id], TODAY)
    assert found == {
        here.id: [],
        late.id: [Shortfall(course.id, "Boundaries", 75)],
        away.id: [Shortfall(course.id, "Boundaries", 120)],
    }
    assert queries.total_minutes(session, scheme) == 120
    assert queries.minutes_by_volunteer(session, [here.id, late.id, away.id]) == {here.id: 120, late.id: 45, away.id: 0}
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.verb == "log_evening")).all()
    assert len(verbs) == 1 + len(event.attendances)
    assert verify(session) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 721}, "duration_minutes"),
        ({"minutes": 121}, None),
        ({"minutes": 0}, None),
        ({"minutes": None}, None),
    ],
)
def test_an_evening_that_cannot_be_is_refused(
    session: Session, build: Builder, change: dict[str, Any], field: str | None
) -> None:
    course, volunteer = build.course(), build.volunteer(Stage.TRAINING)
    sheet: dict[str, Any] = {"held_on": TODAY, "duration_minutes": 120, "minutes": 120, **change}
    attendance = {volunteer.id: sheet.pop("minutes")}
    with pytest.raises(Refusal) as refused:
        operations.log_evening(
            session,
            course=course,
            attendance=attendance,
            by=build.portal(),
            at=NOW,
            **sheet,
        )
    assert refused.value.field == field


def test_the_day_ends_with_the_day_of_the_scheme(session: Session, build: Builder) -> None:
    late_evening = NOW.replace(hour=23, minute=30)
    course = build.course(slug="turin")
    volunteer = build.volunteer(Stage.TRAINING, slug="turin")
    by = build.actor(Role.TRAINING_LEAD, slug="turin")
    by = type(by)(by.person_id, by.scheme_id, by.roles, time_zone="Europe/Rome")
    event = operations.log_evening(
        session,
        course=course,
        held_on=TODAY + timedelta(days=1),
        duration_minutes=60,
        attendance={volunteer.id: 60},
        by=by,
        at=late_evening,
    )
    assert event.held_on == TODAY + timedelta(days=1)


def test_the_same_evening_is_not_logged_by_two_people(session: Session, build: Builder) -> None:
    course, volunteer = build.course(), build.volunteer(Stage.TRAINING)
    sheet: dict[str, Any] = {"held_on": TODAY, "duration_minutes": 60, "attendance": {volunteer.id: 60}}
    by = build.portal()
    first = operations.log_evening(session, course=course, **sheet, by=by, at=NOW)
    with pytest.raises(operations.LoggedAlready):
        operations.log_evening(session, course=course, **sheet, by=by, at=NOW)
    operations.log_evening(session, course=course, **sheet, by=by, at=NOW, is_second=True)
    assert queries.total_minutes(session, build.scheme().id) == 120
    operations.withdraw_evening(session, event=first, why="Twice", by=by, at=NOW)
    assert queries.total_minutes(session, build.scheme().id) == 60


def test_nobody_logs_for_another_scheme_or_without_the_role(session: Session, build: Builder) -> None:
    course, volunteer = build.course(), build.volunteer(Stage.TRAINING)
    stranger = build.volunteer(Stage.TRAINING, slug="turin")
    lead = build.actor(Role.TRAINING_LEAD)
    cases = [
        (build.actor(Role.TRAINING_LEAD, slug="turin"), course, volunteer.id, NotVisible),
        (lead, build.course(slug="turin"), volunteer.id, NotVisible),
        (lead, course, stranger.id, NotVisible),
        (lead, course, uuid.uuid4(), NotVisible),
        (build.actor(Role.MENTOR), course, volunteer.id, NotPermitted),
        (build.actor(Role.EVALUATOR), course, volunteer.id, NotPermitted),
    ]
    for by, taught, person, refusal in cases:
        with pytest.raises(refusal):
            operations.log_evening(
                session, course=taught, held_on=TODAY, duration_minutes=60, attendance={person: 60}, by=by, at=NOW
            )
    assert session.scalars(select(TrainingEvent)).all() == []


def test_a_correction_changes_adds_and_takes_off_and_counts_at_once(session: Session, build: Builder) -> None:
    course, other = build.course(), build.course()
    stays, goes, comes = (build.volunteer(Stage.TRAINING) for _ in range(3))
    event = build.evening(course, {stays.id: 120, goes.id: 120})
    operations.correct_evening(
        session,
        event=event,
        course=other,
        held_on=TODAY - timedelta(days=1),
        duration_minutes=90,
        attendance={stays.id: 90, comes.id: 30},
        by=build.portal(),
        at=NOW,
        version=event.version,
    )
    session.expire_all()
    rows = {row.volunteer_id: row.minutes for row in session.scalars(select(Attendance))}
    assert rows == {stays.id: 90, comes.id: 30}
    assert queries.total_minutes(session, build.scheme().id) == 90
    assert verify(session) is None


def test_two_corrections_of_one_evening_meet(session: Session, build: Builder) -> None:
    course, volunteer = build.course(), build.volunteer(Stage.TRAINING)
    event = build.evening(course, {volunteer.id: 120})
    seen = event.version
    sheet: dict[str, Any] = {"course": course, "held_on": TODAY, "duration_minutes": 120, "by": build.portal()}
    later = NOW + timedelta(minutes=1)
    operations.correct_evening(
        session,
        event=event,
        attendance={volunteer.id: 60},
        version=seen,
        at=later,
        **sheet,
    )
    with pytest.raises(StaleEdit):
        operations.correct_evening(
            session,
            event=event,
            attendance={volunteer.id: 90},
            version=seen,
            at=later,
            **sheet,
        )
    with pytest.raises(StaleEdit):
        operations.withdraw_evening(session, event=event, why="No", version=seen, by=build.portal(), at=later)


def test_an_evening_taken_back_cannot_be_touched_again(session: Session, build: Builder) -> None:
    course, volunteer = build.course(), build.volunteer(Stage.TRAINING)
    event = build.evening(course, {volunteer.id: 120})
    operations.withdraw_evening(session, event=event, why="Wrong course", by=build.portal(), at=NOW)
    with pytest.raises(Refusal):
        operations.withdraw_evening(session, event=event, why="Again", by=build.portal(), at=NOW)
    with pytest.raises(Refusal):
        operations.correct_evening(
            session,
            event=event,
            course=course,
            held_on=TODAY,
            duration_minutes=120,
            attendance={volunteer.id: 60},
            by=build.portal(),
            at=NOW,
        )
    assert queries.shortfall(session, build.scheme().id, [volunteer.id], TODAY)[volunteer.id]


def test_two_courses_cannot_have_one_name_whatever_its_capitals(session: Session, build: Builder) -> None:
    build.course("Boundaries")
    build.course("Boundaries", slug="turin")
    with pytest.raises(operations.NameTaken):
        build.course("BOUNDARIES ")


def test_a_changed_course_changes_what_everybody_lacks(session: Session, build: Builder) -> None:
    course, volunteer = build.course(required_minutes=60), build.volunteer(Stage.TRAINING)
    build.evening(course, {volunteer.id: 60}, duration_minutes=60)
    scheme = build.scheme().id
    assert queries.shortfall(session, scheme, [volunteer.id], TODAY) == {volunteer.id: []}
    change: dict[str, Any] = {
        "name": course.name,
        "position": 1,
        "is_required": True,
        "valid_months": None,
        "by": build.portal(),
    }
    seen = course.version
    operations.change_course(session, course=course, required_minutes=90, at=NOW, version=seen, **change)
    found = queries.shortfall(session, scheme, [volunteer.id], TODAY)[volunteer.id]
    assert [lack.missing_minutes for lack in found] == [30]
    with pytest.raises(StaleEdit):
        operations.change_course(session, course=course, required_minutes=60, at=NOW, version=seen, **change)


def test_the_database_and_the_rule_agree_on_who_lacks_what(session: Session, build: Builder) -> None:
    chance = random.Random(7)
    courses = [
        build.course("Once", required_minutes=120),
        build.course("Monthly", required_minutes=90, valid_months=1),
        build.course("Yearly", required_minutes=200, valid_months=12),
        build.course("Extra", is_required=False, required_minutes=0),
    ]
    volunteers = [build.volunteer(Stage.TRAINING) for _ in range(8)]
    for _ in range(60):
        course = chance.choice(courses)
        there = {person.id: chance.choice([None, 30, 60, 120]) for person in chance.sample(volunteers, 4)}
        if any(there.values()):
            day = TODAY - timedelta(days=chance.choice([0, 10, 27, 28, 29, 30, 31, 60, 300, 320, 364, 365, 366, 400]))
            build.evening(course, there, held_on=day)
    for withdrawn in session.scalars(select(TrainingEvent).order_by(TrainingEvent.held_on, TrainingEvent.id)).all()[
        ::3
    ]:
        operations.withdraw_evening(session, event=withdrawn, why="Test", by=build.portal(), at=NOW)
    lead = build.actor(Role.TRAINING_LEAD)
    for on in (TODAY, date(2026, 12, 16), date(2027, 2, 28)):
        found = queries.standings_by_volunteer(session, build.scheme().id, [row.id for row in volunteers], on)
        soon = on + timedelta(days=LAPSES_SOON_DAYS)
        lacks = {who for who, by in found.items() if any(line.missing_minutes for line in by.values())}
        lapses = {who for who, by in found.items() if any(line.lapses_by(soon) for line in by.values())} - lacks
        for show, expected in ((Lacking.LACKS, lacks), (Lacking.LAPSES, lapses)):
            table = queries.list_hours(session, lead, courses, on, lacking=show, page=1)
            assert {row.volunteer.id for row in table.rows} == expected, (on, show)
            assert table.people[show] == len(expected)
        table = queries.list_hours(session, lead, courses, on, lacking=Lacking.EVERYBODY, page=1)
        for course in courses[:3]:
            assert table.lacking[course.id] == sum(bool(by[course.id].missing_minutes) for by in found.values())


def test_readiness_of_many_takes_as_many_statements_as_of_one(session: Session, build: Builder, db: Database) -> None:
    course = build.course()
    volunteers = [build.volunteer(Stage.TRAINING) for _ in range(20)]
    build.evening(course, {row.id: 120 for row in volunteers})
    counts = []
    for ids in ([volunteers[0].id], [row.id for row in volunteers]):
        with counted(db.engine) as statements:
            found = queries.standings_by_volunteer(session, build.scheme().id, ids, TODAY)
        assert set(found) == set(ids)
        counts.append(len(statements))
    assert counts == [2, 2]


def test_a_read_of_more_volunteers_than_can_be_named_gives_the_same(
    session: Session, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = build.course()
    volunteers = [build.volunteer(Stage.TRAINING) for _ in range(4)]
    build.evening(course, {row.id: 60 for row in volunteers})
    ids = [row.id for row in volunteers[:3]]
    named = queries.standings_by_volunteer(session, build.scheme().id, ids, TODAY)
    monkeypatch.setattr("training.queries.hours.MOST_NAMED", 1)
    assert queries.standings_by_volunteer(session, build.scheme().id, ids, TODAY) == named


def test_totals_can_be_asked_for_a_time(session: Session, build: Builder) -> None:
    course: Course = build.course()
    volunteer = build.volunteer(Stage.TRAINING)
    for months in (0, -1, -2):
        build.evening(course, {volunteer.id: 60}, held_on=add_months(TODAY, months))
    scheme = build.scheme().id
    assert queries.total_minutes(session, scheme, since=add_months(TODAY, -1)) == 240
    assert queries.total_minutes(session, scheme, until=add_months(TODAY, -1)) == 240
    assert queries.total_minutes(session, uuid.uuid4()) == 0
