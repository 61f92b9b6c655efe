"""Cards of the training lead: who lacks training, and whose plan is to be reviewed."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    case,
    false,
    func,
    literal,
    select,
)

from accounts.models import Person
from accounts.rules import Permission
from mentors.models import Volunteer
from mentors.rules import Stage
from reports.queries.waiting.lines import Asked, lines
from reports.rules import Card
from training.models import Attendance, Course, Plan, TrainingEvent
from training.policy import sees_plans, sees_training
from training.rules import REVIEW_SOON_DAYS, TRAINED_STAGES, last_expired_day


def lacking(asked: Asked) -> Select[Any]:
    """Read which volunteers lack required training: mentors whose course has lapsed first, then who lacks most."""
    missing = [_missing(course, asked.on) for course in asked.courses]
    lacking = (
        select(Volunteer.id, Person.name, Volunteer.stage, sum(missing, literal(0, Integer)).label("minutes"))
        .join(Person, Person.id == Volunteer.person_id)
        .where(sees_training(asked.by), Volunteer.stage.in_(TRAINED_STAGES))
        .subquery("lacking_minutes")
    )
    found = lacking.c
    order = (case((found.stage == Stage.READY, 0), else_=1), found.minutes.desc(), found.name, found.id)
    return lines(Card.LACKING, found.id, found.name, *order, word=found.stage, minutes=found.minutes).where(
        found.minutes > 0
    )


def _missing(course: Course, on: date) -> ColumnElement[int]:
    """Say in SQL how many minutes of a course a volunteer lacks, by the same rule as ``training.rules.standings``."""
    counts = [TrainingEvent.held_on <= on]
    if course.valid_months:
        counts.append(TrainingEvent.held_on > last_expired_day(on, course.valid_months))
    counted = (
        select(func.coalesce(func.sum(Attendance.minutes), 0))
        .join(TrainingEvent, TrainingEvent.id == Attendance.event_id)
        .where(
            Attendance.volunteer_id == Volunteer.id,
            Attendance.is_present,
            TrainingEvent.course_id == course.id,
            TrainingEvent.withdrawn_at.is_(None),
            *counts,
        )
        .correlate(Volunteer)
        .scalar_subquery()
    )
    missing = course.required_minutes - counted
    return case((missing > 0, missing), else_=0)


def reviews(asked: Asked) -> Select[Any]:
    """Read plans whose review is due soon or overdue, the longest due first."""
    order = (Plan.next_review_on, Plan.id)
    may_see = sees_plans(asked.by) if asked.by.may(Permission.PLANS_REVIEW) else false()
    return (
        lines(Card.REVIEWS, Volunteer.id, Person.name, *order, day=Plan.next_review_on)
        .join(Volunteer, Volunteer.id == Plan.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(
            may_see,
            Volunteer.stage.in_(TRAINED_STAGES),
            Plan.next_review_on <= asked.on + timedelta(days=REVIEW_SOON_DAYS),
        )
    )
