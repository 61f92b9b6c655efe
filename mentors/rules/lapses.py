"""When checks run out: how soon, who is told, and how often."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

LAPSE_HORIZON_DAYS = 90
"""How far ahead coordinators see that a check runs out."""

REMINDER_DAYS = (60, 30)
"""How many days before a check runs out the volunteer gets a letter, once each."""


class Lapse(StrEnum):
    """How soon a check runs out."""

    LAPSED = "lapsed"
    IN_30 = "within 30 days"
    IN_60 = "within 60 days"
    IN_90 = "within 90 days"


LAPSE_DAYS: Mapping[Lapse, tuple[int | None, int]] = {
    Lapse.LAPSED: (None, 0),
    Lapse.IN_30: (0, 30),
    Lapse.IN_60: (30, 60),
    Lapse.IN_90: (60, LAPSE_HORIZON_DAYS),
}
"""More than how many days, and at most how many, are left; a check no longer counts on the day it runs out."""


def lapse_of(expires_on: date | None, on: date) -> Lapse | None:
    """Tell how soon a check runs out; None if it does not within 90 days."""
    if expires_on is None:
        return None
    left = (expires_on - on).days
    return next((lapse for lapse, (_least, most) in LAPSE_DAYS.items() if left <= most), None)


def lapse_between(lapse: Lapse, on: date) -> tuple[date | None, date]:
    """Give the day after which, and the day up to which, checks run out that soon; the first is None for long ago."""
    least, most = LAPSE_DAYS[lapse]
    return None if least is None else on + timedelta(days=least), on + timedelta(days=most)


def reminder_due(expires_on: date, on: date, reminded_days: int | None) -> int | None:
    """Tell which letter about a check is due, by its days; None if none is.

    Whoever is first looked at in the last thirty days gets one letter and not two.

    Args:
        expires_on: First day on which the check no longer counts.
        on: Today.
        reminded_days: Of the last letter; None if there was none.
    """
    left = (expires_on - on).days
    reached = [days for days in REMINDER_DAYS if 0 < left <= days]
    if not reached or (reminded_days is not None and reminded_days <= min(reached)):
        return None
    return min(reached)
