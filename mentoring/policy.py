"""Who may see and do what with a match; every page, list and operation of the package asks here."""

from sqlalchemy import ColumnElement, and_, false, or_

from accounts.policy import Actor
from accounts.rules import Permission
from mentoring.models import Match
from mentoring.rules import BEGUN_STATES, MatchState
from mentors.models import Volunteer


def is_own(by: Actor, match: Match) -> bool:
    """Tell whether somebody is the mentor of a match and still a mentor."""
    return (
        by.person_id is not None
        and by.may(Permission.MENTORING_LOG)
        and match.scheme_id == by.scheme_id
        and match.volunteer.person_id == by.person_id
    )


def own_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``is_own`` holds."""
    if by.person_id is None or not by.may(Permission.MENTORING_LOG):
        return false()
    return and_(Match.scheme_id == by.scheme_id, Match.volunteer.has(Volunteer.person_id == by.person_id))


def may_see_match(by: Actor, match: Match) -> bool:
    """Tell whether somebody may read a match with the people in it and the notes of their meetings.

    Coordinators may, in their scheme. The mentor may from the day of agreeing to the day of the end, and reads
    nothing of the person before or after.
    """
    if by.may(Permission.MATCHES_READ):
        return match.scheme_id == by.scheme_id
    return is_own(by, match) and match.state in BEGUN_STATES


def seen_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_see_match`` holds."""
    if by.may(Permission.MATCHES_READ):
        return Match.scheme_id == by.scheme_id
    return and_(own_matches(by), Match.state.in_(BEGUN_STATES))


def may_answer_match(by: Actor, match: Match) -> bool:
    """Tell whether a match waits for this mentor's answer."""
    return is_own(by, match) and match.state is MatchState.OFFERED


def answerable_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_answer_match`` holds."""
    return and_(own_matches(by), Match.state == MatchState.OFFERED)


def may_log_meeting(by: Actor, match: Match) -> bool:
    """Tell whether somebody may log a meeting in a match.

    Coordinators may in every match that has begun, so that nothing is lost when a mentor is ill or has gone; the
    mentor may while the match is active.
    """
    if by.may(Permission.MATCHES_READ):
        return match.scheme_id == by.scheme_id and match.starts_on is not None
    return is_own(by, match) and match.state is MatchState.ACTIVE


def loggable_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_log_meeting`` holds."""
    if by.may(Permission.MATCHES_READ):
        return and_(Match.scheme_id == by.scheme_id, Match.starts_on.is_not(None))
    return and_(own_matches(by), Match.state == MatchState.ACTIVE)


def may_change_match(by: Actor, match: Match) -> bool:
    """Tell whether somebody may pause, resume, end or complete a match; nobody decides about their own."""
    is_in_it = by.person_id is not None and by.person_id in {match.volunteer.person_id, match.mentee.person_id}
    return by.may(Permission.MATCHING_DECIDE) and match.scheme_id == by.scheme_id and not is_in_it


def my_open_matches(by: Actor) -> ColumnElement[bool]:
    """Give the rows that a mentor's own page shows: those to answer and those that may be read."""
    return or_(answerable_matches(by), and_(own_matches(by), Match.state.in_(BEGUN_STATES)))
