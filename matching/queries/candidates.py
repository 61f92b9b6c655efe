"""Reads about who could be in a round: the people who wait and the mentors who are ready."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from accounts.policy import Actor
from matching.models import Proposal
from matching.rules import ProposalState
from mentees.models import Mentee
from mentees.rules import CaseStage
from mentors.models import Volunteer
from mentors.rules import Stage


def list_candidates(
    session: Session, scheme_id: uuid.UUID, among: Collection[uuid.UUID] | None = None
) -> Sequence[Mentee]:
    """List the people of a scheme who wait and consented, whom nobody has half approved a proposal for.

    Args:
        session: Where to read.
        scheme_id: The scheme.
        among: Only these; all unless told.
    """
    half_approved = (
        select(Proposal.mentee_id)
        .where(Proposal.scheme_id == scheme_id, Proposal.state == ProposalState.SECONDED)
        .order_by(Proposal.mentee_id)
    )
    statement = (
        select(Mentee)
        .where(
            Mentee.scheme_id == scheme_id,
            Mentee.stage == CaseStage.WAITING,
            Mentee.consent_on.is_not(None),
            Mentee.id.not_in(half_approved),
            true() if among is None else Mentee.id.in_(among),
        )
        .options(
            undefer(Mentee.needs),
            undefer(Mentee.wanted_experience),
            undefer(Mentee.stated_gender),
            joinedload(Mentee.person),
            selectinload(Mentee.risks),
            selectinload(Mentee.exclusion_areas),
            selectinload(Mentee.contact_bans),
        )
        .order_by(Mentee.referred_at, Mentee.id)
    )
    return session.scalars(statement).all()


def list_ready_mentors(
    session: Session, scheme_id: uuid.UUID, among: Collection[uuid.UUID] | None = None
) -> Sequence[Volunteer]:
    """List the mentors of a scheme, or those among some, at the stage ``ready``, with what readiness is judged by."""
    statement = (
        select(Volunteer)
        .where(Volunteer.scheme_id == scheme_id, Volunteer.stage == Stage.READY)
        .where(true() if among is None else Volunteer.id.in_(among))
        .options(
            undefer(Volunteer.gender),
            undefer(Volunteer.lived_experience),
            joinedload(Volunteer.person),
            selectinload(Volunteer.checks),
        )
        .order_by(Volunteer.applied_at, Volunteer.id)
    )
    return session.scalars(statement).all()


def count_waiting_and_ready(session: Session, by: Actor) -> tuple[int, int]:
    """Count the people who wait and the mentors at the stage ``ready`` in the actor's scheme."""
    waiting = select(func.count()).where(Mentee.scheme_id == by.scheme_id, Mentee.stage == CaseStage.WAITING)
    ready = select(func.count()).where(Volunteer.scheme_id == by.scheme_id, Volunteer.stage == Stage.READY)
    return session.scalar(waiting) or 0, session.scalar(ready) or 0
