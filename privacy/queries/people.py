"""Finding the person whom a request is about."""

import uuid
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from privacy.queries.known import known_here

MOST_FOUND = 50


def list_people(session: Session, by: Actor, text: str) -> Sequence[Person]:
    """List people of the actor's scheme whose name or address holds a text, by name."""
    statement = (
        select(Person)
        .where(
            known_here(by),
            or_(Person.name.icontains(text, autoescape=True), Person.email.icontains(text, autoescape=True)),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_FOUND)
    )
    return session.scalars(statement).all()


def find_subject(session: Session, by: Actor, person_id: uuid.UUID) -> Person | None:
    """Find a person of the actor's scheme."""
    return session.scalars(select(Person).where(Person.id == person_id, known_here(by))).one_or_none()


def get_subject(session: Session, by: Actor, person_id: uuid.UUID) -> Person:
    """Get a person of the actor's scheme.

    Raises:
        NotVisible: There is none.
    """
    person = find_subject(session, by, person_id)
    if person is None:
        raise NotVisible(_("There is no such person."))
    return person
