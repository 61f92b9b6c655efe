"""Hours against what is required, and the states of a goal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from foundation.lifecycle import Lifecycle

TARGET_TRAINING_HOURS = 180
"""Hours of volunteer training promised to the funder. **Source:** Action Learning Set 4 report, September 2014."""

LONGEST_EVENING_MINUTES = 12 * 60
USUAL_REVIEW_MONTHS = 3


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


def add_months(day: date, months: int) -> date:
    """Tell the day some months later; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError


def standings(
    requirements: Iterable[Requirement], attended: Iterable[Attended], on: date
) -> Mapping[UUID, Standing]:
    """Work out how somebody stands in every required course on a day.

    Attendance counts until ``valid_months`` after it; a course lapses on the day when the newest attendance that
    makes up its minutes is too old.
    """
    rows = sorted(attended, key=lambda row: row.held_on, reverse=True)
    return {need.course_id: _standing(need, [row for row in rows if row.course_id == need.course_id], on) for need in requirements}


def _standing(need: Requirement, newest_first: list[Attended], on: date) -> Standing:
    """Work out one course from its attendances, newest first."""
    counted, lapses_on = 0, None
    for row in newest_first:
        expiry = add_months(row.held_on, need.valid_months) if need.valid_months else None
        if row.held_on > on or (expiry is not None and expiry <= on):
            continue
        counted += row.minutes
        if counted >= need.minutes and lapses_on is None:
            lapses_on = expiry
    missing = max(0, need.minutes - counted)
    return Standing(need.course_id, counted, missing, None if missing else lapses_on)
