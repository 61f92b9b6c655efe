"""Measures that the programme promised, and red, amber, green by time gone as much as by work done."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

GREEN_FROM = 0.85
AMBER_FROM = 0.6
"""Delivered share over elapsed share. The board of 4 September 2014 called 135 of 263 and 90 of 180 green with 57 % of
the time gone: ratios of 0.90 and 0.88. **Source:** Action Learning Set 4 report."""


class Measure(StrEnum):
    """What was promised."""

    SESSIONS = "mentoring sessions"
    PEOPLE_MENTORED = "people mentored"
    TRAINING_HOURS = "hours of volunteer mentor training"
    LIFE_CHANGE_PROGRAMMES = "Life Change Programmes delivered"
    ACTION_LEARNING_SETS = "action learning sets"
    LIFE_CHANGE_PLANS = "12-month individual Life Change plans"


class Rating(StrEnum):
    """The colour of a measure, always shown with its word."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True)
class Progress:
    """How one measure stands on a day.

    Attributes:
        measure: What was promised.
        promised: How much of it.
        delivered: How much is done.
        time_gone: Share of the period that has gone, from 0 to 1.
        rating: The colour.
    """

    measure: Measure
    promised: int
    delivered: int
    time_gone: float
    rating: Rating

    @property
    def share(self) -> float:
        """Delivered as a share of what was promised; may exceed 1."""
        return self.delivered / self.promised if self.promised else 1.0


def time_gone(starts_on: date, ends_on: date, on: date) -> float:
    """Tell which share of a period has gone on a day, from 0 to 1."""
    length = (ends_on - starts_on).days
    if length <= 0:
        return 1.0
    return min(1.0, max(0.0, (on - starts_on).days / length))


def rate(*, promised: int, delivered: int, gone: float) -> Rating:
    """Colour a measure by what is done against the time that has gone.

    Half done at half-time is green: the colour compares progress with time, not with the final promise.
    """
    if gone <= 0:
        return Rating.NOT_BEGUN
    if promised <= 0:
        return Rating.GREEN
    pace = delivered / promised / gone
    if pace >= GREEN_FROM:
        return Rating.GREEN
    return Rating.AMBER if pace >= AMBER_FROM else Rating.RED


def progress(measure: Measure, *, promised: int, delivered: int, starts_on: date, ends_on: date, on: date) -> Progress:
    """Work out how a measure stands on a day."""
    gone = time_gone(starts_on, ends_on, on)
    return Progress(measure, promised, delivered, gone, rate(promised=promised, delivered=delivered, gone=gone))
