"""Each week of a mentor against what they offered: met, under, over, and what lies between."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.rules import AlertKind, GivenWeek, Giving, Promise, Span, WeekState, alert_of, promise_on, weigh_weeks

MONDAY = date(2026, 9, 7)
"""The first of the weeks that most tests look at."""
SUNDAY = MONDAY + timedelta(days=6)
AFTER = MONDAY + timedelta(days=7)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def promise(hours: int = 4, begin: int = -400, end: int | None = None, *, flexible: bool = False) -> Promise:
    return Promise(Span(day(begin), None if end is None else day(end)), hours, 12, flexible)


def only_week(
    minutes: Mapping[date, int] | int = 0,
    *,
    promises: tuple[Promise, ...] = (promise(),),
    breaks: tuple[Span, ...] = (),
    matched: tuple[Span, ...] = (Span(day(-100)),),
    on: date = AFTER,
) -> GivenWeek:
    """Judge the week of ``MONDAY`` as it is seen on a day."""
    given_minutes = {MONDAY: minutes} if isinstance(minutes, int) else minutes
    weeks = weigh_weeks(Giving(promises, breaks, matched, given_minutes), on, 2)
    return next(week for week in weeks if week.monday == MONDAY)


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (0, WeekState.UNDER),
        (179, WeekState.UNDER),
        (180, WeekState.MET),
        (240, WeekState.MET),
        (360, WeekState.MET),
        (361, WeekState.OVER),
    ],
)
def test_a_whole_week_is_met_from_three_hours_on_and_over_beyond_one_and_a_half_times_the_offer(
    minutes: int, state: WeekState
) -> None:
    assert only_week(minutes).state is state


def test_who_offers_less_by_flexible_terms_meets_them_with_less() -> None:
    terms = (promise(), promise(2, -10, 30, flexible=True))
    assert only_week(119, promises=terms).state is WeekState.UNDER
    assert only_week(120, promises=terms).state is WeekState.MET
    assert only_week(181, promises=terms).state is WeekState.OVER


def test_who_offers_more_is_under_below_three_hours_all_the_same() -> None:
    week = only_week(185, promises=(promise(6),))
    assert (week.state, week.least_minutes, week.offered_minutes) == (WeekState.MET, 180, 360)


def test_a_promise_that_changes_in_the_middle_of_a_week_counts_for_its_days() -> None:
    week = only_week(0, promises=(promise(3), promise(2, 3)))
    assert week.least_minutes == -(-(3 * 3 + 4 * 2) * 60 // 7)


@pytest.mark.parametrize(("begins", "days", "state"), [(3, 4, WeekState.UNDER), (4, 3, WeekState.SHORT)])
def test_the_first_week_counts_from_the_day_of_the_match_and_not_at_all_below_four_days(
    begins: int, days: int, state: WeekState
) -> None:
    week = only_week(0, matched=(Span(day(begins)),))
    assert (week.days, week.state) == (days, state)
    assert week.least_minutes == -(-days * 180 // 7)


def test_a_part_of_a_week_can_be_met_and_is_never_over() -> None:
    assert only_week(600, matched=(Span(day(5)),)).state is WeekState.MET


def test_the_last_week_of_a_match_counts_to_the_day_before_it_ended() -> None:
    assert only_week(0, matched=(Span(day(-50), day(4)),)).days == 4


def test_a_break_of_some_days_takes_those_days_away() -> None:
    week = only_week(110, breaks=(Span(day(0), day(3)),))
    assert (week.days, week.state) == (4, WeekState.MET)


def test_weeks_in_which_nothing_can_be_asked_say_why() -> None:
    assert only_week(matched=()).state is WeekState.BEFORE
    assert only_week(matched=(Span(day(7)),)).state is WeekState.BEFORE
    assert only_week(matched=(Span(day(-50), day(0)),)).state is WeekState.FREE
    assert only_week(breaks=(Span(day(-9)),)).state is WeekState.BREAK
    assert only_week(breaks=(Span(day(0)),), matched=(Span(day(3)),)).state is WeekState.BREAK
    assert only_week(breaks=(Span(day(-9)),), matched=(Span(day(-50), day(0)),)).state is WeekState.BREAK
    assert only_week(promises=(promise(begin=20),)).state is WeekState.FREE


@pytest.mark.parametrize(("minutes", "state"), [(0, WeekState.RUNNING), (180, WeekState.MET), (361, WeekState.OVER)])
def test_a_week_is_not_under_before_it_is_over(minutes: int, state: WeekState) -> None:
    assert only_week(minutes, on=SUNDAY).state is state


def test_a_week_in_which_the_clocks_change_is_a_week_like_others() -> None:
    forward, back = date(2026, 3, 29), date(2026, 10, 25)
    for sunday in (forward, back):
        minutes = {sunday: 180}
        giving = Giving((promise(begin=-999),), (), (Span(day(-999)),), minutes)
        week = weigh_weeks(giving, sunday + timedelta(days=1), 2)[0]
        assert (week.monday, week.days, week.least_minutes) == (sunday - timedelta(days=6), 7, 180)
        assert (week.minutes, week.state) == (180, WeekState.MET)


def test_of_two_promises_the_flexible_one_holds_until_its_end_and_the_later_of_two_alike() -> None:
    usual, later, again = promise(4), promise(5, 0), promise(6, 0)
    flexible = promise(2, 1, 3, flexible=True)
    promises = [usual, again, later, flexible]
    assert [promise_on(promises, day(number)) for number in (-1, 0, 1, 2, 3)] == [
        usual,
        later,
        flexible,
        flexible,
        later,
    ]
    assert promise_on([later], day(-1)) is None
    begun = promise(2, -5, 3, flexible=True)
    assert promise_on([begun, later], day(0)) is begun


# ----------------------------------------------------------------------------------------------------------- alerts

LETTERS = {
    "u": WeekState.UNDER,
    "m": WeekState.MET,
    "o": WeekState.OVER,
    "b": WeekState.BREAK,
    "f": WeekState.FREE,
    "s": WeekState.SHORT,
    "r": WeekState.RUNNING,
}


def weeks_like(letters: str) -> list[GivenWeek]:
    first = MONDAY - timedelta(weeks=len(letters))
    return [
        GivenWeek(first + timedelta(weeks=number), LETTERS[letter], 0, 7, 180, 240)
        for number, letter in enumerate(letters)
    ]


@pytest.mark.parametrize(
    ("letters", "kind", "since"),
    [
        ("muuur", None, None),
        ("muuuur", AlertKind.UNDER, 1),
        ("muuuuuur", AlertKind.UNDER, 1),
        ("muususur", AlertKind.UNDER, 1),
        ("muuuum", None, None),
        ("mubuuur", None, None),
        ("mufuuur", None, None),
        ("mmmor", AlertKind.OVER, 3),
        ("mmmmo", AlertKind.OVER, 4),
        ("mmoomr", AlertKind.OVER, 2),
        ("mmommmr", AlertKind.OVER, 2),
        ("mmommmmr", None, None),
        ("mmomor", AlertKind.OVER, 4),
        ("mouuuur", AlertKind.UNDER, 2),
        ("mmmm", None, None),
    ],
)
def test_a_coordinator_is_told_of_four_weeks_under_and_of_any_week_far_over(
    letters: str, kind: AlertKind | None, since: int | None
) -> None:
    weeks = weeks_like(letters)
    found = alert_of(weeks)
    told = (found.kind, found.since_on) if found else (None, None)
    assert told == (kind, None if since is None else weeks[since].monday)


def test_a_run_that_fills_all_weeks_may_have_begun_before() -> None:
    found = alert_of(weeks_like("uuuuuur"))
    assert found is not None
    assert found.is_cut


# ------------------------------------------------------------------------------------------------- for any mentor

DAYS = st.integers(-30, 40)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    begin = draw(DAYS)
    length = draw(st.none() | st.integers(0, 30))
    return Span(day(begin), None if length is None else day(begin + length))


PROMISES = st.builds(
    Promise, span=spans(), hours_per_week=st.integers(1, 10), months=st.just(12), is_flexible=st.booleans()
)
GIVINGS = st.builds(
    Giving,
    promises=st.lists(PROMISES, max_size=4),
    breaks=st.lists(spans(), max_size=3),
    matched=st.lists(spans(), max_size=3),
    minutes=st.dictionaries(DAYS.map(day), st.integers(1, 720), max_size=20),
)
ON = st.integers(0, 40).map(day)


@given(giving=GIVINGS, on=ON)
def test_every_minute_of_the_weeks_is_counted_once(giving: Giving, on: date) -> None:
    weeks = weigh_weeks(giving, on, 12)
    last = weeks[-1].monday + timedelta(days=6)
    inside = sum(length for when, length in (giving.minutes or {}).items() if weeks[0].monday <= when <= last)
    assert sum(week.minutes for week in weeks) == inside
    assert [week.monday.weekday() for week in weeks] == [0] * 12
    assert weeks[-1].monday <= on <= last


@given(giving=GIVINGS, on=ON)
def test_a_week_is_judged_by_its_days_alone(giving: Giving, on: date) -> None:
    for week in weigh_weeks(giving, on, 8):
        asked = 0
        for number in range(7):
            when = week.monday + timedelta(days=number)
            free = any(span.holds(when) for span in giving.matched) and not any(
                span.holds(when) for span in giving.breaks
            )
            held = promise_on(giving.promises, when)
            asked += 1 if free and held else 0
        assert week.days == asked
        judged = {WeekState.UNDER, WeekState.MET, WeekState.OVER, WeekState.SHORT, WeekState.RUNNING}
        assert (week.state in judged) == (asked > 0)
        if week.state is WeekState.UNDER:
            assert asked >= 4
            assert week.minutes < week.least_minutes <= 180
            assert week.monday + timedelta(days=6) < on


RANK = [WeekState.RUNNING, WeekState.SHORT, WeekState.UNDER, WeekState.MET, WeekState.OVER]


@given(giving=GIVINGS, on=ON, more=st.integers(1, 600), when=DAYS.map(day))
def test_whoever_gives_more_never_stands_worse(giving: Giving, on: date, more: int, when: date) -> None:
    minutes = dict(giving.minutes or {})
    richer = Giving(giving.promises, giving.breaks, giving.matched, {**minutes, when: minutes.get(when, 0) + more})
    for before, after in zip(weigh_weeks(giving, on, 8), weigh_weeks(richer, on, 8), strict=True):
        if before.state in RANK:
            assert RANK.index(after.state) >= RANK.index(before.state)
        else:
            assert after.state is before.state


@given(giving=GIVINGS, on=ON, span=spans())
def test_nobody_is_told_under_for_a_break(giving: Giving, on: date, span: Span) -> None:
    resting = Giving(giving.promises, [*giving.breaks, span], giving.matched, giving.minutes)
    for week in weigh_weeks(resting, on, 8):
        if all(span.holds(week.monday + timedelta(days=number)) for number in range(7)):
            assert week.days == 0
            assert week.state not in {WeekState.UNDER, WeekState.SHORT}


@given(letters=st.text(alphabet=list(LETTERS), min_size=1, max_size=30))
def test_an_alert_begins_in_a_week_of_its_kind_and_a_met_week_ends_what_was_under(letters: str) -> None:
    weeks = weeks_like(letters)
    found = alert_of(weeks)
    if found is not None:
        first = next(week for week in weeks if week.monday == found.since_on)
        assert first.state is {AlertKind.UNDER: WeekState.UNDER, AlertKind.OVER: WeekState.OVER}[found.kind]
    met = alert_of([*weeks, GivenWeek(MONDAY, WeekState.MET, 200, 7, 180, 240)])
    assert met is None or met.kind is AlertKind.OVER
