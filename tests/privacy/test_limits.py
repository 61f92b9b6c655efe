"""By when a request is answered: calendar months, short months, weekends and holidays of three countries."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.rules import acknowledge_by, add_months, answer_by, holidays_of
from privacy.rules.limits import easter_of

SATURDAY = 5


@pytest.mark.parametrize(
    ("received_on", "country", "due_on"),
    [
        # The example of the Information Commissioner's Office: from 3 September to 3 October, which is a working day.
        (date(2024, 9, 3), "GB", date(2024, 10, 3)),
        # Without a corresponding day it is the last of the month.
        (date(2027, 1, 30), "GB", date(2027, 3, 1)),
        (date(2028, 1, 31), "GB", date(2028, 2, 29)),
        # Christmas Day on a Friday, Boxing Day kept on the Monday.
        (date(2026, 11, 25), "GB", date(2026, 12, 29)),
        # Good Friday 2027, the weekend, Easter Monday.
        (date(2027, 2, 26), "GB", date(2027, 3, 30)),
        # Liberation Day of Italy on a Saturday, then the Monday.
        (date(2026, 3, 25), "IT", date(2026, 4, 27)),
        # King's Day in The Netherlands.
        (date(2026, 3, 27), "NL", date(2026, 4, 28)),
    ],
)
def test_a_request_is_answered_within_one_calendar_month(received_on: date, country: str, due_on: date) -> None:
    assert answer_by(received_on, extended=False, country=country) == due_on


def test_an_extension_gives_two_more_months_from_the_day_of_receipt() -> None:
    assert answer_by(date(2026, 11, 16), extended=True, country="GB") == date(2027, 2, 16)
    assert answer_by(date(2026, 11, 30), extended=True, country="GB") == date(2027, 3, 1)


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.sampled_from(["GB", "IT", "NL", "XX"]), st.booleans())
def test_the_last_day_is_a_working_day_and_never_before_the_month_is_over(
    received_on: date, country: str, extended: bool
) -> None:
    due_on = answer_by(received_on, extended=extended, country=country)
    assert due_on.weekday() < SATURDAY
    assert due_on not in holidays_of(country, due_on.year)
    assert timedelta(0) <= due_on - add_months(received_on, 3 if extended else 1) <= timedelta(days=5)


def test_bank_holidays_of_a_year_are_those_that_the_government_lists() -> None:
    assert sorted(holidays_of("GB", 2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
        date(2027, 12, 27),
        date(2027, 12, 28),
    ]


def test_easter_is_found() -> None:
    assert [easter_of(year) for year in (2024, 2025, 2026, 2027, 2038)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ]


def test_a_complaint_is_acknowledged_within_thirty_days_of_which_the_first_is_the_day_of_receipt() -> None:
    assert acknowledge_by(date(2026, 11, 1)) == date(2026, 11, 30)
