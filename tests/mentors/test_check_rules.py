"""What of checks is pure arithmetic: who has passed, what is missing, when details go, and when letters are due."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.rules import (
    ALWAYS_ASKED,
    DETAILS_MONTHS,
    DRIVER_ASKED,
    PASSED,
    CheckKind,
    CheckOutcome,
    DbsLevel,
    Lapse,
    asked_checks,
    details_until,
    lapse_between,
    lapse_of,
    missing_checks,
    passed_checks,
    reminder_due,
)
from privacy.rules.retaining import CHECK_MONTHS

TODAY = date(2026, 11, 16)
LEAP_DAY = date(2028, 2, 29)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@dataclass(frozen=True)
class Row:
    """A check as the rules see it."""

    kind: CheckKind
    outcome: CheckOutcome
    expires_on: date | None = None


ROWS = st.lists(
    st.builds(Row, st.sampled_from(CheckKind), st.sampled_from(CheckOutcome), st.none() | DAYS), max_size=12
)


@given(ROWS, DAYS, st.booleans())
def test_what_is_missing_and_what_is_passed_are_what_is_asked_and_never_both(
    rows: list[Row], on: date, drives: bool
) -> None:
    asked = asked_checks(drives_people=drives)
    passed, missing = passed_checks(rows, on), missing_checks(rows, on, asked)
    assert set(missing) == set(asked) - passed
    assert list(missing) == [kind for kind in asked if kind in missing]
    for kind in passed:
        assert any(row.kind is kind and row.outcome in PASSED and (row.expires_on or date.max) > on for row in rows)


@given(ROWS, DAYS, st.integers(1, 4000))
def test_time_alone_never_gives_back_a_check(rows: list[Row], on: date, days: int) -> None:
    assert passed_checks(rows, on + timedelta(days=days)) <= passed_checks(rows, on)


@given(ROWS, DAYS)
def test_an_awaited_renewal_beside_what_stands_changes_nothing(rows: list[Row], on: date) -> None:
    awaited = [Row(kind, CheckOutcome.AWAITED) for kind in CheckKind]
    assert passed_checks([*rows, *awaited], on) == passed_checks(rows, on)


@pytest.mark.parametrize(
    ("expires_on", "on", "counts"),
    [
        (TODAY, TODAY - timedelta(days=1), True),
        (TODAY, TODAY, False),
        (LEAP_DAY, date(2028, 2, 28), True),
        (LEAP_DAY, LEAP_DAY, False),
        (date(2028, 3, 1), LEAP_DAY, True),
    ],
)
def test_a_check_counts_to_the_day_before_it_runs_out(expires_on: date, on: date, counts: bool) -> None:
    row = Row(CheckKind.DBS, CheckOutcome.CLEAR, expires_on)
    assert (CheckKind.DBS in passed_checks([row], on)) == counts


def test_drivers_are_asked_for_licence_and_insurance_and_nobody_for_vetting() -> None:
    assert asked_checks(drives_people=False) == ALWAYS_ASKED
    assert asked_checks(drives_people=True) == (*ALWAYS_ASKED, *DRIVER_ASKED)
    assert CheckKind.PRISON_VETTING not in asked_checks(drives_people=True)


@pytest.mark.parametrize(
    ("decided_on", "until"),
    [
        (date(2026, 5, 16), date(2026, 11, 16)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 29), LEAP_DAY),
        (date(2027, 8, 31), LEAP_DAY),
        (LEAP_DAY, date(2028, 8, 29)),
        (date(2026, 6, 30), date(2026, 12, 30)),
    ],
)
def test_details_stay_for_six_months_and_never_longer(decided_on: date, until: date) -> None:
    assert details_until(decided_on) == until


def test_checks_of_leavers_and_details_go_after_the_same_months() -> None:
    assert DETAILS_MONTHS == CHECK_MONTHS


@pytest.mark.parametrize(
    ("days", "lapse"),
    [
        (-400, Lapse.LAPSED),
        (0, Lapse.LAPSED),
        (1, Lapse.IN_30),
        (30, Lapse.IN_30),
        (31, Lapse.IN_60),
        (60, Lapse.IN_60),
        (61, Lapse.IN_90),
        (90, Lapse.IN_90),
        (91, None),
    ],
)
def test_each_day_belongs_to_one_list(days: int, lapse: Lapse | None) -> None:
    assert lapse_of(TODAY + timedelta(days=days), TODAY) is lapse


@given(DAYS, DAYS)
def test_the_lists_say_the_same_as_the_days_between(expires_on: date, on: date) -> None:
    for lapse in Lapse:
        after, until = lapse_between(lapse, on)
        assert ((after is None or expires_on > after) and expires_on <= until) == (lapse_of(expires_on, on) is lapse)


@pytest.mark.parametrize(
    ("days", "reminded", "due"),
    [
        (61, None, None),
        (60, None, 60),
        (60, 60, None),
        (31, 60, None),
        (30, 60, 30),
        (12, None, 30),
        (30, 30, None),
        (1, 60, 30),
        (0, None, None),
    ],
)
def test_each_letter_is_due_once(days: int, reminded: int | None, due: int | None) -> None:
    assert reminder_due(TODAY + timedelta(days=days), TODAY, reminded) == due


@given(DAYS, st.integers(0, 120))
def test_nobody_gets_more_than_two_letters_about_a_check(expires_on: date, first: int) -> None:
    reminded, letters = None, 0
    for left in range(first, -30, -1):
        due = reminder_due(expires_on, expires_on - timedelta(days=left), reminded)
        if due is not None:
            reminded, letters = due, letters + 1
    assert letters == (0 if first == 0 else 1 if first <= 30 else 2)


def test_the_levels_of_dbs_checks_stand_in_order() -> None:
    assert [level.rank for level in DbsLevel] == [0, 1, 2, 3]
