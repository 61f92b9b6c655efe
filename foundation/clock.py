"""The one place where the present moment comes in, so that tests can freeze it and nothing else asks for it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Tell the present instant, aware and in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Tell which day it is for people who live in a time zone.

    Args:
        time_zone: An IANA name such as ``Europe/London``.
    """
    return day_of(now(), time_zone)


def day_of(instant: datetime, time_zone: str) -> date:
    """Tell on which local day an instant falls."""
    return instant.astimezone(ZoneInfo(time_zone)).date()
