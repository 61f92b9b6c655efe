"""By when a request or a complaint is answered: calendar months, working days and the holidays of three countries."""

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta

ANSWER_MONTHS = 1
EXTENDED_MONTHS = 3
"""One month, and two more where a request is complex or one of several.

**Source:** UK GDPR and GDPR, article 12(3).
"""

ACKNOWLEDGE_DAYS = 30
"""A complaint about data is acknowledged within 30 days, of which the day of receipt is the first.

**Source:** Data Protection Act 2018 section 164A, put in by the Data (Use and Access) Act 2025 section 103.
"""

MONDAY, SATURDAY = 0, 5
_DECEMBER = 12


def add_months(day: date, months: int) -> date:
    """Give the corresponding day some months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def working_day_from(day: date, country: str) -> date:
    """Give the first working day that is not before a day."""
    while day.weekday() >= SATURDAY or day in holidays_of(country, day.year):
        day += timedelta(days=1)
    return day


def answer_by(received_on: date, *, extended: bool, country: str) -> date:
    """Tell the last day on which a request for one's data may be answered.

    The time runs from the day of receipt, working day or not, to the corresponding day of the next month; where that
    month is shorter, to its last day; where that is a weekend or a public holiday, to the next working day.

    **Source:** Information Commissioner's Office, “A guide to subject access”, how long do we have to comply; for
    Italy and The Netherlands Regulation (EEC) 1182/71, article 3.

    Args:
        received_on: Day of receipt.
        extended: Whether the person was told of an extension, which has to happen within the first month.
        country: ISO code of the scheme's country.
    """
    return working_day_from(add_months(received_on, EXTENDED_MONTHS if extended else ANSWER_MONTHS), country)


def acknowledge_by(received_on: date) -> date:
    """Tell the last day on which a complaint may be acknowledged; weekends change nothing here."""
    return received_on + timedelta(days=ACKNOWLEDGE_DAYS - 1)


def holidays_of(country: str, year: int) -> frozenset[date]:
    """List the public holidays of a country in a year; an unknown country has none.

    Days that a government declares once, such as a coronation, are not known here: the limit is then a day early,
    never late.
    """
    return _HOLIDAYS.get(country, _none)(year)


def easter_of(year: int) -> date:
    """Tell the day of Easter Sunday.

    **Source:** the anonymous Gregorian algorithm, Nature, 20 April 1876.
    """
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _none(_year: int) -> frozenset[date]:
    """Know no holiday."""
    return frozenset()


def _great_britain(year: int) -> frozenset[date]:
    """List the bank holidays of England and Wales.

    **Source:** Banking and Financial Dealings Act 1971, schedule 1, and gov.uk/bank-holidays for substitute days.
    """
    easter = easter_of(year)
    found = {easter - timedelta(days=2), easter + timedelta(days=1)}
    found |= {_monday_from(date(year, 5, 1)), _monday_from(date(year, 5, 25)), _monday_from(date(year, 8, 25))}
    # A holiday on a weekend is kept on the next day that is free of both.
    for day in (date(year, 1, 1), date(year, _DECEMBER, 25), date(year, _DECEMBER, 26)):
        kept = day
        while kept.weekday() >= SATURDAY or kept in found:
            kept += timedelta(days=1)
        found.add(kept)
    return frozenset(found)


def _netherlands(year: int) -> frozenset[date]:
    """List the days that the Dutch law on time limits treats as Sundays.

    **Source:** Algemene termijnenwet, article 3.
    """
    easter = easter_of(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == calendar.SUNDAY:
        kings_day -= timedelta(days=1)
    moving = {easter + timedelta(days=days) for days in (-2, 1, 39, 50)}
    fixed = {date(year, 1, 1), date(year, 5, 5), date(year, _DECEMBER, 25), date(year, _DECEMBER, 26)}
    return frozenset({*moving, *fixed, kings_day})


def _italy(year: int) -> frozenset[date]:
    """List the Italian public holidays.

    **Source:** legge 260/1949 with its later changes; Saint Francis by legge 151/2025, from 2026 on.
    """
    days = [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)]
    if year >= 2026:  # noqa: PLR2004 - the first year of the new holiday.
        days.append((10, 4))
    return frozenset({easter_of(year) + timedelta(days=1), *(date(year, month, day) for month, day in days)})


def _monday_from(day: date) -> date:
    """Give the first Monday that is not before a day."""
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)


_HOLIDAYS: Mapping[str, Callable[[int], frozenset[date]]] = {
    "GB": _great_britain,
    "IT": _italy,
    "NL": _netherlands,
}
