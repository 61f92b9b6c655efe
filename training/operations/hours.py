"""What changes hours: courses are added and changed, evenings logged, corrected and taken back."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import NotVisible, Refusal
from foundation.language import _
from foundation.versions import require_version
from training import queries
from training.models import Attendance, Course, TrainingEvent
from training.rules import LONGEST_COURSE_MINUTES, LONGEST_EVENING_MINUTES, LONGEST_VALIDITY_MONTHS


class NameTaken(Refusal):
    """The scheme has a course of this name."""


class NobodyPresent(Refusal):
    """An evening to which nobody came gives no hours."""


class LoggedAlready(Refusal):
    """This course has been logged for this day; most likely somebody else did it."""


def add_course(
    session: Session,
    *,
    name: str,
    position: int,
    is_required: bool,
    required_minutes: int,
    valid_months: int | None,
    by: Actor,
    at: datetime,
) -> Course:
    """Add a course to the actor's scheme.

    Raises:
        NameTaken: There is one of this name, whatever its capitals.
    """
    require(by, Permission.TRAINING_LOG)
    course = Course(scheme_id=by.scheme_id)
    _set_course(session, course, name=name, is_required=is_required, minutes=required_minutes, months=valid_months)
    course.position = position
    course.changed_at, course.changed_by_id = at, by.person_id
    session.add(course)
    audit.record(session, by=by, at=at, verb="add_course", subject=course)
    session.flush()
    return course


def change_course(
    session: Session,
    *,
    course: Course,
    name: str,
    position: int,
    is_required: bool,
    required_minutes: int,
    valid_months: int | None,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Change what a course asks; everybody's shortfall follows at once.

    Raises:
        NameTaken: Another course has this name.
        StaleEdit: Somebody saved it in between.
    """
    require(by, Permission.TRAINING_LOG)
    require_scheme(by, course.scheme_id)
    require_version(course, version)
    _set_course(session, course, name=name, is_required=is_required, minutes=required_minutes, months=valid_months)
    course.position = position
    course.changed_at, course.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="change_course", subject=course)
    session.flush()


def _set_course(
    session: Session, course: Course, *, name: str, is_required: bool, minutes: int, months: int | None
) -> None:
    """Check and set what a course asks."""
    name = name.strip()
    least = 1 if is_required else 0
    if not least <= minutes <= LONGEST_COURSE_MINUTES:
        raise Refusal(_("A required course asks for at least one minute."), field="required_minutes")
    if months is not None and not 1 <= months <= LONGEST_VALIDITY_MONTHS:
        raise Refusal(_("Give the validity in months, or leave it empty."), field="valid_months")
    # Two people who add the same name at once queue at the scheme's row, and the second is told.
    session.execute(select(Scheme.id).where(Scheme.id == course.scheme_id).with_for_update())
    if any(
        other.name.casefold() == name.casefold() and other.id != course.id
        for other in queries.list_courses(session, course.scheme_id)
    ):
        raise NameTaken(_("There is a course of this name already."), field="name")
    course.name, course.is_required = name, is_required
    course.required_minutes, course.valid_months = minutes, months


def log_evening(
    session: Session,
    *,
    course: Course,
    held_on: date,
    duration_minutes: int,
    attendance: Mapping[uuid.UUID, int | None],
    by: Actor,
    at: datetime,
    is_second: bool = False,
) -> TrainingEvent:
    """Log one evening of a course for the whole group.

    Args:
        session: The transaction.
        course: What was taught.
        held_on: The day, not in the future.
        duration_minutes: How long it took.
        attendance: Minutes present by volunteer; None for somebody who was expected and did not come.
        by: Who logs it.
        at: When it is logged.
        is_second: Whether the same course was really taught twice on that day.

    Raises:
        NobodyPresent: Nobody was there.
        LoggedAlready: The course has been logged for that day and this is not said to be another group.
        NotVisible: The course or a volunteer belongs to another scheme.
        Refusal: A day in the future, or minutes out of bounds.
    """
    require(by, Permission.TRAINING_LOG)
    _check_evening(
        session,
        course=course,
        held_on=held_on,
        duration_minutes=duration_minutes,
        attendance=attendance,
        by=by,
        at=at,
    )
    _check_not_logged(session, course, held_on, is_second=is_second)
    event = TrainingEvent(
        scheme_id=course.scheme_id,
        course_id=course.id,
        held_on=held_on,
        duration_minutes=duration_minutes,
        logged_by_id=by.person_id,
        logged_at=at,
        changed_at=at,
        changed_by_id=by.person_id,
    )
    event.attendances = []
    session.add(event)
    audit.record(session, by=by, at=at, verb="log_evening", subject=event)
    _store_attendance(session, event, attendance=attendance, known={}, by=by, at=at, verb="log_evening")
    session.flush()
    return event


