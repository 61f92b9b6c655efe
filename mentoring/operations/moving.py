"""What every change of a match shares: the move is checked, written down and told to whoever must know."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts import queries as accounts
from accounts.models import Scheme
from accounts.policy import Actor, portal_in
from accounts.rules import Role
from foundation import audit
from foundation.clock import day_of
from foundation.language import _
from foundation.outbox import write_letter
from mentees import operations as mentees
from mentees.policy import may_move_case
from mentees.rules import CaseStage
from mentoring.models import Match, MatchMove
from mentoring.rules import MATCHES, EndReason, MatchState
from mentors.models import Volunteer


def move_match(session: Session, match: Match, to: MatchState, *, why: str, by: Actor, at: datetime, verb: str) -> None:
    """Move a match, if its lifecycle allows it, with an entry in its timeline and in the audit trail.

    Args:
        session: The transaction.
        match: The match; what else changes about it must be set before.
        to: The new state.
        why: The reason, for the timeline; it says something about people and so stays out of the trail.
        by: Who decides.
        at: When.
        verb: Name of the operation.
    """
    MATCHES.check(match.state, to)
    before = match.state
    match.state = to
    match.changed_at, match.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb=verb, subject=match)
    session.add(MatchMove(match_id=match.id, before=before, after=to, at=at, by_id=by.person_id, why=why))
    session.flush()


def close_match(
    session: Session,
    match: Match,
    to: MatchState,
    *,
    reason: EndReason | None,
    why: str,
    by: Actor,
    at: datetime,
    verb: str,
) -> None:
    """Move a match to one of its ends, from which day on its mentor reads nothing of the person."""
    MATCHES.check(match.state, to)
    match.closed_on = day_of(at, by.time_zone)
    match.end_reason = reason
    match.closed_why = why
    move_match(session, match, to, why=why, by=by, at=at, verb=verb)


def give_case(session: Session, match: Match, to: CaseStage, *, why: object, by: Actor, at: datetime) -> None:
    """Let the person wait again, or close the case, as the end of a match asks.

    Where whoever ends the match may not decide about people, the portal does it as the rule that it is.
    """
    mentee = match.mentee
    if mentee.stage is not CaseStage.MATCHED:
        return
    if not may_move_case(by, mentee, to):
        by = portal_in(session.get_one(Scheme, match.scheme_id), origin=by.origin)
    mentees.move_case(session, mentee=mentee, to=to, why=str(why), by=by, at=at)


def tell_mentor(session: Session, volunteer: Volunteer, at: datetime, base_url: str) -> None:
    """Write to a mentor that somebody waits for their answer; the letter carries a link and nothing else."""
    if not base_url or not volunteer.person.email:
        return
    write_letter(
        session,
        to=volunteer.person.email,
        subject=_("Alongside: something waits for your answer"),
        body=_(
            "Hello,\n\nthere is something new for you in Alongside. Please sign in, read it and answer:\n\n%(link)s\n",
            link=f"{base_url}/my-match",
        ),
        at=at,
    )


def tell_coordinators(session: Session, match: Match, at: datetime, base_url: str) -> None:
    """Write to every coordinator of the scheme that a match needs them; the letter carries a link and nothing else."""
    if not base_url:
        return
    for person in accounts.list_staff(session, match.scheme_id, Role.COORDINATOR):
        if person.email:
            write_letter(
                session,
                to=person.email,
                subject=_("Alongside: a match needs you"),
                body=_(
                    "Hello,\n\na match in your scheme has changed and needs a coordinator:\n\n%(link)s\n",
                    link=f"{base_url}/matches/{match.id}",
                ),
                at=at,
            )
