"""Reads about the prisons and other closed places where people of a scheme are."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Establishment
from accounts.policy import Actor
from accounts.rules import establishment_key


def list_establishments(session: Session, by: Actor) -> Sequence[Establishment]:
    """List the establishments of the actor's scheme, by name."""
    statement = select(Establishment).where(Establishment.scheme_id == by.scheme_id)
    return session.scalars(statement.order_by(Establishment.name, Establishment.id)).all()


def find_establishment(session: Session, by: Actor, name: str) -> Establishment | None:
    """Find an establishment of the actor's scheme by its name, however it is written."""
    found = (Establishment.scheme_id == by.scheme_id, Establishment.key == establishment_key(name))
    return session.scalars(select(Establishment).where(*found)).one_or_none()
