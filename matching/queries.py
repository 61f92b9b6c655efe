"""Reads about rounds, their proposals and who was left waiting."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer, undefer_group

from accounts.policy import Actor
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from matching.models import Proposal, Round, Unmatched
from matching.policy import readable_proposals, readable_rounds
from matching.rules import OPEN_PROPOSALS, ProposalState, RoundState
from mentees.models import Mentee
from mentees.rules import CaseStage
from mentors.models import Volunteer
from mentors.rules import Stage

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


def list_proposals(session: Session, by: Actor, round_id: uuid.UUID) -> Sequence[Proposal]:
    """List the proposals of a round, those to be decided first, then the best fit first."""
    statement = (
        select(Proposal)
        .where(Proposal.round_id == round_id, readable_proposals(by))
        .options(
            joinedload(Proposal.mentee).joinedload(Mentee.person),
            joinedload(Proposal.volunteer).joinedload(Volunteer.person),
        )
        .order_by(Proposal.state.in_(OPEN_PROPOSALS).desc(), Proposal.fit.desc(), Proposal.id)
    )
    return session.scalars(statement).all()


def list_unmatched(session: Session, by: Actor, round_id: uuid.UUID) -> Sequence[Unmatched]:
    """List whom a round left waiting, those with the fewest possible mentors first."""
    statement = (
        select(Unmatched)
        .join(Unmatched.round)
        .where(Unmatched.round_id == round_id, readable_rounds(by))
        .options(joinedload(Unmatched.mentee).joinedload(Mentee.person))
        .order_by(Unmatched.mentors_allowed, Unmatched.id)
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
            joinedload(Proposal.mentee).joinedload(Mentee.person),
            joinedload(Proposal.mentee).selectinload(Mentee.risks),
            joinedload(Proposal.volunteer).joinedload(Volunteer.person),
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
        .options(
            joinedload(Proposal.mentee).joinedload(Mentee.person),
            joinedload(Proposal.volunteer).joinedload(Volunteer.person),
        )
        .order_by((Proposal.state == ProposalState.SECONDED).desc(), Round.asked_at, Proposal.fit.desc(), Proposal.id)
        .limit(most)
    )
    return session.scalars(statement).all()


def count_open_proposals(session: Session, by: Actor) -> int:
    """Count proposals that wait for a decision."""
    statement = select(func.count()).where(readable_proposals(by), Proposal.state.in_(OPEN_PROPOSALS))
    return session.scalar(statement) or 0


def list_candidates(session: Session, scheme_id: uuid.UUID) -> Sequence[Mentee]:
    """List the people of a scheme who wait and consented, whom nobody has half approved a proposal for."""
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


def list_ready_mentors(session: Session, scheme_id: uuid.UUID) -> Sequence[Volunteer]:
    """List the mentors of a scheme who are at the stage ``ready``, with what readiness is judged by."""
    statement = (
        select(Volunteer)
        .where(Volunteer.scheme_id == scheme_id, Volunteer.stage == Stage.READY)
        .options(
            undefer(Volunteer.gender),
            undefer(Volunteer.lived_experience),
            joinedload(Volunteer.person),
            selectinload(Volunteer.checks),
        )
        .order_by(Volunteer.applied_at, Volunteer.id)
    )
    return session.scalars(statement).all()


def count_seconded_by_mentor(session: Session, scheme_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Count half-approved proposals by mentor: each keeps a place until the second person has decided."""
    statement = (
        select(Proposal.volunteer_id, func.count())
        .where(Proposal.scheme_id == scheme_id, Proposal.state == ProposalState.SECONDED)
        .group_by(Proposal.volunteer_id)
        .order_by(Proposal.volunteer_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


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


def count_waiting_and_ready(session: Session, by: Actor) -> tuple[int, int]:
    """Count the people who wait and the mentors at the stage ``ready`` in the actor's scheme."""
    waiting = select(func.count()).where(Mentee.scheme_id == by.scheme_id, Mentee.stage == CaseStage.WAITING)
    ready = select(func.count()).where(Volunteer.scheme_id == by.scheme_id, Volunteer.stage == Stage.READY)
    return session.scalar(waiting) or 0, session.scalar(ready) or 0
