"""Reads about people, their roles and their accounts."""

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from accounts.models import (
    Account,
    Person,
    RoleGrant,
    Scheme,
)
from accounts.policy import Actor
from accounts.rules import Role
from foundation.errors import NotVisible
from foundation.language import _


def find_account(session: Session, key: str) -> Account | None:
    """Find the account of an e-mail address, given as ``email_key``."""
    return session.scalars(select(Account).where(Account.email_key == key)).one_or_none()


def find_account_of(session: Session, person_id: uuid.UUID) -> Account | None:
    """Find the account of a person."""
    return session.scalars(select(Account).where(Account.person_id == person_id)).one_or_none()


def list_live_roles(session: Session, person_id: uuid.UUID) -> Sequence[RoleGrant]:
    """List a person's roles in all schemes, oldest first."""
    statement = (
        select(RoleGrant)
        .where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return session.scalars(statement).all()


def list_grants(session: Session, by: Actor) -> Sequence[RoleGrant]:
    """List the live roles of the actor's scheme, by name of the person."""
    statement = (
        select(RoleGrant)
        .join(RoleGrant.person)
        .where(RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None))
        .options(joinedload(RoleGrant.person))
        .order_by(Person.name, RoleGrant.role, RoleGrant.id)
    )
    return session.scalars(statement).all()


def get_grant(session: Session, by: Actor, grant_id: uuid.UUID) -> RoleGrant:
    """Get a live role of the actor's scheme with its person.

    Raises:
        NotVisible: There is none, or it belongs elsewhere.
    """
    statement = (
        select(RoleGrant)
        .where(RoleGrant.id == grant_id, RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None))
        .options(joinedload(RoleGrant.person))
    )
    grant = session.scalars(statement).one_or_none()
    if grant is None:
        raise NotVisible(_("There is no such role."))
    return grant


def get_account(session: Session, by: Actor, account_id: uuid.UUID) -> Account:
    """Get the account of somebody who has a role in the actor's scheme, with their person.

    Raises:
        NotVisible: There is none, or its person has no role here.
    """
    has_role = select(RoleGrant.id).where(
        RoleGrant.person_id == Account.person_id, RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None)
    )
    statement = select(Account).where(Account.id == account_id, has_role.exists()).options(joinedload(Account.person))
    account = session.scalars(statement).one_or_none()
    if account is None:
        raise NotVisible(_("There is no such account."))
    return account


def list_accounts(session: Session, by: Actor) -> Sequence[Account]:
    """List the accounts of everybody with a live role in the actor's scheme, by name."""
    here = select(RoleGrant.person_id).where(RoleGrant.scheme_id == by.scheme_id, RoleGrant.ended_at.is_(None))
    statement = (
        select(Account).join(Account.person).where(Account.person_id.in_(here)).order_by(Person.name, Account.id)
    )
    return session.scalars(statement).all()


def list_administrator_ids(session: Session, scheme_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """List the administrators of a scheme whose accounts are not disabled, by their ids."""
    statement = (
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.scheme_id == scheme_id,
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(RoleGrant.person_id)
    )
    return session.scalars(statement).all()


def has_accounts(session: Session) -> bool:
    """Whether anybody can sign in yet."""
    return session.scalar(select(Account.id).where(Account.password_hash.is_not(None)).limit(1)) is not None


def list_staff(session: Session, scheme_id: uuid.UUID, role: Role) -> Sequence[Person]:
    """List the people with a role in a scheme, by name."""
    statement = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.scheme_id == scheme_id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return session.scalars(statement).all()


def names_of(session: Session, person_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Tell the names of several people in one statement."""
    if not person_ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)).order_by(Person.id))
    return {row.id: row.name for row in rows}


def words_about(session: Session, account: Account) -> frozenset[str]:
    """Gather what a stranger would try first: the person's name and address, and the charities they work with."""
    schemes = select(Scheme).join(RoleGrant, RoleGrant.scheme_id == Scheme.id)
    found = session.scalars(schemes.where(RoleGrant.person_id == account.person_id).order_by(Scheme.id)).all()
    texts = [account.person.name, account.email_key, *(f"{row.name} {row.charity} {row.slug}" for row in found)]
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))
