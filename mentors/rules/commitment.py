"""What a volunteer offers, from when, and when they are on a break."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEAST_TERMS_HOURS = 1
LEAST_TERMS_MONTHS = 1
"""Terms below what mentoring asks are staff's to agree, with a reason; nothing at all is no promise."""
LONGEST_NOTICE_DAYS = 366
LONGEST_BREAK_DAYS = 366


class Terms(StrEnum):
    """Whether a promise is the usual one or one that staff allow for a while."""

    USUAL = "usual"
    FLEXIBLE = "flexible"


class CommitmentState(StrEnum):
    """Where a change of a promise is."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


class BreakWhy(StrEnum):
    """Why somebody takes a break, as far as they wish to say."""

    HOLIDAY = "holiday"
    HEALTH = "health"
    FAMILY = "family"
    WORK = "work"
    STUDY = "study"
    OTHER = "another reason"
    NOT_SAID = "not said"


@dataclass(frozen=True)
class Span:
    """Days in a row.

    Attributes:
        from_on: The first.
        until_on: The first that no longer counts; None where there is no end yet.
    """

    from_on: date
    until_on: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)

    def meets(self, other: "Span") -> bool:
        """Tell whether two spans share a day."""
        begins_first = self.until_on is None or other.from_on < self.until_on
        return begins_first and (other.until_on is None or self.from_on < other.until_on)


@dataclass(frozen=True)
class Promise:
    """What a volunteer offers from a day on.

    Attributes:
        span: From when; flexible terms end by themselves, the usual ones when the next begin.
        hours_per_week: Hours.
        months: Months promised in all.
        is_flexible: Whether staff agreed to it although it may be less than mentoring asks.
    """

    span: Span
    hours_per_week: int
    months: int
    is_flexible: bool = False


def promise_on(promises: Sequence[Promise], on: date) -> Promise | None:
    """Tell what holds on a day; None before the first promise.

    Flexible terms go before the usual ones for as long as they last. Of two of a kind the one that begins later holds,
    and of two that begin on the same day the one that was agreed later.

    Args:
        promises: All that were agreed, in the order in which they were.
        on: The day.
    """
    held = [(promise.is_flexible, promise.span.from_on, place) for place, promise in enumerate(promises)]
    holding = [key for key in held if promises[key[2]].span.holds(on)]
    return promises[max(holding)[2]] if holding else None
