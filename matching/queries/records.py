"""Reads about the newest round, the record of a round, and the names of those who stood in it."""

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import ScalarSelect, select, union_all
from sqlalchemy.orm import Session, undefer

from accounts.models import Person
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
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


def find_record(session: Session, by: Actor, round_id: uuid.UUID) -> RoundRecord | None:
    """Find what a round of the actor's scheme was reckoned from; None where it is no longer kept."""
    statement = (
        select(RoundRecord)
        .join(Round, RoundRecord.round_id == Round.id)
        .where(RoundRecord.round_id == round_id, readable_rounds(by))
        .options(undefer(RoundRecord.arrays))
    )
    return session.scalars(statement).one_or_none()


def name_everybody(session: Session, by: Actor, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Give the names behind some records of people mentored and of mentors in the actor's scheme, in one statement."""
    mentees = select(Mentee.id, Person.name).join(Person, Mentee.person_id == Person.id)
    mentors = select(Volunteer.id, Person.name).join(Person, Volunteer.person_id == Person.id)
    statement = union_all(
        mentees.where(Mentee.id.in_(ids), Mentee.scheme_id == by.scheme_id),
        mentors.where(Volunteer.id.in_(ids), Volunteer.scheme_id == by.scheme_id),
    )
    return {row[0]: row[1] for row in session.execute(statement.order_by("name"))}
