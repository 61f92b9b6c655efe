"""A match is opened: the one door through which a person and a mentor come together."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_datetime
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import queries as accounts
from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Conflict, NotPermitted, Refusal
from foundation.language import _
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import CaseStage, highest_level
from mentoring import queries
from mentoring.models import Match, MatchMove
from mentoring.operations.following import NotReady
from mentoring.operations.moving import tell_mentor
from mentors.models import Volunteer
from mentors.queries import vetted_establishments
from mentors.rules import Stage


class NotAvailable(Refusal):
    """The mentor is on a break or has left, or the person does not wait for a mentor."""


class RiskAboveClearance(Refusal):
    """The person's risk is higher than what the mentor has been cleared for, or has not been given."""


class NotVetted(Refusal):
    """The person is inside an establishment that has not vetted the mentor, or whose vetting has run out."""


class AlreadyMatched(Conflict):
    """Somebody else has matched this person already."""


def open_match(
    session: Session,
    *,
    mentee: Mentee,
    volunteer: Volunteer,
    why: str,
    by: Actor,
    at: datetime,
    base_url: str = "",
) -> Match:
    """Put a person and a mentor together and ask the mentor to agree.

    Everything is judged anew under lock: whether the person waits, whether the mentor is ready and has a place, and
    whether the mentor is cleared for the person's risk. Of several who approve at once, one wins.

    Args:
        session: The transaction.
        mentee: The person.
        volunteer: The mentor.
        why: The reason, which coordinators read.
        by: Who decides.
        at: When.
        base_url: Address of the portal, for the letter; without one no letter is written.

    Raises:
        AlreadyMatched: Somebody matched the person first; says who and when.
        NotReady: The mentor lacks something, or all places are taken.
        NotAvailable: The mentor is on a break or has left, or the person does not wait.
        RiskAboveClearance: The mentor is not cleared for the person's risk.
        NotVetted: The establishment where the person is has not vetted the mentor.
    """
    _require_decision(by, mentee, volunteer)
    match = Match(
        scheme_id=mentee.scheme_id,
        mentee_id=mentee.id,
        volunteer_id=volunteer.id,
        approved_at=at,
        approved_by_id=by.person_id,
        approved_why=why,
        changed_at=at,
        changed_by_id=by.person_id,
    )
    # The trail is locked first, as by every operation, so that two transactions never wait for one another in a ring.
    audit.record(session, by=by, at=at, verb="open_match", subject=match)
    queries.lock_pair(session, mentee, volunteer)
    _require_free(session, mentee, volunteer, by, day_of(at, by.time_zone))
    _save_new(session, match, by)
    session.add(MatchMove(match_id=match.id, before=None, after=match.state, at=at, by_id=by.person_id, why=why))
    mentees.move_case(session, mentee=mentee, to=CaseStage.MATCHED, why="", by=by, at=at)
    tell_mentor(session, volunteer, at, base_url)
    return match


def _require_decision(by: Actor, mentee: Mentee, volunteer: Volunteer) -> None:
    """Let staff of the scheme decide, and nobody about a match of their own."""
    require(by, Permission.MATCHING_DECIDE)
    require_scheme(by, mentee.scheme_id)
    require_scheme(by, volunteer.scheme_id)
    if by.person_id is not None and by.person_id in {mentee.person_id, volunteer.person_id}:
        raise NotPermitted(_("Nobody decides about themselves. Ask another coordinator."))


def _require_free(session: Session, mentee: Mentee, volunteer: Volunteer, by: Actor, on: date) -> None:
    """Judge both people as the locked rows have them now."""
    other = queries.find_open_match(session, mentee.id)
    if other is not None:
        raise _already_matched(session, other, by)
    if mentee.person_id == volunteer.person_id:
        raise NotAvailable(_("A person cannot be their own mentor."))
    if mentee.stage is not CaseStage.WAITING:
        raise NotAvailable(_("This person is not waiting for a mentor."))
    if volunteer.stage is not Stage.READY:
        raise NotAvailable(_("This mentor is not available now."))
    if missing := queries.readiness_of(session, volunteer, on):
        raise NotReady(missing)
    _require_clearance(session, mentee, volunteer)
    _require_vetting(session, mentee, volunteer, on)


def _require_vetting(session: Session, mentee: Mentee, volunteer: Volunteer, on: date) -> None:
    """Never put somebody who is inside with a mentor whom their establishment would turn away at the gate."""
    place = mentee.establishment_id
    if place is not None and place not in vetted_establishments(session, [volunteer.id], on).get(volunteer.id, ()):
        raise NotVetted(_("The establishment where this person is has not vetted this mentor, or the vetting ran out."))


def _require_clearance(session: Session, mentee: Mentee, volunteer: Volunteer) -> None:
    """Never put a person with a mentor who is not cleared for the highest risk that was given."""
    level = highest_level(queries.list_risk_levels(session, mentee.id))
    if level is None:
        raise RiskAboveClearance(_("No risk of serious harm is recorded for this person. Ask probation for it first."))
    if volunteer.cleared_rosh is None or level > volunteer.cleared_rosh:
        raise RiskAboveClearance(_("This mentor is not cleared for this person's level of risk."))


def _save_new(session: Session, match: Match, by: Actor) -> None:
    """Save a new match; the database itself refuses a second one for the same person."""
    try:
        with session.begin_nested():
            session.add(match)
    except IntegrityError:
        other = queries.find_open_match(session, match.mentee_id)
        if other is None:
            raise
        raise _already_matched(session, other, by) from None


def _already_matched(session: Session, other: Match, by: Actor) -> AlreadyMatched:
    """Say who was first and when."""
    approver = other.approved_by_id
    who = accounts.names_of(session, {approver})[approver] if approver else _("The portal")
    moment = format_datetime(other.approved_at.astimezone(ZoneInfo(by.time_zone)), "d MMMM y, HH:mm", rebase=False)
    return AlreadyMatched(_("%(who)s matched this person already, on %(moment)s.", who=who, moment=moment))
