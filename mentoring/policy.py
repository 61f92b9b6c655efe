"""Who may see and do what with a match; every page, list and operation of the package asks here."""

from sqlalchemy import ColumnElement

from accounts.policy import Actor
from accounts.rules import Permission
from foundation.conditions import Allowed, Condition, Is, IsNot, Of, OneOf, Present
from mentees.models import Mentee
from mentoring.models import Match
from mentoring.rules import BEGUN_STATES, MatchState
from mentors.models import Volunteer


def _in_scheme(by: Actor) -> Condition:
    """Declare which matches belong to the scheme that somebody acts in."""
    return Is(Match.scheme_id, by.scheme_id)


def _own(by: Actor) -> Condition:
    """Declare of which matches somebody is the mentor, and still a mentor."""
    is_mine = Of(Match.volunteer, Is(Volunteer.person_id, by.person_id))
    return Allowed(by.may(Permission.MENTORING_LOG)) & _in_scheme(by) & is_mine


def _staffed(by: Actor) -> Condition:
    """Declare which matches somebody reads as staff."""
    return Allowed(by.may(Permission.MATCHES_READ)) & _in_scheme(by)


def _begun(by: Actor) -> Condition:
    """Declare which matches a mentor reads: their own, from the day of agreeing to the day of the end."""
    return _own(by) & OneOf(Match.state, BEGUN_STATES)


def _seen(by: Actor) -> Condition:
    """Declare which matches somebody may read with the people in them and the notes of their meetings."""
    return _staffed(by) | _begun(by)


def _answerable(by: Actor) -> Condition:
    """Declare which matches wait for a mentor's answer."""
    return _own(by) & Is(Match.state, MatchState.OFFERED)


def _loggable(by: Actor) -> Condition:
    """Declare in which matches somebody may log: staff once it has begun, the mentor while it is active."""
    return _staffed(by) & Present(Match.starts_on) | _own(by) & Is(Match.state, MatchState.ACTIVE)


def _changeable(by: Actor) -> Condition:
    """Declare which matches somebody may change; nobody decides about their own."""
    is_in_neither_place = Of(Match.volunteer, IsNot(Volunteer.person_id, by.person_id)) & Of(
        Match.mentee, IsNot(Mentee.person_id, by.person_id)
    )
    return Allowed(by.may(Permission.MATCHING_DECIDE)) & _in_scheme(by) & is_in_neither_place


def is_own(by: Actor, match: Match) -> bool:
    """Tell whether somebody is the mentor of a match and still a mentor."""
    return _own(by).holds(match)


def own_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``is_own`` holds."""
    return _own(by).rows()


def may_see_match(by: Actor, match: Match) -> bool:
    """Tell whether somebody may read a match with the people in it and the notes of their meetings.

    Coordinators may, in their scheme. The mentor may from the day of agreeing to the day of the end, and reads
    nothing of the person before or after.
    """
    return _seen(by).holds(match)


def seen_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_see_match`` holds."""
    return _seen(by).rows()


def may_answer_match(by: Actor, match: Match) -> bool:
    """Tell whether a match waits for this mentor's answer."""
    return _answerable(by).holds(match)


def answerable_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_answer_match`` holds."""
    return _answerable(by).rows()


def may_log_meeting(by: Actor, match: Match) -> bool:
    """Tell whether somebody may log a meeting in a match.

    Coordinators may in every match that has begun, so that nothing is lost when a mentor is ill or has gone; the
    mentor may while the match is active.
    """
    return _loggable(by).holds(match)


def loggable_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_log_meeting`` holds."""
    return _loggable(by).rows()


def may_change_match(by: Actor, match: Match) -> bool:
    """Tell whether somebody may pause, resume, end or complete a match; nobody decides about their own."""
    return _changeable(by).holds(match)


def my_open_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows that a mentor's own page shows: those to answer and those that may be read."""
    return (_answerable(by) | _begun(by)).rows()
