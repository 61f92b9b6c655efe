"""Hours against what is required: arithmetic compared with a slow way to say the same."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from training.rules import (
    Attended,
    Requirement,
    ReviewTiming,
    Standing,
    add_months,
    last_expired_day,
    review_timing,
    standings,
)

COURSE, OTHER = uuid4(), uuid4()
DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
MONTHS = st.none() | st.integers(1, 36)
ROWS = st.lists(st.builds(Attended, st.sampled_from([COURSE, OTHER]), DAYS, st.integers(1, 200)), max_size=12)


def slowly(need: Requirement, rows: list[Attended], on: date) -> int:
    """Count minutes day by day: a row counts on a day if it was held by then and its last day is not over."""
    total = 0
    for row in rows:
        if row.course_id != need.course_id or row.held_on > on:
            continue
        day, months = row.held_on, 0
        while need.valid_months is not None and months < need.valid_months:
            # The same day of the next month, or its last one where the month is too short.
            first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            day, months = min(end, first + timedelta(days=row.held_on.day - 1)), months + 1
        if need.valid_months is None or on < day:
            total += row.minutes
    return total


@given(MONTHS, st.integers(1, 400), ROWS, DAYS)
def test_minutes_count_while_they_are_valid(months: int | None, minutes: int, rows: list[Attended], on: date) -> None:
    need = Requirement(COURSE, minutes, months)
    standing = standings([need], rows, on)[COURSE]
    assert standing.counted_minutes == slowly(need, rows, on)
    assert standing.missing_minutes == max(0, minutes - standing.counted_minutes)


@given(MONTHS, st.integers(0, 400), ROWS, DAYS)
def test_a_course_lapses_on_the_first_day_on_which_it_would_no_longer_be_enough(
    months: int | None, minutes: int, rows: list[Attended], on: date
) -> None:
    known = [row for row in rows if row.held_on <= on]
    need = Requirement(COURSE, minutes, months)
    standing = standings([need], known, on)[COURSE]
    if standing.lapses_on is None:
        later = add_months(on, 12 * 40)
        assert standing.missing_minutes or slowly(need, known, later) >= minutes
    else:
        assert not standing.missing_minutes
        assert slowly(need, known, standing.lapses_on) < minutes
        assert slowly(need, known, standing.lapses_on - timedelta(days=1)) >= minutes


@given(DAYS, st.integers(1, 120))
@example(date(2026, 2, 28), 1)
@example(date(2026, 4, 30), 6)
def test_the_last_expired_day_parts_what_counts_from_what_does_not(on: date, months: int) -> None:
    day = last_expired_day(on, months)
    assert add_months(day, months) <= on < add_months(day + timedelta(days=1), months)


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_day_or_end_with_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_examples_of_months(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_two_half_evenings_make_a_whole_and_the_older_one_decides_when_it_lapses() -> None:
    rows = [Attended(COURSE, date(2026, 1, 10), 60), Attended(COURSE, date(2026, 3, 10), 60)]
    found = standings([Requirement(COURSE, 120, 12)], rows, date(2026, 6, 1))
    assert found == {COURSE: Standing(COURSE, 120, 0, date(2027, 1, 10))}
    assert standings([Requirement(COURSE, 120, 12)], rows, date(2027, 1, 10))[COURSE].missing_minutes == 60


def test_a_course_that_asks_for_nothing_never_lapses() -> None:
    rows = [Attended(COURSE, date(2026, 1, 10), 60)]
    assert standings([Requirement(COURSE, 0, 12)], rows, date(2026, 6, 1))[COURSE].lapses_on is None


def test_somebody_who_never_came_lacks_everything() -> None:
    other: UUID = uuid4()
    found = standings([Requirement(COURSE, 120, 12), Requirement(other, 30, None)], [], date(2026, 6, 1))
    assert [found[COURSE].missing_minutes, found[other].missing_minutes] == [120, 30]


def test_a_review_is_overdue_from_the_day_after_its_day() -> None:
    on = date(2026, 11, 16)
    timings = [review_timing(on + timedelta(days=days), on) for days in (-1, 0, 14, 15)]
    assert timings == [ReviewTiming.OVERDUE, ReviewTiming.SOON, ReviewTiming.SOON, ReviewTiming.LATER]
