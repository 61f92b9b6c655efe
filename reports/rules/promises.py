"""Measures that the programme promised, and red, amber, green by time gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reports.rules.cells import Count, total

GREEN_FROM = 0.85
AMBER_FROM = 0.6
"""Delivered share over elapsed share. The board of 4 September 2014 called 135 of 263 and 90 of 180 green with 57 % of
the time gone: ratios of 0.90 and 0.88. **Source:** Action Learning Set 4 report."""

MOST_AMOUNT = 10_000_000


class Measure(StrEnum):
    """What was promised."""

    SESSIONS = "mentoring sessions"
    PEOPLE_MENTORED = "people mentored"
    TRAINING_HOURS = "hours of volunteer mentor training"
    LIFE_CHANGE_PROGRAMMES = "Life Change Programmes delivered"
    ACTION_LEARNING_SETS = "action learning sets"
    LIFE_CHANGE_PLANS = "12-month individual Life Change plans"

    @property
    def slug(self) -> str:
        """The measure in an address."""
        return self.name.lower().replace("_", "-")

    @property
    def is_about_people(self) -> bool:
        """Whether it counts people mentored or what single people did, and not evenings and groups."""
        return self in {Measure.SESSIONS, Measure.PEOPLE_MENTORED, Measure.LIFE_CHANGE_PLANS}


def measure_of(slug: str) -> Measure | None:
    """Find a measure by its name in an address."""
    return next((measure for measure in Measure if measure.slug == slug), None)


class Rating(StrEnum):
    """The colour of a measure, always shown with its word."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_BEGUN = "not begun"
    HIDDEN = "hidden"
    """Its colour would tell more of a count of people than the reader is told."""


@dataclass(frozen=True)
class Reported:
    """What a source outside the portal states as its running total on a day."""

    amount: Count
    as_of: date
    source: str


@dataclass(frozen=True)
class Progress:
    """How one measure stands on a day.

    Attributes:
        measure: What was promised.
        promised: How much of it.
        counted: How much the records of the portal show.
        reported: What sources outside the portal add, by name of the source.
        starts_on: First day of the period.
        ends_on: Last day of the period.
        on: The day.
    """

    measure: Measure
    promised: int
    counted: Count
    starts_on: date
    ends_on: date
    on: date
    reported: tuple[Reported, ...] = ()

    @property
    def elsewhere(self) -> Count:
        """What the sources outside the portal add."""
        return total(figure.amount for figure in self.reported)

    @property
    def delivered(self) -> Count:
        """How much is done: what the portal counts and what is reported to it."""
        return self.counted + self.elsewhere

    @property
    def time_gone(self) -> float:
        """Share of the period that has gone, from 0 to 1."""
        return time_gone(self.starts_on, self.ends_on, self.on)

    @property
    def share(self) -> float:
        """Delivered as a share of what was promised, at least; may exceed 1."""
        return self.delivered.least / self.promised if self.promised else 1.0

    @property
    def expected(self) -> int:
        """How much would be done by now at an even pace."""
        return round(self.promised * self.time_gone)

    @property
    def rating(self) -> Rating:
        """The colour, where everything that the count may be has the same one.

        Rating the true count would give it away: the reader chooses the day, and the day on which the colour turns
        tells the count.
        """
        least, most = self.delivered.least, self.delivered.most
        # Where no upper end is told, all that was promised may be done.
        ends = (least, max(least, self.promised) if most is None else most)
        worst, best = (rate(promised=self.promised, delivered=end, gone=self.time_gone) for end in ends)
        return worst if worst is best else Rating.HIDDEN


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


def newest_of_each_source(figures: Iterable[Reported]) -> tuple[Reported, ...]:
    """Keep the last figure of every source, by name of the source.

    Args:
        figures: Oldest first; of two for the same day the one recorded later comes later.
    """
    newest = {figure.source.casefold(): figure for figure in figures}
    return tuple(newest[source] for source in sorted(newest))
