"""Reads about what staff chose in a round, and who of a round is still as the round knew them."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session, undefer

from accounts.models import Person
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from matching.models import Proposal, RoundChoice, VetoLift
from matching.policy import readable_choices, readable_lifts
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


def list_lifts(session: Session, scheme_id: uuid.UUID, on: date) -> Sequence[VetoLift]:
    """List the rules that are lifted in a scheme on a day, by pair."""
    statement = select(VetoLift).where(
        VetoLift.scheme_id == scheme_id, VetoLift.until_on > on, VetoLift.ended_at.is_(None)
    )
    return session.scalars(statement.options(undefer(VetoLift.vetoes)).order_by(VetoLift.id)).all()


def list_lifts_of(
    session: Session, by: Actor, mentee_id: uuid.UUID, volunteer_id: uuid.UUID, on: date
) -> Sequence[tuple[VetoLift, str | None]]:
    """List what is lifted for a pair on a day, with the reason and the name of the senior, the oldest first."""
    statement = (
        _lifts_of(by, mentee_id, volunteer_id, on)
        .add_columns(Person.name)
        .outerjoin(Person, Person.id == VetoLift.made_by_id)
        .options(undefer(VetoLift.why))
        .order_by(VetoLift.made_at, VetoLift.id)
    )
    return [(lift, name) for lift, name in session.execute(statement)]


def lock_lifts(
    session: Session, by: Actor, mentee_id: uuid.UUID, volunteer_id: uuid.UUID, on: date
) -> Sequence[VetoLift]:
    """List what is lifted for a pair on a day, to be ended; whoever comes second waits here and then finds none.

    Raises:
        NotVisible: Nothing is, or it belongs elsewhere.
    """
    statement = _lifts_of(by, mentee_id, volunteer_id, on).order_by(VetoLift.id).with_for_update()
    found = session.scalars(statement).all()
    if not found:
        raise NotVisible(_("No rule is lifted for this pair."))
    return found


def _lifts_of(by: Actor, mentee_id: uuid.UUID, volunteer_id: uuid.UUID, on: date) -> Select[VetoLift]:
    """Select what is lifted for a pair on a day."""
    return select(VetoLift).where(
        readable_lifts(by),
        VetoLift.mentee_id == mentee_id,
        VetoLift.volunteer_id == volunteer_id,
        VetoLift.until_on > on,
        VetoLift.ended_at.is_(None),
    )
