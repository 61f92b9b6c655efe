"""Each week of a mentor against what they offered, and when a coordinator is told.

All is counted in days of the scheme's calendar. A week is Monday to Sunday and has seven days, also where the clocks
change in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mentors.rules.commitment import Promise, Span, promise_on
from mentors.rules.promise import LEAST_HOURS_PER_WEEK

WEEKS_OF_A_YEAR = 52
DAYS_OF_A_WEEK = 7
LEAST_DAYS = 4
"""Days of a week on which somebody could give time, below which the week is neither met nor missed."""
UNDER_WEEKS = 4
"""Weeks under the promise in a row after which a coordinator is told; a choice of ours: a month is not one bad week."""
OVER_IS_SEEN_WEEKS = 4
"""For how many weeks more than one and a half times what was offered stays on the coordinator's page."""


class WeekState(StrEnum):
    """How a week stands against what was offered."""

    BEFORE = "before the start"
    FREE = "without a match"
    BREAK = "week on a break"
    SHORT = "part of a week"
    RUNNING = "this week"
    UNDER = "under"
    MET = "met"
    OVER = "over by half"


class AlertKind(StrEnum):
    """Why a coordinator is told; leaving and burning out are both losses."""

    UNDER = "under for weeks"
    OVER = "far over"


@dataclass(frozen=True)
class GivenWeek:
    """One week of a mentor.

    Attributes:
        monday: Its first day.
        state: How it stands.
        minutes: Minutes given.
        days: On how many of its days the mentor had somebody to meet, a promise, and no break.
        least_minutes: What meets the promise: three hours a week, or what was offered where that is less.
        offered_minutes: What was offered for those days.
    """

    monday: date
    state: WeekState
    minutes: int
    days: int
    least_minutes: int
    offered_minutes: int


@dataclass(frozen=True)
class Alert:
    """What a coordinator is told of a mentor.

    Attributes:
        kind: Why.
        since_on: Monday of the first week of the run.
        is_cut: Whether the run may have begun before the weeks that were looked at.
    """

    kind: AlertKind
    since_on: date
    is_cut: bool = False


@dataclass(frozen=True)
class Giving:
    """All that the weeks of one mentor are judged by.

    Attributes:
        promises: What was offered, in the order in which it was agreed.
        breaks: When they were on a break.
        matched: When they had somebody to meet.
        minutes: Minutes given by day.
    """

    promises: Sequence[Promise] = ()
    breaks: Sequence[Span] = ()
    matched: Sequence[Span] = ()
    minutes: Mapping[date, int] | None = None


def weigh_weeks(giving: Giving, on: date, count: int = WEEKS_OF_A_YEAR) -> list[GivenWeek]:
    """Judge the last weeks of a mentor, oldest first, the running one last.

    What is offered is spread evenly over the days on which it counts, so that a promise that changes in the middle of a
    week, a match that begins on a Thursday and a break of three days each count for their days alone.

    Args:
        giving: What they offered and gave.
        on: Today; the week it lies in is running until it is over.
        count: How many weeks.
    """
    last = on - timedelta(days=on.weekday())
    return [_weigh(giving, last - timedelta(weeks=back), on) for back in range(count - 1, -1, -1)]


def _weigh(giving: Giving, monday: date, on: date) -> GivenWeek:
    """Judge one week."""
    days = [monday + timedelta(days=day) for day in range(DAYS_OF_A_WEEK)]
    offered = [hours for day in days if (hours := _hours_on(giving, day))]
    given = sum((giving.minutes or {}).get(day, 0) for day in days)
    week = GivenWeek(
        monday=monday,
        state=WeekState.SHORT,
        minutes=given,
        days=len(offered),
        least_minutes=_minutes_of(sum(min(hours, LEAST_HOURS_PER_WEEK) for hours in offered)),
        offered_minutes=_minutes_of(sum(offered)),
    )
    state = _judge(week, is_running=days[-1] >= on) if offered else _idle(giving, days)
    return GivenWeek(**{**vars(week), "state": state})


def _hours_on(giving: Giving, day: date) -> int:
    """Tell the hours a week that count on a day; 0 where nothing can be asked."""
    if not any(span.holds(day) for span in giving.matched) or any(span.holds(day) for span in giving.breaks):
        return 0
    promise = promise_on(giving.promises, day)
    return promise.hours_per_week if promise else 0


def _minutes_of(hours: int) -> int:
    """Turn hours a week, added up over days, into minutes; a begun minute is a whole one."""
    return -(-hours * 60 // DAYS_OF_A_WEEK)


def _judge(week: GivenWeek, *, is_running: bool) -> WeekState:
    """Judge a week in which something was asked."""
    is_short = week.days < LEAST_DAYS
    if week.minutes * 2 > week.offered_minutes * 3 and not is_short:
        return WeekState.OVER
    if week.minutes >= week.least_minutes:
        return WeekState.MET
    if is_running:
        return WeekState.RUNNING
    return WeekState.SHORT if is_short else WeekState.UNDER


def _idle(giving: Giving, days: Sequence[date]) -> WeekState:
    """Say why nothing was asked in a week."""
    first = min((span.from_on for span in giving.matched), default=None)
    if first is None or days[-1] < first:
        return WeekState.BEFORE
    if any(span.holds(day) for span in giving.breaks for day in days):
        return WeekState.BREAK
    return WeekState.FREE


def alert_of(weeks: Sequence[GivenWeek]) -> Alert | None:
    """Tell what a coordinator has to know of a mentor's weeks, if anything.

    Weeks under the promise count in a row; a break, a time without a match or a week that was met begins the count
    anew. Parts of a week and the running one leave the count as it is.
    """
    under = list(_run_back(weeks, WeekState.UNDER))
    if len(under) >= UNDER_WEEKS:
        return Alert(AlertKind.UNDER, under[-1].monday, is_cut=under[-1] is weeks[0])
    recent = weeks[-OVER_IS_SEEN_WEEKS - 1 :]
    last_over = max((place for place, week in enumerate(recent) if week.state is WeekState.OVER), default=None)
    if last_over is None:
        return None
    over = list(_run_back(weeks[: len(weeks) - len(recent) + last_over + 1], WeekState.OVER))
    return Alert(AlertKind.OVER, over[-1].monday, is_cut=over[-1] is weeks[0])


def _run_back(weeks: Sequence[GivenWeek], state: WeekState) -> Iterator[GivenWeek]:
    """Walk back over the last weeks of one state in a row."""
    for week in reversed(weeks):
        if week.state in {WeekState.SHORT, WeekState.RUNNING}:
            continue
        if week.state is not state:
            return
        yield week
