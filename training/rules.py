"""Hours against what is required, and the states of a goal and of a plan's next review."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from foundation.lifecycle import Lifecycle
from mentors.rules import Stage

TARGET_TRAINING_HOURS = 180
"""Hours of volunteer training promised to the funder. **Source:** Action Learning Set 4 report, September 2014."""

LONGEST_EVENING_MINUTES = 12 * 60
LONGEST_COURSE_MINUTES = 500 * 60
LONGEST_VALIDITY_MONTHS = 120
MOST_PLACES = 1000
USUAL_REVIEW_MONTHS = 3
LAPSES_SOON_DAYS = 60
"""How far ahead the training lead is told that somebody's course lapses: time to plan a refresher evening."""
REVIEW_SOON_DAYS = 14
WHOLE_PERCENT = 100

TRAINED_STAGES = (Stage.CHECKS, Stage.TRAINING, Stage.READY, Stage.ON_A_BREAK)
"""Stages in which the training lead follows somebody's hours."""

SHEET_STAGES = (Stage.TRAINING, Stage.READY, Stage.ON_A_BREAK)
"""Stages in which somebody stands on the attendance sheet of an evening, in the order of the sheet."""


class GoalState(StrEnum):
    """How a goal stands."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


GOALS = Lifecycle(
    "Goal",
    GoalState.OPEN,
    {
        GoalState.OPEN: (GoalState.REACHED, GoalState.DROPPED),
        GoalState.REACHED: (GoalState.OPEN,),
        GoalState.DROPPED: (GoalState.OPEN,),
    },
)


class Presence(StrEnum):
    """What an attendance sheet says of one person."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_EXPECTED = "not expected"


class ReviewTiming(StrEnum):
    """How near the next review of a plan is."""

    LATER = "later"
    SOON = "soon"
    OVERDUE = "overdue"


class Lacking(StrEnum):
    """Which volunteers the table of hours shows."""

    EVERYBODY = "everybody"
    LACKS = "lacks"
    LAPSES = "lapses"


@dataclass(frozen=True)
class Requirement:
    """What one course asks of every mentor.

    Attributes:
        course_id: The course.
        minutes: Minutes that must be attended.
        valid_months: Months after which attendance no longer counts; None means that it always does.
    """

    course_id: UUID
    minutes: int
    valid_months: int | None


@dataclass(frozen=True)
class Attended:
    """Minutes that somebody attended of a course on a day."""

    course_id: UUID
    held_on: date
    minutes: int


@dataclass(frozen=True)
class Standing:
    """How somebody stands in one course on a day.

    Attributes:
        course_id: The course.
        counted_minutes: Minutes attended that still count.
        missing_minutes: Minutes still lacking; 0 when the course is done.
        lapses_on: Day on which what is done now will no longer be enough; None if it never lapses or is not done.
    """

    course_id: UUID
    counted_minutes: int
    missing_minutes: int
    lapses_on: date | None

    def lapses_by(self, day: date) -> bool:
        """Tell whether a course that is done now will no longer be so on a day."""
        return self.lapses_on is not None and self.lapses_on <= day


@dataclass(frozen=True)
class Shortfall:
    """What somebody still lacks of one required course."""

    course_id: UUID
    course_name: str
    missing_minutes: int


def add_months(day: date, months: int) -> date:
    """Tell the day some months later, or earlier; the 31st becomes the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def last_expired_day(on: date, valid_months: int) -> date:
    """Tell the newest day whose attendance no longer counts; what was attended after it does.

    Several days at the end of a month can expire together, so this is not always ``on`` less some months: with one
    month of validity, what was attended from 28 to 31 January expires on 28 February.
    """
    day = add_months(on, -valid_months)
    while add_months(day + timedelta(days=1), valid_months) <= on:
        day += timedelta(days=1)
    return day


def standings(requirements: Iterable[Requirement], attended: Iterable[Attended], on: date) -> Mapping[UUID, Standing]:
    """Work out how somebody stands in every required course on a day.

    Attendance counts until the day ``valid_months`` after it, that day excluded. A course lapses on the day when so
    much of its attendance has become too old that the rest is not enough.
    """
    by_course: dict[UUID, list[Attended]] = {}
    for row in sorted(attended, key=lambda row: row.held_on, reverse=True):
        by_course.setdefault(row.course_id, []).append(row)
    return {need.course_id: _standing(need, by_course.get(need.course_id, []), on) for need in requirements}


def _standing(need: Requirement, newest_first: list[Attended], on: date) -> Standing:
    """Work out one course from its attendances, newest first.

    What is newest expires last, so the course lapses with the attendance that completes the minutes in this order.
    """
    counted, lapses_on = 0, None
    for row in newest_first:
        expiry = add_months(row.held_on, need.valid_months) if need.valid_months else None
        if row.held_on > on or (expiry is not None and expiry <= on):
            continue
        # A course that asks for no minutes is always done and so never lapses.
        if counted < need.minutes <= counted + row.minutes:
            lapses_on = expiry
        counted += row.minutes
    return Standing(need.course_id, counted, max(0, need.minutes - counted), lapses_on)


def review_timing(next_review_on: date, on: date) -> ReviewTiming:
    """Tell how near a review is on a day; a review of today is due and not yet overdue."""
    if next_review_on < on:
        return ReviewTiming.OVERDUE
    return ReviewTiming.SOON if next_review_on <= on + timedelta(days=REVIEW_SOON_DAYS) else ReviewTiming.LATER
