"""Reads about readiness: what a volunteer still lacks, and how many places are free."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from mentoring.models import Match
from mentoring.rules import OPEN_STATES, Demand, Holder, Point
from mentors.models import Check, Volunteer
from mentors.queries import document_standings, promises_of
from mentors.rules import (
    LEAST_HOURS_PER_WEEK,
    LEAST_MONTHS,
    PASSED,
    Asks,
    CheckKind,
    CheckOutcome,
    Promise,
    Stage,
    asked_checks,
    missing_checks,
    promise_on,
)
from mentors.rules import Standing as DocumentStanding
from training import queries as training
from training.models import Course
from training.rules import Standing


def readiness_of(session: Session, volunteer: Volunteer, on: date) -> list[Point]:
    """List what a volunteer still lacks on a day; nobody is matched before this list is empty."""
    return readiness_of_many(session, [volunteer], on)[volunteer.id]


def readiness_of_many(session: Session, volunteers: Sequence[Volunteer], on: date) -> dict[uuid.UUID, list[Point]]:
    """List for each of several volunteers of one scheme what is still lacking, in a constant number of statements."""
    checklists = checklists_of(session, volunteers, on)
    return {key: [point for point in points if not point.is_met] for key, points in checklists.items()}


def checklists_of(
    session: Session, volunteers: Sequence[Volunteer], on: date, *, with_places: bool = True
) -> dict[uuid.UUID, list[Point]]:
    """Go for each of several volunteers of one scheme through everything that is asked, met or not.

    The rows are read as columns and not as records, so that what another transaction has just saved counts, whatever
    this session read before.

    Args:
        session: Where to read.
        volunteers: Whom to judge.
        on: The day.
        with_places: Whether to ask for room for one more person; not asked of whoever is matched already.
    """
    if not volunteers:
        return {}
    ids = [volunteer.id for volunteer in volunteers]
    scheme_id = volunteers[0].scheme_id
    checks = _checks_of(session, ids)
    courses = training.list_courses(session, scheme_id)
    standings = training.standings_of(session, courses, ids, on)
    promises = promises_of(session, ids)
    documents = document_standings(session, scheme_id, ids, on)
    taken = count_open_by_volunteer(session, ids) if with_places else {}
    return {
        volunteer.id: [
            *_check_points(volunteer, checks.get(volunteer.id, []), on),
            Point(Demand.CLEARANCE, volunteer.cleared_rosh is not None, Holder.COORDINATOR),
            *_course_points(courses, standings[volunteer.id]),
            *_document_points(documents[volunteer.id]),
            *_promise_points(promise_on(promises[volunteer.id], on)),
            *([_place_point(volunteer, taken.get(volunteer.id, 0))] if with_places else []),
        ]
        for volunteer in volunteers
    }


def _place_point(volunteer: Volunteer, taken: int) -> Point:
    """Judge whether there is room for one more person."""
    return Point(Demand.PLACE, taken < volunteer.capacity, Holder.COORDINATOR)


@dataclass(frozen=True)
class CheckFact:
    """How one check stands in the database now."""

    kind: CheckKind
    outcome: CheckOutcome
    expires_on: date | None


def _checks_of(session: Session, volunteer_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[CheckFact]]:
    """Read how the checks of several volunteers stand."""
    statement = (
        select(Check.volunteer_id, Check.kind, Check.outcome, Check.expires_on)
        .where(Check.volunteer_id.in_(volunteer_ids), Check.ended_at.is_(None))
        .order_by(Check.volunteer_id, Check.kind, Check.id)
    )
    found: dict[uuid.UUID, list[CheckFact]] = {}
    for volunteer_id, kind, outcome, expires_on in session.execute(statement):
        found.setdefault(volunteer_id, []).append(CheckFact(kind, outcome, expires_on))
    return found


def check_points(session: Session, volunteer: Volunteer, on: date) -> list[Point]:
    """Judge only the checks of one volunteer, in one statement."""
    return _check_points(volunteer, _checks_of(session, [volunteer.id]).get(volunteer.id, []), on)


def _check_points(volunteer: Volunteer, checks: Sequence[CheckFact], on: date) -> list[Point]:
    """Judge the checks that are asked of a volunteer: passed, and not run out."""
    asked = asked_checks(drives_people=volunteer.drives_people)
    missing = missing_checks(checks, on, asked)
    expiry = {check.kind: check.expires_on for check in checks if check.outcome in PASSED}
    return [
        Point(
            Demand(kind.value),
            kind not in missing,
            Holder.COORDINATOR,
            expires_on=expiry.get(kind),
            has_expired=kind in missing and kind in expiry,
        )
        for kind in asked
    ]


def _course_points(courses: Iterable[Course], standings: Mapping[uuid.UUID, Standing]) -> list[Point]:
    """Judge the required courses: all minutes attended, and not lapsed."""
    return [
        Point(
            Demand.COURSE,
            standings[course.id].missing_minutes == 0,
            Holder.TRAINING_LEAD,
            course=course.name,
            minutes=standings[course.id].missing_minutes,
            expires_on=standings[course.id].lapses_on,
        )
        for course in courses
        if course.is_required
    ]


def _document_points(standings: Iterable[DocumentStanding]) -> list[Point]:
    """Judge the documents of the scheme: those that ask for a word have it."""
    return [
        Point(Demand.DOCUMENT, not one.is_due, Holder.VOLUNTEER, document=one.edition.title)
        for one in standings
        if one.edition.asks is not Asks.NOBODY or one.is_due
    ]


def _promise_points(promise: Promise | None) -> list[Point]:
    """Judge the hours and months that hold on a day; flexible terms are enough, as staff agreed to them."""
    hours, months, flexible = (
        (promise.hours_per_week, promise.months, promise.is_flexible) if promise else (0, 0, False)
    )
    return [
        Point(Demand.HOURS, flexible or hours >= LEAST_HOURS_PER_WEEK, Holder.VOLUNTEER),
        Point(Demand.MONTHS, flexible or months >= LEAST_MONTHS, Holder.VOLUNTEER),
    ]


def count_open_by_volunteer(session: Session, volunteer_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Count the places that open matches take up, by volunteer."""
    statement = (
        select(Match.volunteer_id, func.count())
        .where(Match.volunteer_id.in_(volunteer_ids), Match.state.in_(OPEN_STATES))
        .group_by(Match.volunteer_id)
        .order_by(Match.volunteer_id)
    )
    return dict(session.execute(statement).all())


def free_places(session: Session, scheme_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Count for each mentor of a scheme who is ready how many more people they can take; never below zero."""
    taken = and_(Match.volunteer_id == Volunteer.id, Match.state.in_(OPEN_STATES))
    statement = (
        select(Volunteer.id, Volunteer.capacity - func.count(Match.id))
        .outerjoin(Match, taken)
        .where(Volunteer.scheme_id == scheme_id, Volunteer.stage == Stage.READY)
        .group_by(Volunteer.id, Volunteer.capacity)
        .order_by(Volunteer.id)
    )
    return {volunteer_id: max(0, free) for volunteer_id, free in session.execute(statement)}
