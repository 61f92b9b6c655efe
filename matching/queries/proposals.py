"""Reads about proposals and what waits for a decision."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer_group

from accounts.policy import Actor
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from matching.models import Proposal, Round
from matching.policy import readable_proposals
from matching.rules import CHANGED, OPEN_PROPOSALS, ProposalState
from mentees.models import Mentee
from mentors.models import Volunteer

_WITH_BOTH = (
    joinedload(Proposal.mentee).joinedload(Mentee.person),
    joinedload(Proposal.volunteer).joinedload(Volunteer.person),
)
"""Loads the two people of a proposal with it, by name."""


def list_proposals(
    session: Session, by: Actor, round_id: uuid.UUID, *, start: int = 0, most: int | None = None
) -> Sequence[Proposal]:
    """List the proposals of a round, those to be decided first, then the best fit first.

    Args:
        session: To read with.
        by: Who asks.
        round_id: The round.
        start: How many to pass over.
        most: How many to list; all where it is not said.
    """
    statement = (
        select(Proposal)
        .where(Proposal.round_id == round_id, readable_proposals(by))
        .options(*_WITH_BOTH)
        .order_by(Proposal.state.in_(OPEN_PROPOSALS).desc(), Proposal.fit.desc(), Proposal.id)
        .offset(start)
        .limit(most)
    )
    return session.scalars(statement).all()


def count_proposals(session: Session, by: Actor, round_id: uuid.UUID) -> int:
    """Count what a round proposed."""
    statement = select(func.count()).where(Proposal.round_id == round_id, readable_proposals(by))
    return session.scalar(statement) or 0


def list_moved(session: Session, by: Actor, round_id: uuid.UUID) -> Sequence[Proposal]:
    """List the proposals of a round that can no longer be approved, since one of the two is not as it knew them."""
    statement = (
        select(Proposal)
        .where(Proposal.round_id == round_id, readable_proposals(by), Proposal.stale_why.in_(CHANGED))
        .options(*_WITH_BOTH)
        .order_by(Proposal.changed_at, Proposal.id)
    )
    return session.scalars(statement).all()


def get_proposal(session: Session, by: Actor, proposal_id: uuid.UUID) -> Proposal:
    """Get a proposal of the actor's scheme with both people and all that the page tells of them.

    Raises:
        NotVisible: There is none, or it belongs elsewhere.
    """
    statement = (
        select(Proposal)
        .where(Proposal.id == proposal_id, readable_proposals(by))
        .options(
            undefer_group(GROUP),
            joinedload(Proposal.round),
            *_WITH_BOTH,
            joinedload(Proposal.mentee).selectinload(Mentee.risks),
            joinedload(Proposal.volunteer).undefer(Volunteer.cleared_why),
            joinedload(Proposal.volunteer).selectinload(Volunteer.checks).undefer_group(GROUP),
        )
    )
    proposal = session.scalars(statement).one_or_none()
    if proposal is None:
        raise NotVisible(_("There is no such proposal."))
    return proposal


def list_open_proposals(session: Session, by: Actor, *, most: int = 50) -> Sequence[Proposal]:
    """List proposals that wait for a decision, those half approved first, then the oldest."""
    statement = (
        select(Proposal)
        .join(Proposal.round)
        .where(readable_proposals(by), Proposal.state.in_(OPEN_PROPOSALS))
        .options(*_WITH_BOTH)
        .order_by((Proposal.state == ProposalState.SECONDED).desc(), Round.asked_at, Proposal.fit.desc(), Proposal.id)
        .limit(most)
    )
    return session.scalars(statement).all()


def count_open_proposals(session: Session, by: Actor) -> int:
    """Count proposals that wait for a decision."""
    statement = select(func.count()).where(readable_proposals(by), Proposal.state.in_(OPEN_PROPOSALS))
    return session.scalar(statement) or 0


def count_seconded_by_mentor(session: Session, scheme_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Count half-approved proposals by mentor: each keeps a place until the second person has decided."""
    statement = (
        select(Proposal.volunteer_id, func.count())
        .where(Proposal.scheme_id == scheme_id, Proposal.state == ProposalState.SECONDED)
        .group_by(Proposal.volunteer_id)
        .order_by(Proposal.volunteer_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
