"""Remembering that staff declined a pair, until the day they named, and what a choice cost."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.policy import Actor
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from matching.gathering import Answer
from matching.models import Round, RoundChoice
from matching.rules import DECLINE_MONTHS, ChoiceKind
from training.rules import add_months


def note_decline(
    session: Session,
    round_: Round,
    *,
    mentee_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    why: str,
    by: Actor,
    at: datetime,
    months: int,
) -> RoundChoice:
    """Write down that a pair is not to be for some months; what let it stand so far ends.

    Raises:
        Refusal: The time is none of those offered.
    """
    if months not in DECLINE_MONTHS:
        raise Refusal(_("Choose for how long the pair is not to be proposed again."), field="months")
    _end_pins(session, round_, (mentee_id, volunteer_id), by, at)
    choice = RoundChoice(
        scheme_id=round_.scheme_id,
        round_id=round_.id,
        kind=ChoiceKind.DECLINE,
        mentee_id=mentee_id,
        volunteer_id=volunteer_id,
        why=why.strip(),
        until_on=add_months(day_of(at, by.time_zone), months),
        made_by_id=by.person_id,
        made_at=at,
    )
    session.add(choice)
    audit.record(session, by=by, at=at, verb="decline_pair", subject=choice, why=why.strip())
    session.flush()
    return choice


def note_cost(choice: RoundChoice, before: Answer, after: Answer) -> None:
    """Write down what a choice cost."""
    price = before.price_of(after)
    choice.cost = {**price._asdict(), "total": before.figures.fit}


def _end_pins(session: Session, round_: Round, pair: tuple[uuid.UUID, uuid.UUID], by: Actor, at: datetime) -> None:
    """End the choices by which a pair stood."""
    mentee_id, volunteer_id = pair
    statement = select(RoundChoice).where(
        RoundChoice.round_id == round_.id,
        RoundChoice.kind == ChoiceKind.PIN,
        RoundChoice.mentee_id == mentee_id,
        RoundChoice.volunteer_id == volunteer_id,
        RoundChoice.ended_at.is_(None),
    )
    for choice in session.scalars(statement.order_by(RoundChoice.id)):
        choice.ended_at, choice.ended_by_id = at, by.person_id
        audit.record(session, by=by, at=at, verb="undo_choice", subject=choice)
