"""Lifting a rule for one pair: a named senior does it, for a reason, until a day; what protects somebody stays."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Conflict, Refusal
from foundation.language import _, words_for
from matching import queries
from matching.models import VetoLift
from matching.operations.following import open_desk, place_of
from matching.rules import LIFT_MONTHS, NEVER_LIFTED, Veto
from training.rules import add_months


class NeverLifted(Refusal):
    """A rule that protects somebody, or is not the scheme's to lift, is lifted by nobody."""


class AlreadyLifted(Conflict):
    """Somebody lifted the rules of this pair before."""


def lift_vetoes(
    session: Session,
    *,
    round_id: uuid.UUID,
    mentee_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    why: str,
    months: int,
    by: Actor,
    at: datetime,
) -> VetoLift:
    """Lift the rules that forbid one pair, until a day; the pair may then be proposed and approved by other people.

    Args:
        session: The transaction.
        round_id: The newest finished round, whose record tells what forbids the pair.
        mentee_id: The person.
        volunteer_id: The mentor.
        why: The reason, in the words of the senior.
        months: For how long; one of ``LIFT_MONTHS``.
        by: A senior.
        at: When.

    Raises:
        NeverLifted: One of the rules is lifted by nobody.
        AlreadyLifted: Somebody was first.
        Refusal: No reason, no rule, or no such time.
    """
    require(by, Permission.VETO_LIFT)
    desk = open_desk(session, round_id=round_id, by=by, at=at, revision=None)
    pair = place_of(desk, mentee_id, volunteer_id)
    if not why.strip():
        raise Refusal(_("Give a reason. It is kept with the decision."), field="why")
    if months not in LIFT_MONTHS:
        raise Refusal(_("Choose for how long."), field="months")
    if pair in desk.lifted:
        raise AlreadyLifted(_("The rules of this pair have been lifted already."))
    lift = VetoLift(
        scheme_id=desk.round.scheme_id,
        mentee_id=mentee_id,
        volunteer_id=volunteer_id,
        vetoes=_liftable(desk.memory.scored.vetoes_of(*pair)),
        why=why.strip(),
        until_on=add_months(day_of(at, by.time_zone), months),
        made_by_id=by.person_id,
        made_at=at,
    )
    session.add(lift)
    audit.record(session, by=by, at=at, verb="lift_vetoes", subject=lift, why=why.strip())
    session.flush()
    return lift


def end_lifts(session: Session, *, mentee_id: uuid.UUID, volunteer_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Let the rules of a pair hold again before their day; a proposal that rests on it can no longer be approved.

    Raises:
        NotVisible: No rule is lifted for the pair; somebody may have ended it before.
    """
    require(by, Permission.VETO_LIFT)
    on = day_of(at, by.time_zone)
    for lift in queries.lock_lifts(session, by, mentee_id, volunteer_id, on):
        lift.ended_at, lift.ended_by_id = at, by.person_id
        audit.record(session, by=by, at=at, verb="end_lift", subject=lift)
    session.flush()


def _liftable(vetoes: tuple[str, ...]) -> list[str]:
    """Give the rules of a pair, all of which may be lifted.

    Raises:
        NeverLifted: One of them may not.
        Refusal: There is none.
    """
    if not vetoes:
        raise Refusal(_("No rule forbids this pair."))
    fixed = [words_for(Veto(name)) for name in vetoes if name in NEVER_LIFTED]
    if fixed:
        raise NeverLifted(_("Nobody can lift this rule: %(rules)s.", rules=", ".join(fixed)))
    return list(vetoes)
