"""A mentor logs a session or another contact."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require_scheme
from foundation import audit
from foundation.clock import day_of
from foundation.errors import NotVisible, Refusal
from foundation.language import _
from mentoring import policy
from mentoring.models import Match, Meeting
from mentoring.rules import LONGEST_SESSION_MINUTES, TOOK_PLACE, AttendanceOutcome, MeetingKind, MeetingPlace


class NotWithinMatch(Refusal):
    """A meeting on a day on which the match did not run."""


class WrongLength(Refusal):
    """A meeting that took no time, or more than a day can hold."""


def log_meeting(
    session: Session,
    *,
    match: Match,
    kind: MeetingKind,
    place: MeetingPlace,
    outcome: AttendanceOutcome,
    held_on: date,
    duration_minutes: int,
    note: str,
    by: Actor,
    at: datetime,
) -> Meeting:
    """Write down one session or contact.

    Args:
        session: The transaction.
        match: The match.
        kind: A planned session or another contact.
        place: How they met.
        outcome: Whether the person came.
        held_on: The day, from the first day of the match to today or the day of its end.
        duration_minutes: From 1 to 720; 0 where the person did not come.
        note: A few words, which only the mentor and the coordinators read.
        by: The mentor of the active match, or a coordinator.
        at: When it is logged.

    Raises:
        NotVisible: The actor may not log in this match.
        NotWithinMatch: The match did not run on that day.
        WrongLength: The minutes are out of bounds.
    """
    require_scheme(by, match.scheme_id)
    if not policy.may_log_meeting(by, match):
        raise NotVisible(_("There is no such match."))
    _require_day(match, held_on, day_of(at, by.time_zone))
    _require_length(outcome, duration_minutes)
    meeting = Meeting(
        scheme_id=match.scheme_id,
        match_id=match.id,
        kind=kind,
        place=place,
        outcome=outcome,
        held_on=held_on,
        duration_minutes=duration_minutes,
        note=note,
        logged_by_id=by.person_id,
        logged_at=at,
    )
    session.add(meeting)
    audit.record(session, by=by, at=at, verb="log_meeting", subject=meeting)
    return meeting


def _require_day(match: Match, held_on: date, today: date) -> None:
    """Refuse days to come and days on which the match did not run."""
    if held_on > today:
        raise NotWithinMatch(_("The day must be today or earlier"), field="held_on")
    if match.starts_on is None or held_on < match.starts_on:
        raise NotWithinMatch(_("The match had not begun on that day"), field="held_on")
    if match.closed_on is not None and held_on > match.closed_on:
        raise NotWithinMatch(_("The match had ended by that day"), field="held_on")


def _require_length(outcome: AttendanceOutcome, minutes: int) -> None:
    """Refuse meetings without time and meetings longer than half a day."""
    if minutes > LONGEST_SESSION_MINUTES or minutes < 0:
        raise WrongLength(_("Enter minutes from 1 to %(most)s", most=LONGEST_SESSION_MINUTES), field="other_minutes")
    if minutes == 0 and outcome in TOOK_PLACE:
        raise WrongLength(_("Enter how many minutes you met"), field="minutes")