def correct_evening(
    session: Session,
    *,
    event: TrainingEvent,
    course: Course,
    held_on: date,
    duration_minutes: int,
    attendance: Mapping[uuid.UUID, int | None],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Put an evening right; who is not named any longer is taken off the sheet.

    Raises:
        StaleEdit: Somebody saved it in between.
        Refusal: As for ``log_evening``, or the evening was taken back.
    """
    require(by, Permission.TRAINING_LOG)
    require_scheme(by, event.scheme_id)
    require_version(event, version)
    _require_counting(event)
    _check_evening(
        session,
        course=course,
        held_on=held_on,
        duration_minutes=duration_minutes,
        attendance=attendance,
        by=by,
        at=at,
    )
    event.course, event.held_on, event.duration_minutes = course, held_on, duration_minutes
    event.course_id = course.id
    # Also where only somebody's presence changes, the evening gets a new version, so that two corrections meet.
    event.changed_at, event.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="correct_evening", subject=event)
    known = {row.volunteer_id: row for row in event.attendances}
    _store_attendance(session, event, attendance=attendance, known=known, by=by, at=at, verb="correct_evening")
    session.flush()


def withdraw_evening(
    session: Session, *, event: TrainingEvent, why: str, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Take an evening back that was logged by mistake; it stays to be read and counts nowhere.

    Raises:
        Refusal: No reason, or taken back before.
        StaleEdit: Somebody saved it in between.
    """
    require(by, Permission.TRAINING_LOG)
    require_scheme(by, event.scheme_id)
    require_version(event, version)
    _require_counting(event)
    if not why.strip():
        raise Refusal(_("Say why this evening is taken back"), field="why")
    event.withdrawn_at = at
    event.changed_at, event.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="withdraw_evening", subject=event, why=why.strip())
    session.flush()


def _require_counting(event: TrainingEvent) -> None:
    """Refuse to touch an evening that was taken back."""
    if event.withdrawn_at is not None:
        raise Refusal(_("This evening was taken back. Log it anew if it took place after all."))


def _check_evening(
    session: Session,
    *,
    course: Course,
    held_on: date,
    duration_minutes: int,
    attendance: Mapping[uuid.UUID, int | None],
    by: Actor,
    at: datetime,
) -> None:
    """Check an attendance sheet as a whole."""
    require_scheme(by, course.scheme_id)
    if held_on > day_of(at, by.time_zone):
        raise Refusal(_("The date must be today or in the past"), field="held_on")
    if not 1 <= duration_minutes <= LONGEST_EVENING_MINUTES:
        raise Refusal(
            _("Enter a whole number from %(least)s to %(most)s", least=1, most=LONGEST_EVENING_MINUTES),
            field="duration_minutes",
        )
    present = [minutes for minutes in attendance.values() if minutes is not None]
    if not present:
        raise NobodyPresent(_("Mark at least one person as present. An evening nobody came to gives no hours."))
    if not all(1 <= minutes <= duration_minutes for minutes in present):
        raise Refusal(_("Nobody can be present for longer than the evening took."))
    if queries.count_volunteers_among(session, course.scheme_id, attendance.keys()) != len(attendance):
        raise NotVisible(_("There is no such record."))


def _check_not_logged(session: Session, course: Course, held_on: date, *, is_second: bool) -> None:
    """Stop the most likely mistake: two people who both log the same evening, which would double the hours."""
    session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    if not is_second and queries.has_evening(session, course.id, held_on):
        raise LoggedAlready(
            _("This course is logged for that day already. Was it taught twice? Then tick the box."), field="is_second"
        )


def _store_attendance(
    session: Session,
    event: TrainingEvent,
    *,
    attendance: Mapping[uuid.UUID, int | None],
    known: Mapping[uuid.UUID, Attendance],
    by: Actor,
    at: datetime,
    verb: str,
) -> None:
    """Bring the rows of an evening to what the sheet says, and write down each that changes."""
    for volunteer_id, minutes in attendance.items():
        row = known.get(volunteer_id)
        if row is None:
            row = Attendance(event_id=event.id, volunteer_id=volunteer_id)
            event.attendances.append(row)
        elif (row.is_present, row.minutes) == (minutes is not None, minutes or 0):
            continue
        row.is_present, row.minutes = minutes is not None, minutes or 0
        audit.record(session, by=by, at=at, verb=verb, subject=row)
    for volunteer_id in known.keys() - attendance.keys():
        audit.record(session, by=by, at=at, verb=verb, subject=known[volunteer_id])
        event.attendances.remove(known[volunteer_id])
        session.delete(known[volunteer_id])
