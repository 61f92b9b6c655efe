"""Reads about the newest round, of what a round was reckoned from, and of the names of those who stood in it."""

import uuid
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ScalarSelect, select, union_all
from sqlalchemy.orm import Session, undefer

from accounts.models import Person
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from matching.models import Proposal, Round, RoundRecord, Unmatched
from matching.policy import readable_mentees, readable_mentors, readable_proposals, readable_rounds
from matching.rules import ProposalState, RoundState, StaleWhy
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


def find_newest_round(session: Session, by: Actor) -> Round | None:
    """Find the newest finished round of the actor's scheme."""
    statement = (
        select(Round)
        .where(readable_rounds(by), Round.state == RoundState.DONE)
        .order_by(Round.asked_at.desc(), Round.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def find_last_round(session: Session, by: Actor) -> Round | None:
    """Find the last round of the actor's scheme that is finished, waits or runs; failed ones do not count."""
    return session.scalars(select(Round).where(Round.id == _last_id(by))).one_or_none()


def get_round_to_choose(session: Session, by: Actor, round_id: uuid.UUID) -> tuple[Round, bool]:
    """Get a round, and whether it is the last one and finished, so that choices can be made in it; in one statement.

    Raises:
        NotVisible: There is none, or it belongs elsewhere.
    """
    statement = select(Round, Round.id == _last_id(by)).where(Round.id == round_id, readable_rounds(by))
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such round."))
    return found[0], bool(found[1]) and found[0].state is RoundState.DONE


def _last_id(by: Actor) -> ScalarSelect[uuid.UUID]:
    """Select the last round that somebody may read and that has not failed."""
    return (
        select(Round.id)
        .where(readable_rounds(by), Round.state != RoundState.FAILED)
        .order_by(Round.asked_at.desc(), Round.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def name_everybody(session: Session, by: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Give the names behind some records of people mentored and of mentors in the actor's scheme, in one statement."""
    mentees = select(Mentee.id, Person.name).join(Person, Mentee.person_id == Person.id)
    mentors = select(Volunteer.id, Person.name).join(Person, Volunteer.person_id == Person.id)
    statement = union_all(
        mentees.where(Mentee.id.in_(ids), readable_mentees(by)),
        mentors.where(Volunteer.id.in_(ids), readable_mentors(by)),
    )
    return {row[0]: row[1] for row in session.execute(statement.order_by("name"))}


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
        .where(
            Proposal.round_id.in_(rounds),
            readable_proposals(by),
            # Where staff chose in a round, the pair that stood last counts.
            Proposal.state != ProposalState.DECLINED,
            Proposal.stale_why.is_distinct_from(StaleWhy.CHOICE),
        )
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
