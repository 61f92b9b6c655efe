"""Reads of courses, evenings and hours; every read of many volunteers takes a fixed number of statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from accounts.models import Person
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import Volunteer
from mentors.rules import Stage
from training.models import Attendance, Course, TrainingEvent
from training.policy import seen_courses, seen_evenings, sees_training
from training.rules import (
    LAPSES_SOON_DAYS,
    SHEET_STAGES,
    TRAINED_STAGES,
    Attended,
    Lacking,
    Requirement,
    Shortfall,
    Standing,
    last_expired_day,
    standings,
)

ROWS_PER_PAGE = 30
RECENT_EVENINGS = 8
MOST_NAMED = 2000
"""Above this many volunteers a whole scheme is read, as databases limit how many values one statement may name."""


@dataclass(frozen=True)
class Evening:
    """One evening in a list, with how many were there."""

    event: TrainingEvent
    present: int


@dataclass(frozen=True)
class HoursRow:
    """One volunteer in the table of hours.

    Attributes:
        volunteer: With the person loaded.
        minutes: All minutes ever attended, whether or not they still count.
        standings: By required course, in the order of the courses.
    """

    volunteer: Volunteer
    minutes: int
    standings: Mapping[uuid.UUID, Standing]


@dataclass(frozen=True)
class HoursTable:
    """One page of the table of hours, with the figures of all its pages.

    Attributes:
        rows: The volunteers of this page, by name.
        page: Number of this page, from 1.
        pages: How many pages there are.
        people: How many volunteers each filter would show.
        lacking: How many of them lack minutes of each required course.
    """

    rows: Sequence[HoursRow]
    page: int
    pages: int
    people: Mapping[Lacking, int]
    lacking: Mapping[uuid.UUID, int]


@dataclass(frozen=True)
class SheetEntry:
    """One line of an attendance sheet."""

    volunteer_id: uuid.UUID
    name: str
    stage: Stage


def total_minutes(
    session: Session, scheme_id: uuid.UUID, *, since: date | None = None, until: date | None = None
) -> int:
    """Add up the minutes of training that a scheme gave; an evening counts once, however many came.

    Args:
        session: A session.
        scheme_id: The scheme.
        since: First day that counts; from the beginning unless given.
        until: Last day that counts; to the end unless given.
    """
    statement = select(func.coalesce(func.sum(TrainingEvent.duration_minutes), 0)).where(
        TrainingEvent.scheme_id == scheme_id,
        TrainingEvent.withdrawn_at.is_(None),
        TrainingEvent.held_on >= since if since else true(),
        TrainingEvent.held_on <= until if until else true(),
    )
    return int(session.scalar(statement) or 0)


def list_courses(session: Session, scheme_id: uuid.UUID | None) -> Sequence[Course]:
    """List the courses of a scheme in the order that the training lead gave them."""
    statement = select(Course).where(Course.scheme_id == scheme_id).order_by(Course.position, Course.name, Course.id)
    return session.scalars(statement).all()


def get_course(session: Session, by: Actor, course_id: uuid.UUID) -> Course:
    """Get a course of the actor's scheme.

    Raises:
        NotVisible: There is none.
    """
    course = session.scalars(select(Course).where(Course.id == course_id, seen_courses(by))).one_or_none()
    if course is None:
        raise NotVisible(_("There is no such course."))
    return course


def has_evening(session: Session, course_id: uuid.UUID, held_on: date) -> bool:
    """Whether a course has been logged for a day."""
    statement = select(TrainingEvent.id).where(
        TrainingEvent.course_id == course_id,
        TrainingEvent.held_on == held_on,
        TrainingEvent.withdrawn_at.is_(None),
    )
    return session.scalar(statement.limit(1)) is not None


def count_volunteers_among(session: Session, scheme_id: uuid.UUID, volunteer_ids: Collection[uuid.UUID]) -> int:
    """Count how many of some ids are volunteers of a scheme."""
    statement = select(func.count()).where(Volunteer.scheme_id == scheme_id, Volunteer.id.in_(volunteer_ids))
    return session.scalar(statement) or 0


def standings_by_volunteer(
    session: Session, scheme_id: uuid.UUID, volunteer_ids: Collection[uuid.UUID], on: date
) -> dict[uuid.UUID, Mapping[uuid.UUID, Standing]]:
    """Work out how many volunteers stand in every required course of their scheme, in two statements.

    Returns:
        For every id given, even of somebody who never attended, the standing by course, in the order of the courses.
    """
    return standings_of(session, list_courses(session, scheme_id), volunteer_ids, on)


def standings_of(
    session: Session, courses: Sequence[Course], volunteer_ids: Collection[uuid.UUID], on: date
) -> dict[uuid.UUID, Mapping[uuid.UUID, Standing]]:
    """Do the same where the courses are known already, in one statement."""
    needs = [
        Requirement(course.id, course.required_minutes, course.valid_months) for course in courses if course.is_required
    ]
    attended: dict[uuid.UUID, list[Attended]] = {volunteer_id: [] for volunteer_id in volunteer_ids}
    for volunteer_id, course_id, held_on, minutes in session.execute(_attended(needs, volunteer_ids)):
        if volunteer_id in attended:
            attended[volunteer_id].append(Attended(course_id, held_on, minutes))
    return {volunteer_id: standings(needs, rows, on) for volunteer_id, rows in attended.items()}


def _attended(
    needs: Sequence[Requirement], volunteer_ids: Collection[uuid.UUID]
) -> Select[uuid.UUID, uuid.UUID, date, int]:
    """Read what some volunteers attended of the required courses, which are of one scheme."""
    statement = (
        select(Attendance.volunteer_id, TrainingEvent.course_id, TrainingEvent.held_on, Attendance.minutes)
        .join(Attendance.event)
        .where(
            TrainingEvent.course_id.in_([need.course_id for need in needs]),
            TrainingEvent.withdrawn_at.is_(None),
            Attendance.is_present,
        )
        .order_by(TrainingEvent.held_on, Attendance.id)
    )
    if len(volunteer_ids) <= MOST_NAMED:
        statement = statement.where(Attendance.volunteer_id.in_(volunteer_ids))
    return statement


def shortfall(
    session: Session, scheme_id: uuid.UUID, volunteer_ids: Collection[uuid.UUID], on: date
) -> dict[uuid.UUID, list[Shortfall]]:
    """Tell for many volunteers which required courses they lack and how much, in two statements.

    Returns:
        For every id given, an empty list where nothing is lacking; else in the order of the courses.
    """
    courses = list_courses(session, scheme_id)
    names = {course.id: course.name for course in courses}
    return {
        volunteer_id: [
            Shortfall(course_id, names[course_id], standing.missing_minutes)
            for course_id, standing in by_course.items()
            if standing.missing_minutes
        ]
        for volunteer_id, by_course in standings_of(session, courses, volunteer_ids, on).items()
    }


def minutes_by_volunteer(session: Session, volunteer_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Add up all minutes that some volunteers ever attended, of any course."""
    statement = (
        select(Attendance.volunteer_id, func.sum(Attendance.minutes))
        .join(Attendance.event)
        .where(Attendance.volunteer_id.in_(volunteer_ids), TrainingEvent.withdrawn_at.is_(None))
        .group_by(Attendance.volunteer_id)
        .order_by(Attendance.volunteer_id)
    )
    found = {volunteer_id: int(minutes) for volunteer_id, minutes in session.execute(statement)}
    return {volunteer_id: found.get(volunteer_id, 0) for volunteer_id in volunteer_ids}


