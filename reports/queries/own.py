"""What a volunteer's or mentor's own home page tells: their way, their people, their weeks, their training."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, func, select, type_coerce
from sqlalchemy.orm import Session, joinedload

from accounts.policy import Actor
from accounts.rules import Permission
from mentees.models import Mentee
from mentoring.models import Match, Meeting
from mentoring.policy import my_open_matches
from mentoring.rules import TOOK_PLACE, MatchState, Week, monday_of, weeks_of
from mentors.models import Volunteer
from mentors.policy import own_record
from mentors.queries import asking_documents, unanswered_documents
from mentors.rules import Stage, Step, furthest_stage, passed_checks, task_list
from reports.rules import WEEKS_SHOWN
from training.models import Course, Goal, Plan
from training.queries import standings_of
from training.rules import GoalState


@dataclass(frozen=True)
class OwnMatch:
    """One of a mentor's people.

    Attributes:
        match_id: The match.
        is_offered: Whether it waits for the mentor's yes; until then nothing of the person is told.
        name: The person's name; empty while offered.
        state: Where the match is.
        ends_on: Last day of the twelve months; None while offered.
        last_met_on: Day of the last meeting; None if they have not met.
    """

    match_id: uuid.UUID
    is_offered: bool
    name: str
    state: MatchState
    ends_on: date | None
    last_met_on: date | None


@dataclass(frozen=True)
class OwnCourse:
    """What a volunteer still lacks of one required course."""

    name: str
    missing_minutes: int


@dataclass(frozen=True)
class Own:
    """What one volunteer's home page tells.

    Attributes:
        volunteer: Their record.
        steps: The task list on the way to the first match.
        matches: Their people, offers first.
        weeks: What they gave in each of the last weeks, this one last.
        lacking: Courses not yet done or lapsed.
        next_review_on: Next review of their plan; None while they have none.
        late_goals: Open goals whose day has passed.
        unanswered: How many documents of the scheme ask for their word.
    """

    volunteer: Volunteer
    steps: tuple[Step, ...]
    matches: tuple[OwnMatch, ...]
    weeks: tuple[Week, ...]
    lacking: tuple[OwnCourse, ...]
    next_review_on: date | None
    late_goals: int
    unanswered: int = 0


def find_own(session: Session, by: Actor, on: date, courses: Sequence[Course]) -> Own | None:
    """Read what the actor's own page tells, in four statements; None if they are no volunteer here.

    Args:
        session: Where to read.
        by: Whose page it is.
        on: Today where the scheme is.
        courses: The required courses.
    """
    found = session.execute(_record(by, on)).unique().one_or_none()
    if found is None:
        return None
    volunteer, next_review_on, late_goals, was_matched, asking, unanswered = found
    matches = _matches(session, by) if by.may(Permission.MENTORING_LOG) else ()
    lacking = _lacking(session, volunteer, courses, on)
    return Own(
        volunteer=volunteer,
        steps=task_list(
            volunteer.stage,
            reached=furthest_stage(volunteer.stage, (move.after for move in volunteer.moves)),
            passed=passed_checks(volunteer.checks, on),
            is_trained=bool(courses) and not lacking,
            is_matched=was_matched,
            has_agreed=not unanswered if asking else None,
        ),
        matches=matches,
        weeks=_weeks(session, volunteer, on) if volunteer.stage in {Stage.READY, Stage.ON_A_BREAK} else (),
        lacking=lacking,
        next_review_on=next_review_on,
        late_goals=late_goals,
        unanswered=unanswered,
    )


def _record(by: Actor, on: date) -> Any:  # noqa: ANN401 - a statement of six columns.
    """Say which record, plan and past match to read, all in one."""
    late_goals = (
        select(func.count())
        .where(Goal.plan_id == Plan.id, Goal.state == GoalState.OPEN, Goal.due_on < on)
        .correlate(Plan)
        .scalar_subquery()
    )
    was_matched = (
        select(Match.id)
        .where(Match.volunteer_id == Volunteer.id, Match.starts_on.is_not(None))
        .correlate(Volunteer)
        .exists()
    )
    return (
        select(Volunteer, Plan.next_review_on, late_goals, was_matched, asking_documents(), unanswered_documents())
        .outerjoin(Plan, Plan.volunteer_id == Volunteer.id)
        .where(own_record(by), Volunteer.scheme_id == by.scheme_id)
        # A volunteer has four checks and a handful of moves, so that joining both costs less than asking twice.
        .options(joinedload(Volunteer.checks), joinedload(Volunteer.moves))
        .order_by(Volunteer.id)
    )


def _matches(session: Session, by: Actor) -> tuple[OwnMatch, ...]:
    """Read the actor's people, those who wait for an answer first."""
    statement = (
        select(Match, _last_met())
        .where(my_open_matches(by))
        .options(joinedload(Match.mentee).joinedload(Mentee.person))
        .order_by(Match.starts_on, Match.approved_at, Match.id)
    )
    return tuple(sorted((_own_match(*row) for row in session.execute(statement)), key=lambda row: not row.is_offered))


def _own_match(match: Match, last_met_on: date | None) -> OwnMatch:
    """Tell of a match what its mentor may know."""
    is_offered = match.state is MatchState.OFFERED
    name = "" if is_offered else match.mentee.person.name
    return OwnMatch(match.id, is_offered, name, match.state, match.ends_on, last_met_on)


def _took_place() -> ColumnElement[bool]:
    """Filter meetings to those at which the person was there."""
    return Meeting.outcome.in_(TOOK_PLACE)


def _last_met() -> ColumnElement[date | None]:
    """Say in SQL when the two of a match last met."""
    last = select(func.max(Meeting.held_on)).where(Meeting.match_id == Match.id, _took_place())
    return type_coerce(last.correlate(Match).scalar_subquery(), Date)


def _weeks(session: Session, volunteer: Volunteer, on: date) -> tuple[Week, ...]:
    """Add up the last weeks over all matches of a mentor, also those that have ended."""
    first = monday_of(on) - timedelta(weeks=WEEKS_SHOWN - 1)
    statement = (
        select(Meeting.held_on, func.sum(Meeting.duration_minutes), func.count())
        .join(Meeting.match)
        .where(and_(Match.volunteer_id == volunteer.id, Meeting.held_on.between(first, on), _took_place()))
        .group_by(Meeting.held_on)
        .order_by(Meeting.held_on)
    )
    days = [(day, int(minutes), True) for day, minutes, _meetings in session.execute(statement)]
    return tuple(weeks_of(days, on, WEEKS_SHOWN))


def _lacking(session: Session, volunteer: Volunteer, courses: Sequence[Course], on: date) -> tuple[OwnCourse, ...]:
    """Tell which required courses a volunteer lacks, in the order of the courses."""
    standing = standings_of(session, courses, [volunteer.id], on)[volunteer.id]
    return tuple(
        OwnCourse(course.name, standing[course.id].missing_minutes)
        for course in courses
        if course.id in standing and standing[course.id].missing_minutes
    )
