"""States of a match, kinds of meeting, and the weekly commitment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from foundation.lifecycle import Lifecycle

MATCH_MONTHS = 12
QUIET_AFTER_DAYS = 14
"""Days without a meeting after which a running match counts as quiet and a coordinator asks."""
WEEKS_SHOWN = 12
QUICK_MINUTES = (15, 30, 45, 60, 90, 120)
"""Lengths of a meeting that are one tap away."""
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


BEGUN_STATES = (MatchState.ACTIVE, MatchState.PAUSED)
"""States in which the mentor may read about the person; before and after them the mentor may not."""

CLOSED_STATES = (MatchState.COMPLETED, MatchState.ENDED, MatchState.DECLINED)


class Change(StrEnum):
    """What a coordinator can do with a match that is under way."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    COMPLETE = "complete"


LEADS_TO = {
    Change.PAUSE: MatchState.PAUSED,
    Change.RESUME: MatchState.ACTIVE,
    Change.END: MatchState.ENDED,
    Change.COMPLETE: MatchState.COMPLETED,
}
"""The state that each change leads to."""


class Answer(StrEnum):
    """What a mentor says to an offered match."""

    AGREE = "agree"
    DECLINE = "decline"


class MatchFilter(StrEnum):
    """Which matches a coordinator looks at."""

    OPEN = "open"
    QUIET = "quiet"
    OFFERED = "offered"
    ACTIVE = "active"
    PAUSED = "paused"
    PAST_END = "past-end"
    CLOSED = "closed"
    ALL = "all"


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


WAITS_AGAIN = (EndReason.MENTOR_LEFT, EndReason.RISK_CHANGED, EndReason.OTHER)
"""Reasons after which the person waits for another mentor; after the others the case closes and can be reopened."""


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


class Demand(StrEnum):
    """One thing that somebody must have before they may meet a person."""

    FIRST_REFERENCE = "first reference"
    SECOND_REFERENCE = "second reference"
    IDENTITY = "identity"
    RIGHT_TO_VOLUNTEER = "right to volunteer"
    DBS = "dbs"
    DRIVING_LICENCE = "driving licence"
    CAR_INSURANCE = "car insurance"
    CLEARANCE = "clearance"
    COURSE = "course"
    DOCUMENT = "document"
    HOURS = "hours"
    MONTHS = "months"
    PLACE = "place"


class Holder(StrEnum):
    """Whose move it is when something is missing."""

    COORDINATOR = "coordinator"
    TRAINING_LEAD = "training lead"
    VOLUNTEER = "volunteer"


@dataclass(frozen=True)
class Point:
    """One line of the readiness checklist.

    Attributes:
        demand: What is asked.
        is_met: Whether it is there today.
        holder: Who sees to it.
        course: Name of the course, where the demand is one.
        document: Title of the document, where the demand is one.
        minutes: Minutes of the course that are still missing.
        expires_on: Last day or lapse of what is there, or the day on which it ran out; None if it never does.
        has_expired: Whether it was there once and has run out.
    """

    demand: Demand
    is_met: bool
    holder: Holder
    course: str = ""
    document: str = ""
    minutes: int = 0
    expires_on: date | None = None
    has_expired: bool = False


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
    def last_day(self) -> date:
        """The Sunday of the week."""
        return self.monday + timedelta(days=6)

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


def is_quiet(state: MatchState, starts_on: date | None, last_met_on: date | None, today: date) -> bool:
    """Tell whether a running match has had no meeting for too long."""
    since = last_met_on or starts_on
    return state is MatchState.ACTIVE and since is not None and since < today - timedelta(days=QUIET_AFTER_DAYS)


def is_past_end(state: MatchState, ends_on: date | None, today: date) -> bool:
    """Tell whether a match has run its months and waits for somebody to complete it."""
    return state in BEGUN_STATES and ends_on is not None and ends_on <= today


def changes_from(state: MatchState, ends_on: date | None, today: date) -> tuple[Change, ...]:
    """List what a coordinator can do with a match, in the order of the page.

    A match is completed only once its months have run; until then it can be ended early, with a reason.
    """
    possible = [change for change, after in LEADS_TO.items() if MATCHES.allows(state, after)]
    if state is MatchState.OFFERED:
        # An offered match becomes active by the mentor's word and never by a coordinator's.
        possible.remove(Change.RESUME)
    if Change.COMPLETE in possible and not is_past_end(state, ends_on, today):
        possible.remove(Change.COMPLETE)
    return tuple(possible)


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
