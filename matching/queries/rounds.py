"""Reads about rounds: those of a scheme, those to be run, and whom each left waiting."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from matching.models import Round, Unmatched
from matching.policy import readable_rounds
from matching.rules import RoundState
from mentees.models import Mentee

ROUNDS_SHOWN = 20


def list_rounds(session: Session, by: Actor) -> Sequence[Round]:
    """List the newest rounds of the actor's scheme, newest first."""
    statement = select(Round).where(readable_rounds(by)).order_by(Round.asked_at.desc(), Round.id).limit(ROUNDS_SHOWN)
    return session.scalars(statement).all()


def get_round(session: Session, by: Actor, round_id: uuid.UUID) -> Round:
    """Get a round of the actor's scheme.

    Raises:
        NotVisible: There is none, or it belongs elsewhere.
    """
    round_ = session.scalars(select(Round).where(Round.id == round_id, readable_rounds(by))).one_or_none()
    if round_ is None:
        raise NotVisible(_("There is no such round."))
    return round_


def list_unmatched(
    session: Session, by: Actor, round_id: uuid.UUID, *, start: int = 0, most: int | None = None
) -> Sequence[Unmatched]:
    """List whom a round left waiting, those with the fewest possible mentors first.

    Args:
        session: To read with.
        by: Who asks.
        round_id: The round.
        start: How many to pass over.
        most: How many to list; all where it is not said.
    """
    statement = (
        select(Unmatched)
        .join(Unmatched.round)
        .where(Unmatched.round_id == round_id, readable_rounds(by))
        .options(joinedload(Unmatched.mentee).joinedload(Mentee.person))
        .order_by(Unmatched.mentors_allowed, Unmatched.id)
        .offset(start)
        .limit(most)
    )
    return session.scalars(statement).all()


def count_unmatched(session: Session, by: Actor, round_id: uuid.UUID) -> int:
    """Count whom a round left waiting."""
    statement = select(func.count()).select_from(Unmatched).join(Unmatched.round)
    return session.scalar(statement.where(Unmatched.round_id == round_id, readable_rounds(by))) or 0


def find_unfinished_round(session: Session, by: Actor) -> Round | None:
    """Find a round of the actor's scheme that has not ended yet."""
    statement = (
        select(Round)
        .where(readable_rounds(by), Round.state.in_((RoundState.QUEUED, RoundState.RUNNING)))
        .order_by(Round.asked_at, Round.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def list_due_rounds(session: Session, stuck_before: datetime) -> Sequence[uuid.UUID]:
    """List the rounds that the worker should run: those queued, and those whose worker died."""
    statement = (
        select(Round.id)
        .where(
            (Round.state == RoundState.QUEUED)
            | ((Round.state == RoundState.RUNNING) & (Round.started_at < stuck_before))
        )
        .order_by(Round.asked_at, Round.id)
    )
    return session.scalars(statement).all()


def list_done_rounds(session: Session, ids: Collection[uuid.UUID] = ()) -> Sequence[Round]:
    """List the finished rounds of all schemes, or those among some, oldest first."""
    statement = select(Round).where(Round.state == RoundState.DONE).order_by(Round.asked_at, Round.id)
    return session.scalars(statement.where(Round.id.in_(ids)) if ids else statement).all()


def count_rounds(session: Session, _at: datetime) -> Mapping[str, float]:
    """Count the matching rounds of all schemes by state."""
    statement = select(Round.state, func.count()).group_by(Round.state).order_by(Round.state)
    none = dict.fromkeys((state.value for state in RoundState), 0.0)
    return none | {state.value: float(number) for state, number in session.execute(statement)}
