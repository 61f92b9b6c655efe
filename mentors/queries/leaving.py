"""Reads about leaving: the departures of a volunteer, the link of a letter of thanks, and the times of service."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from accounts.operations import hash_token
from foundation.clock import day_of
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import Departure, StageMove, Volunteer
from mentors.rules import Spell, Stage, spells_of


def list_departures(session: Session, volunteer: Volunteer) -> Sequence[Departure]:
    """List every leaving of a volunteer about whom the caller may decide, with its reasons, the newest first."""
    statement = (
        select(Departure)
        .where(Departure.volunteer_id == volunteer.id)
        .options(undefer_group(GROUP))
        .order_by(Departure.left_on.desc(), Departure.recorded_at.desc(), Departure.id)
    )
    return session.scalars(statement).all()


def get_departure_of_token(
    session: Session, token: str, at: datetime, *, for_update: bool = False
) -> tuple[Departure, Volunteer]:
    """Get the leaving that the link of a letter of thanks names, and the volunteer; nothing confidential is read.

    Args:
        session: To read with.
        token: From the link.
        at: Now.
        for_update: Lock the leaving, so that two last words of the same person queue.

    Raises:
        NotVisible: No letter has such a link, or its time is over.
    """
    statement = (
        select(Departure, Volunteer)
        .join(Volunteer, Volunteer.id == Departure.volunteer_id)
        .where(Departure.token_hash == hash_token(token), Departure.token_until > at)
    )
    found = session.execute(statement.with_for_update(of=Departure) if for_update else statement).one_or_none()
    if found is None:
        raise NotVisible(_("This link is not known, or its time is over. Write to us if you need something."))
    departure, volunteer = found
    return departure, volunteer


def find_spells(session: Session, volunteer_id: uuid.UUID, time_zone: str) -> tuple[Spell, ...]:
    """Tell the times of service of a volunteer whose record the caller may see, the first one first."""
    ready = select(StageMove.at).where(StageMove.volunteer_id == volunteer_id, StageMove.after == Stage.READY)
    left = select(Departure.left_on).where(Departure.volunteer_id == volunteer_id)
    return spells_of(
        [day_of(at, time_zone) for at in session.scalars(ready.order_by(StageMove.at))],
        session.scalars(left.order_by(Departure.left_on)).all(),
    )