def list_hours(
    session: Session, by: Actor, courses: Sequence[Course], on: date, *, lacking: Lacking, page: int
) -> HoursTable:
    """Read one page of the table of hours, in four statements however many volunteers there are.

    The filter is worked out by the database, by the same rule as ``standings``, so that only one page is read.
    """
    lacks = _lacks(courses, on, on)
    lapses = and_(_lacks(courses, on + timedelta(days=LAPSES_SOON_DAYS), on), ~lacks)
    shown = {Lacking.EVERYBODY: true(), Lacking.LACKS: lacks, Lacking.LAPSES: lapses}
    who = and_(sees_training(by), Volunteer.stage.in_(TRAINED_STAGES))
    one_by_one = {course.id: _lacks([course], on, on) for course in courses if course.is_required}
    counts = _count_people(session, who, [*shown.values(), *one_by_one.values()])
    people = dict(zip(shown, counts, strict=False))
    missing = dict(zip(one_by_one, counts[len(shown) :], strict=True))
    pages = max(1, -(-people[lacking] // ROWS_PER_PAGE))
    page = min(max(1, page), pages)
    statement = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(who, shown[lacking])
        .options(contains_eager(Volunteer.person))
        .order_by(Person.name, Volunteer.id)
        .limit(ROWS_PER_PAGE)
        .offset((page - 1) * ROWS_PER_PAGE)
    )
    return HoursTable(_rows(session, session.scalars(statement).all(), courses, on), page, pages, people, missing)


def _count_people(session: Session, who: ColumnElement[bool], conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    """Count in one statement how many volunteers meet each condition."""
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions]
    return [int(count) for count in session.execute(select(*sums).select_from(Volunteer).where(who)).one()]


def _rows(session: Session, volunteers: Sequence[Volunteer], courses: Sequence[Course], on: date) -> list[HoursRow]:
    """Put the figures beside the volunteers of a page."""
    ids = [volunteer.id for volunteer in volunteers]
    minutes = minutes_by_volunteer(session, ids)
    found = standings_of(session, courses, ids, on)
    return [HoursRow(volunteer, minutes[volunteer.id], found[volunteer.id]) for volunteer in volunteers]


def _lacks(courses: Sequence[Course], on: date, known_until: date) -> ColumnElement[bool]:
    """Say in SQL that a volunteer lacks minutes of a required course on a day, given what was held until another."""
    required = [course for course in courses if course.is_required]
    return or_(false(), *(_counted(course, on, known_until) < course.required_minutes for course in required))


def _counted(course: Course, on: date, known_until: date) -> ColumnElement[int]:
    """Say in SQL how many minutes of a course still count for a volunteer on a day."""
    statement = (
        select(func.coalesce(func.sum(Attendance.minutes), 0))
        .join(Attendance.event)
        .where(
            Attendance.volunteer_id == Volunteer.id,
            TrainingEvent.course_id == course.id,
            TrainingEvent.withdrawn_at.is_(None),
            TrainingEvent.held_on <= known_until,
        )
    )
    if course.valid_months:
        statement = statement.where(TrainingEvent.held_on > last_expired_day(on, course.valid_months))
    return statement.correlate(Volunteer).scalar_subquery()


def list_evenings(session: Session, by: Actor, *, most: int = RECENT_EVENINGS) -> list[Evening]:
    """List the newest evenings of the actor's scheme with how many were there, in one statement."""
    present = (
        select(func.count())
        .where(Attendance.event_id == TrainingEvent.id, Attendance.is_present)
        .correlate(TrainingEvent)
        .scalar_subquery()
    )
    statement = (
        select(TrainingEvent, present)
        .where(seen_evenings(by), TrainingEvent.withdrawn_at.is_(None))
        .options(joinedload(TrainingEvent.course))
        .order_by(TrainingEvent.held_on.desc(), TrainingEvent.logged_at.desc(), TrainingEvent.id)
        .limit(most)
    )
    return [Evening(event, count) for event, count in session.execute(statement)]


def get_evening(session: Session, by: Actor, event_id: uuid.UUID) -> TrainingEvent:
    """Get an evening of the actor's scheme with its course and its rows.

    Raises:
        NotVisible: There is none.
    """
    statement = (
        select(TrainingEvent)
        .where(TrainingEvent.id == event_id, seen_evenings(by))
        .options(joinedload(TrainingEvent.course), selectinload(TrainingEvent.attendances))
    )
    event = session.scalars(statement).one_or_none()
    if event is None:
        raise NotVisible(_("There is no such evening."))
    return event


def list_sheet(session: Session, by: Actor) -> list[SheetEntry]:
    """List everybody who belongs on the sheet of an evening today, by name."""
    return _entries(session, by, Volunteer.stage.in_(SHEET_STAGES))


def list_sheet_entries(session: Session, by: Actor, volunteer_ids: Collection[uuid.UUID]) -> list[SheetEntry]:
    """List some volunteers of the actor's scheme, whatever their stage is now, by name; unknown ids are left out."""
    return _entries(session, by, Volunteer.id.in_(volunteer_ids))


def _entries(session: Session, by: Actor, which: ColumnElement[bool]) -> list[SheetEntry]:
    """Read lines of a sheet in one statement."""
    statement = (
        select(Volunteer.id, Person.name, Volunteer.stage)
        .join(Volunteer.person)
        .where(sees_training(by), which)
        .order_by(Person.name, Volunteer.id)
    )
    return [SheetEntry(volunteer_id, name, stage) for volunteer_id, name, stage in session.execute(statement)]


def get_trained_volunteer(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    """Get a volunteer whose hours the actor may see.

    Raises:
        NotVisible: There is none.
    """
    statement = (
        select(Volunteer).where(Volunteer.id == volunteer_id, sees_training(by)).options(joinedload(Volunteer.person))
    )
    volunteer = session.scalars(statement).one_or_none()
    if volunteer is None:
        raise NotVisible(_("There is no such volunteer."))
    return volunteer


def list_attendances_of(session: Session, volunteer_id: uuid.UUID) -> Sequence[Attendance]:
    """List the evenings of one volunteer, newest first, whether they came or not."""
    statement = (
        select(Attendance)
        .join(Attendance.event)
        .where(Attendance.volunteer_id == volunteer_id, TrainingEvent.withdrawn_at.is_(None))
        .options(contains_eager(Attendance.event).joinedload(TrainingEvent.course))
        .order_by(TrainingEvent.held_on.desc(), Attendance.id)
    )
    return session.scalars(statement).all()
