"""Reads about the newest round, the record of a round, and the names of those who stood in it."""

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.policy import Actor
from matching.models import Round, RoundRecord
from matching.policy import readable_rounds
from matching.rules import RoundState
from mentees.models import Mentee
from mentors.models import Volunteer


def find_newest_round(session: Session, by: Actor) -> Round | None:
    """Find the newest finished round of the actor's scheme."""
    statement = (
        select(Round)
        .where(readable_rounds(by), Round.state == RoundState.DONE)
        .order_by(Round.asked_at.desc(), Round.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def find_record(session: Session, by: Actor, round_id: uuid.UUID) -> RoundRecord | None:
    """Find what a round of the actor's scheme was reckoned from; None where it is no longer kept."""
    statement = (
        select(RoundRecord)
        .join(Round, RoundRecord.round_id == Round.id)
        .where(RoundRecord.round_id == round_id, readable_rounds(by))
    )
    return session.scalars(statement).one_or_none()


def name_mentees(session: Session, by: Actor, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Give the names of some people mentored in the actor's scheme."""
    statement = (
        select(Mentee.id, Person.name)
        .join(Person, Mentee.person_id == Person.id)
        .where(Mentee.id.in_(ids), Mentee.scheme_id == by.scheme_id)
        .order_by(Mentee.id)
    )
    return {row.id: row.name for row in session.execute(statement)}


def name_mentors(session: Session, by: Actor, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Give the names of some mentors of the actor's scheme."""
    statement = (
        select(Volunteer.id, Person.name)
        .join(Person, Volunteer.person_id == Person.id)
        .where(Volunteer.id.in_(ids), Volunteer.scheme_id == by.scheme_id)
        .order_by(Volunteer.id)
    )
    return {row.id: row.name for row in session.execute(statement)}
