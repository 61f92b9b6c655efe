"""What waits on each home page, and how far it looks ahead and back."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

LAPSING_DAYS = 30
RELEASE_DAYS = 14
"""How far a coordinator's page looks ahead."""

WEEKS_SHOWN = 4
"""Weeks that a mentor's page shows, this one last."""

MOST_ROWS = 4
"""Rows that a card shows of what waits; its number tells how many there are."""


class Card(StrEnum):
    """One thing that waits for somebody; its card shows a number and the first few rows."""

    EMERGENCY = "emergency"
    APPLICATIONS = "applications"
    REFERRALS = "referrals"
    PROPOSALS = "proposals"
    OFFERS = "offers"
    QUIET = "quiet"
    LOST = "lost readiness"
    COMMITMENTS = "commitments"
    WISHES = "wishes"
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
    Card.LOST,
    Card.COMMITMENTS,
    Card.WISHES,
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
