"""States of a match, kinds of meeting, and the weekly commitment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from foundation.lifecycle import Lifecycle

MATCH_MONTHS = 12
LEAST_WEEKLY_MINUTES = 3 * 60
USUAL_WEEKLY_MINUTES = 4 * 60
USUAL_SESSION_MINUTES = 30
"""**Source:** 1,556 sessions in 749 hours in 15 case studies (2015): half an hour each on average."""
LONGEST_SESSION_MINUTES = 12 * 60


class MatchState(StrEnum):
    """Where a match is."""

    OFFERED = "offered"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED = "ended early"
    DECLINED = "declined by the mentor"


MATCHES = Lifecycle(
    "Match",
    MatchState.OFFERED,
    {
        MatchState.OFFERED: (MatchState.ACTIVE, MatchState.DECLINED, MatchState.ENDED),
        MatchState.ACTIVE: (MatchState.PAUSED, MatchState.COMPLETED, MatchState.ENDED),
        MatchState.PAUSED: (MatchState.ACTIVE, MatchState.ENDED),
        MatchState.COMPLETED: (),
        MatchState.ENDED: (),
        MatchState.DECLINED: (),
    },
)

OPEN_STATES = (MatchState.OFFERED, MatchState.ACTIVE, MatchState.PAUSED)
"""States in which a match takes up a place of the mentor and the person is not waiting."""


class EndReason(StrEnum):
    """Why a match ended before its time."""

    GOALS_REACHED = "goals reached"
    MOVED_AWAY = "moved away"
    MENTOR_LEFT = "mentor left"
    PERSON_STOPPED = "person stopped"
    RETURNED_TO_CUSTODY = "returned to custody"
    RISK_CHANGED = "risk changed"
    DIED = "died"
    OTHER = "other"


class MeetingKind(StrEnum):
    """A session is a planned mentoring meeting; a contact is any other call, text or brief meeting."""

    SESSION = "session"
    CONTACT = "contact"


class MeetingPlace(StrEnum):
    """How they met."""

    IN_PERSON = "in person"
    CUSTODY = "in custody"
    PHONE = "phone"
    VIDEO = "video"
    MESSAGE = "message"


class AttendanceOutcome(StrEnum):
    """Whether the person came."""

    ATTENDED = "attended"
    LATE = "attended late"
    ABSENT_ACCEPTABLE = "did not attend, acceptable"
    ABSENT_UNACCEPTABLE = "did not attend, unacceptable"
    ABSENT_LOGISTICS = "did not attend, logistics"


TOOK_PLACE = (AttendanceOutcome.ATTENDED, AttendanceOutcome.LATE)


@dataclass(frozen=True)
class Week:
    """What a mentor gave in one week.

    Attributes:
        monday: First day of the week.
        minutes: Minutes of sessions and contacts that took place.
        sessions: How many sessions took place.
    """

    monday: date
    minutes: int
    sessions: int

    @property
    def share(self) -> float:
        """The minutes as a share of the four hours that are usual; may exceed 1."""
        return self.minutes / USUAL_WEEKLY_MINUTES

    @property
    def is_kept(self) -> bool:
        """Whether the promise of at least three hours was kept."""
        return self.minutes >= LEAST_WEEKLY_MINUTES


def monday_of(day: date) -> date:
    """Tell the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_of(meetings: Iterable[tuple[date, int, bool]], last_day: date, count: int) -> list[Week]:
    """Sum meetings by week, oldest first, empty weeks included.

    Args:
        meetings: Day, minutes, and whether it was a session; only those that took place.
        last_day: A day of the last week shown.
        count: How many weeks.
    """
    last = monday_of(last_day)
    mondays = [last - timedelta(weeks=back) for back in range(count - 1, -1, -1)]
    minutes = dict.fromkeys(mondays, 0)
    sessions = dict.fromkeys(mondays, 0)
    for day, length, is_session in meetings:
        monday = monday_of(day)
        if monday in minutes:
            minutes[monday] += length
            sessions[monday] += int(is_session)
    return [Week(monday, minutes[monday], sessions[monday]) for monday in mondays]
