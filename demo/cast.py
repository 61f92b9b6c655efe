"""The trained mentors of the invented year as they are planned, and what events need to find each other."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeVar

from mentors.models import Volunteer
from mentors.rules import Rosh

Record = TypeVar("Record")


@dataclass
class Mentor:
    """One trained mentor of the invented year, as planned.

    Attributes:
        applied_on: Day of the application.
        ready_on: Day from which they are ready.
        stops_on: Day on which they leave or take a break, if they do.
        leaves: Whether stopping means leaving.
        clearance: Highest risk that staff clear them for.
        volunteer: The record, once it exists.
    """

    number: int
    cohort: int
    applied_on: date
    ready_on: date
    stops_on: date | None
    leaves: bool
    clearance: Rosh
    volunteer: Volunteer | None = None


def moment(day: date, hour: int) -> datetime:
    """An instant on a day."""
    return datetime.combine(day, time(hour), UTC)


def existing(record: Record | None) -> Record:
    """Give a record that an earlier event has made."""
    if record is None:
        raise LookupError("this happens before what it needs")
    return record
