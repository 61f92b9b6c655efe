"""Reads about what staff chose in a round, and who of a round is still as the round knew them."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session, undefer

from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from matching.models import Proposal, RoundChoice
from matching.policy import readable_choices, readable_proposals
from matching.rules import Origin
from mentees.models import Mentee
from mentees.rules import CaseStage
from mentors.models import Volunteer
from mentors.rules import Stage


def list_choices(session: Session, by: Actor, round_id: uuid.UUID) -> Sequence[RoundChoice]:
    """List what staff chose in a round, also what they undid, the newest first, without the reasons."""
    statement = (
        select(RoundChoice)
        .where(RoundChoice.round_id == round_id, readable_choices(by))
        .order_by(RoundChoice.made_at.desc(), RoundChoice.id)
    )
    return session.scalars(statement).all()


def has_choices(session: Session, by: Actor, round_id: uuid.UUID) -> bool:
    """Whether staff have chosen anything in a round, or proposed a pair in it by hand."""
    chosen = select(RoundChoice.id).where(RoundChoice.round_id == round_id, readable_choices(by)).exists()
    by_hand = (
        select(Proposal.id)
        .where(Proposal.round_id == round_id, readable_proposals(by), Proposal.origin != Origin.ROUND)
        .exists()
    )
    return bool(session.scalar(select(chosen | by_hand)))


def get_choice(session: Session, by: Actor, round_id: uuid.UUID, choice_id: uuid.UUID) -> RoundChoice:
    """Get a choice in a round, with its reason.

    Raises:
        NotVisible: There is none, or it belongs elsewhere.
    """
    statement = (
        select(RoundChoice)
        .where(RoundChoice.id == choice_id, RoundChoice.round_id == round_id, readable_choices(by))
        .options(undefer(RoundChoice.why))
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such choice."))
    return found


def list_round_pairs(session: Session, round_id: uuid.UUID) -> Sequence[Proposal]:
    """List all proposals of a round, whatever their state, without the people."""
    return session.scalars(select(Proposal).where(Proposal.round_id == round_id).order_by(Proposal.id)).all()


def list_present_ids(session: Session, scheme_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """List the people of a scheme who wait and consented, and its mentors at the stage ``ready``, in one statement."""
    waiting = select(Mentee.id).where(
        Mentee.scheme_id == scheme_id, Mentee.stage == CaseStage.WAITING, Mentee.consent_on.is_not(None)
    )
    ready = select(Volunteer.id).where(Volunteer.scheme_id == scheme_id, Volunteer.stage == Stage.READY)
    return session.scalars(union_all(waiting, ready).order_by("id")).all()
