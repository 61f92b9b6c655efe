"""Who mentored whom and when they met: the skewed shape of the real case studies, planned before it is lived.

In 15 case studies people had between 34 and 193 sessions of about half an hour; most have few and a few very many.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SPREAD = 0.85
"""Sigma of the logarithm of sessions a person; gives the skew of the case studies."""

MOST_SESSIONS = 193
LONGEST_WEEKS = 51
MINUTES = (15, 20, 25, 30, 30, 30, 30, 30, 35, 40, 45)
"""Mean about 29 minutes: 749 hours in 1,556 sessions. **Source:** case studies of the programme, 2015."""


@dataclass
class PlannedMatch:
    """One match, planned.

    Attributes:
        mentor: Number of the mentor.
        offered_on: Day of approval.
        ends_on: Day on which it ended; None while it runs.
        session_days: Days on which sessions took place, in order.
    """

    mentor: int
    offered_on: date
    ends_on: date | None
    session_days: list[date]


def plan_matches(
    chance: Random, *, ready: dict[int, tuple[date, date | None]], count: int, sessions: int, today: date
) -> list[PlannedMatch]:
    """Plan a number of matches with an exact number of sessions in all.

    Matches begin evenly from the day on which the first mentor is ready, so that some of them still run today. Mentor 0
    is the one whom the demo signs in: three matches in a row, the last of which runs.

    Args:
        chance: The seeded generator.
        ready: For each mentor the day from which they are ready, and the day on which they stop, if they do.
        count: People mentored.
        sessions: Sessions that took place in all of them.
        today: The last day.
    """
    wanted = _wanted(chance, count, sessions)
    first = min(begin for begin, _stop in ready.values()) + timedelta(days=3)
    length = (today - timedelta(days=9) - first).days
    own = {count // 12, count // 2, count - count // 10 - 1}
    busy: dict[int, list[date]] = {mentor: [] for mentor in ready}
    planned = []
    for place, number in enumerate(wanted):
        day = first + timedelta(days=length * place // max(1, count - 1))
        mentor = 0 if place in own else _next_mentor(chance, busy, ready, day)
        day = max(day, ready[mentor][0] + timedelta(days=1))
        stop = ready[mentor][1]
        if mentor == 0:
            number = 48 if place == max(own) else min(number, 40)  # noqa: PLW2901 - the demo's own mentor.
        planned.append(_plan_one(chance, mentor, day, number, today, stop))
        busy[mentor].append((planned[-1].ends_on or stop or date.max - timedelta(days=2)) + timedelta(days=1))
    _make_exact(chance, planned, sessions)
    return planned


def _next_mentor(
    chance: Random, busy: dict[int, list[date]], ready: dict[int, tuple[date, date | None]], day: date
) -> int:
    """Choose one of the mentors with the fewest people on a day."""
    people = {
        mentor: sum(end >= day for end in busy[mentor])
        for mentor, (begin, stop) in sorted(ready.items())
        if mentor != 0 and begin < day and (stop is None or stop > day + timedelta(days=45))
    }
    fewest = min(people.values())
    return chance.choice([mentor for mentor, number in people.items() if number == fewest])


def _wanted(chance: Random, count: int, sessions: int) -> list[int]:
    """Draw how many sessions each person has, skewed, adding up to about the whole."""
    drawn = [chance.lognormvariate(0, SPREAD) for _ in range(count)]
    scale = sessions / sum(drawn)
    return [min(MOST_SESSIONS, max(3, round(one * scale))) for one in drawn]


def _plan_one(  # noqa: PLR0917 - the parts of one match.
    chance: Random, mentor: int, offered: date, number: int, today: date, stop: date | None
) -> PlannedMatch:
    """Plan one match: two to four meetings a week, until the number is reached, the mentor stops, or today."""
    weeks = min(LONGEST_WEEKS, max(3, round(number / chance.uniform(2.0, 3.8))))
    begin = offered + timedelta(days=4)
    end = begin + timedelta(weeks=weeks)
    last = min(end, stop or today, today)
    length = max(1, (last - begin).days)
    share = min(1.0, length / (end - begin).days)
    days = sorted(begin + timedelta(days=int(length * chance.random())) for _ in range(max(1, round(number * share))))
    return PlannedMatch(mentor, offered, end if end <= last else None, days)


def _make_exact(chance: Random, planned: list[PlannedMatch], sessions: int) -> None:
    """Add or take away sessions here and there until their number is exact."""
    while (missing := sessions - sum(len(match.session_days) for match in planned)) != 0:
        match = chance.choice(planned)
        if missing > 0:
            last = match.session_days[-1] if match.session_days else match.offered_on + timedelta(days=5)
            begin = match.offered_on + timedelta(days=4)
            span = max(1, (last - begin).days)
            match.session_days = sorted([*match.session_days, begin + timedelta(days=chance.randrange(span + 1))])
        elif len(match.session_days) > 3:
            match.session_days.pop(chance.randrange(len(match.session_days)))
