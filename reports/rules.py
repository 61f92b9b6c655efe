"""Measures that the programme promised, red, amber, green by time gone, and what waits on each home page."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

GREEN_FROM = 0.85
AMBER_FROM = 0.6
"""Delivered share over elapsed share. The board of 4 September 2014 called 135 of 263 and 90 of 180 green with 57 % of
the time gone: ratios of 0.90 and 0.88. **Source:** Action Learning Set 4 report."""

MOST_AMOUNT = 10_000_000

LAPSING_DAYS = 30
RELEASE_DAYS = 14
"""How far a coordinator's page looks ahead."""

WEEKS_SHOWN = 4
"""Weeks that a mentor's page shows, this one last."""

MOST_ROWS = 4
"""Rows that a card shows of what waits; its number tells how many there are."""


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


def measure_of(slug: str) -> Measure | None:
    """Find a measure by its name in an address."""
    return next((measure for measure in Measure if measure.slug == slug), None)


class Rating(StrEnum):
    """The colour of a measure, always shown with its word."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True)
class Reported:
    """What a source outside the portal states as its running total on a day."""

    amount: int
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
    counted: int
    starts_on: date
    ends_on: date
    on: date
    reported: tuple[Reported, ...] = ()

    @property
    def delivered(self) -> int:
        """How much is done: what the portal counts and what is reported to it."""
        return self.counted + sum(figure.amount for figure in self.reported)

    @property
    def time_gone(self) -> float:
        """Share of the period that has gone, from 0 to 1."""
        return time_gone(self.starts_on, self.ends_on, self.on)

    @property
    def share(self) -> float:
        """Delivered as a share of what was promised; may exceed 1."""
        return self.delivered / self.promised if self.promised else 1.0

    @property
    def expected(self) -> int:
        """How much would be done by now at an even pace."""
        return round(self.promised * self.time_gone)

    @property
    def rating(self) -> Rating:
        """The colour."""
        return rate(promised=self.promised, delivered=self.delivered, gone=self.time_gone)


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


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Keep a spreadsheet from running text as a formula: an apostrophe goes before it, and nothing is taken away."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV that a spreadsheet opens safely and with its accents: with a BOM, and without formulas."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([safe_cell(text) for text in heading])
    writer.writerows([[safe_cell(cell) for cell in row] for row in rows])
    return "\ufeff" + lines.getvalue()


class Card(StrEnum):
    """One thing that waits for somebody; its card shows a number and the first few rows."""

    EMERGENCY = "emergency"
    APPLICATIONS = "applications"
    REFERRALS = "referrals"
    PROPOSALS = "proposals"
    OFFERS = "offers"
    QUIET = "quiet"
    LAPSING = "lapsing"
    RELEASES = "releases"
    WAITING = "waiting"
    LACKING = "lacking"
    REVIEWS = "reviews"
    OWN_REFERRALS = "own referrals"
    INVITATIONS = "invitations"


TODAY = (
    Card.EMERGENCY,
    Card.APPLICATIONS,
    Card.REFERRALS,
    Card.PROPOSALS,
    Card.OFFERS,
    Card.QUIET,
    Card.RELEASES,
    Card.LAPSING,
    Card.WAITING,
)
"""The coordinator's cards, most pressing first."""


@dataclass(frozen=True)
class Row:
    """One line of a card.

    Attributes:
        record_id: The record that it leads to.
        name: Whom it is about.
        other: The second person or thing; empty where there is none.
        word: What the page puts into words, such as the kind of a check; None where there is nothing.
        day: The day that matters: since when, or by when.
        minutes: Minutes still lacking, where the card counts them.
    """

    record_id: UUID
    name: str
    other: str
    word: StrEnum | None
    day: date | None
    minutes: int


@dataclass(frozen=True)
class Waiting:
    """What one card shows: how many there are, and the first few."""

    total: int = 0
    rows: tuple[Row, ...] = ()
