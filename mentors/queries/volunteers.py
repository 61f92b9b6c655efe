"""Reads of one volunteer."""

import uuid

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer_group

from accounts.models import Person
from accounts.operations import hash_token
from accounts.policy import Actor
from accounts.rules import email_key
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import Volunteer
from mentors.policy import own_record, visible_volunteers

PAGE_LENGTH = 25


def get_volunteer(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    """Get everything about a volunteer, with person, checks and moves.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = (
        _whole()
        .options(undefer_group(GROUP), selectinload(Volunteer.checks).undefer_group(GROUP))
        .where(Volunteer.id == volunteer_id, visible_volunteers(by))
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such volunteer."))
    return found


def find_own_volunteer(session: Session, by: Actor) -> Volunteer | None:
    """Find the actor's own record in the scheme they work in, with checks and moves."""
    return session.scalars(_whole().where(Volunteer.scheme_id == by.scheme_id, own_record(by))).one_or_none()


def find_volunteer_of_address(session: Session, scheme_id: uuid.UUID, email: str) -> Volunteer | None:
    """Find the newest volunteer of an e-mail address, for whoever must name a record without reading any."""
    statement = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(Volunteer.scheme_id == scheme_id, func.lower(func.trim(Person.email)) == email_key(email))
        .order_by(Volunteer.applied_at.desc(), Volunteer.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def get_own_volunteer(session: Session, by: Actor) -> Volunteer:
    """Get the actor's own record.

    Raises:
        NotVisible: They are no volunteer here.
    """
    found = find_own_volunteer(session, by)
    if found is None:
        raise NotVisible(_("You have no application in this scheme."))
    return found


def get_volunteer_of_token(session: Session, token: str) -> Volunteer:
    """Get the volunteer whose status page a letter's link names; the link alone is the right to see it.

    Raises:
        NotVisible: No letter ever had such a link.
    """
    found = session.scalars(_whole().where(Volunteer.status_token_hash == hash_token(token))).one_or_none()
    if found is None:
        raise NotVisible(_("There is no application at this address."))
    return found


def _whole() -> Select[Volunteer]:
    """Select volunteers with everything that their page shows."""
    return select(Volunteer).options(
        joinedload(Volunteer.person), selectinload(Volunteer.checks), selectinload(Volunteer.moves)
    )
