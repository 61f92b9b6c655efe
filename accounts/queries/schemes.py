"""Reads about schemes and the agencies that refer people to them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import (
    Agency,
    Scheme,
)
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _


def list_schemes(session: Session) -> Sequence[Scheme]:
    """List all schemes by name."""
    return session.scalars(select(Scheme).order_by(Scheme.name, Scheme.id)).all()


def find_scheme(session: Session, slug: str) -> Scheme | None:
    """Find a scheme by the name in its addresses."""
    return session.scalars(select(Scheme).where(Scheme.slug == slug)).one_or_none()


def get_scheme(session: Session, slug: str) -> Scheme:
    """Get a scheme by the name in its addresses.

    Raises:
        NotVisible: There is none.
    """
    scheme = find_scheme(session, slug)
    if scheme is None:
        raise NotVisible(_("There is no such scheme."))
    return scheme


def get_own_scheme(session: Session, by: Actor) -> Scheme:
    """Get the scheme that somebody acts in."""
    return session.get_one(Scheme, by.scheme_id)


def list_agencies(session: Session, by: Actor) -> Sequence[Agency]:
    """List the partner agencies of the actor's scheme, by name."""
    statement = select(Agency).where(Agency.scheme_id == by.scheme_id).order_by(Agency.name, Agency.id)
    return session.scalars(statement).all()
