"""Reads of what a round was reckoned from, and of the names that belong to it."""

import uuid
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from accounts.models import Person
from accounts.policy import Actor
from matching.models import Proposal, Round, RoundRecord, Unmatched
from matching.policy import readable_mentees, readable_mentors, readable_proposals, readable_rounds
from mentees.models import Mentee
from mentors.models import Volunteer


class Paired(NamedTuple):
    """One pair that a round proposed."""

    round_id: uuid.UUID
    mentee_id: uuid.UUID
    volunteer_id: uuid.UUID
    fit: int


class Waiting(NamedTuple):
    """Somebody whom a round left waiting."""

    round_id: uuid.UUID
    mentee_id: uuid.UUID


def find_record(session: Session, by: Actor, round_id: uuid.UUID) -> RoundRecord | None:
    """Find what a round of the actor's scheme was reckoned from; none where it went with somebody erased."""
    statement = (
        select(RoundRecord)
        .join(Round, Round.id == RoundRecord.round_id)
        .where(RoundRecord.round_id == round_id, readable_rounds(by))
        .options(undefer(RoundRecord.arrays))
    )
    return session.scalars(statement).one_or_none()


def mentor_ids_of_rounds(
    session: Session, by: Actor, rounds: Collection[uuid.UUID]
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Tell who was ready in some rounds, as their records name them, without opening what is confidential in them."""
    statement = (
        select(RoundRecord.round_id, RoundRecord.volunteer_ids)
        .join(Round, Round.id == RoundRecord.round_id)
        .where(RoundRecord.round_id.in_(rounds), readable_rounds(by))
        .order_by(RoundRecord.id)
    )
    return {row[0]: frozenset(uuid.UUID(each) for each in row[1]) for row in session.execute(statement)}


def names_of_mentees(session: Session, by: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Look up how some people of the actor's scheme are called."""
    statement = (
        select(Mentee.id, Person.name)
        .join(Person, Person.id == Mentee.person_id)
        .where(Mentee.id.in_(ids), readable_mentees(by))
        .order_by(Mentee.id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def names_of_mentors(session: Session, by: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Look up how some mentors of the actor's scheme are called."""
    statement = (
        select(Volunteer.id, Person.name)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Volunteer.id.in_(ids), readable_mentors(by))
        .order_by(Volunteer.id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def list_areas(session: Session, by: Actor, round_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Tell where each person of a round could be met, as it stands on their record today."""
    statement = (
        select(Mentee.id, Mentee.area)
        .where(
            readable_mentees(by),
            Mentee.id.in_(select(Proposal.mentee_id).where(Proposal.round_id == round_id).order_by(Proposal.mentee_id))
            | Mentee.id.in_(
                select(Unmatched.mentee_id).where(Unmatched.round_id == round_id).order_by(Unmatched.mentee_id)
            ),
        )
        .order_by(Mentee.id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def list_pairs(session: Session, by: Actor, rounds: Collection[uuid.UUID]) -> Sequence[Paired]:
    """List the pairs that some rounds proposed, without opening what is confidential of them."""
    statement = (
        select(Proposal.round_id, Proposal.mentee_id, Proposal.volunteer_id, Proposal.fit)
        .where(Proposal.round_id.in_(rounds), readable_proposals(by))
        .order_by(Proposal.round_id, Proposal.mentee_id)
    )
    return [Paired(*row) for row in session.execute(statement)]


def list_left_waiting(session: Session, by: Actor, rounds: Collection[uuid.UUID]) -> Sequence[Waiting]:
    """List whom some rounds left waiting, without opening why."""
    statement = (
        select(Unmatched.round_id, Unmatched.mentee_id)
        .join(Unmatched.round)
        .where(Unmatched.round_id.in_(rounds), readable_rounds(by))
        .order_by(Unmatched.round_id, Unmatched.mentee_id)
    )
    return [Waiting(*row) for row in session.execute(statement)]
