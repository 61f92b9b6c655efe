"""Reads about schemes, people and their accounts."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Account, Agency, Invitation, PasswordReset, Person, RoleGrant, Scheme, SignIn, SignInGuess
from accounts.policy import Actor
from accounts.rules import Role, is_idle
from foundation.audit import AuditEntry
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


def find_account(session: Session, key: str) -> Account | None:
    """Find the account of an e-mail address, given as ``email_key``."""
    return session.scalars(select(Account).where(Account.email_key == key)).one_or_none()


def find_live_sign_in(session: Session, token_hash: str, at: datetime) -> SignIn | None:
    """Find a sign-in that still holds: not ended, not expired, of an account that is not disabled."""
    statement = (
        select(SignIn)
        .join(SignIn.account)
        .where(
            SignIn.token_hash == token_hash,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > at,
            Account.disabled_at.is_(None),
        )
        .options(joinedload(SignIn.account).joinedload(Account.person))
    )
    return session.scalars(statement).unique().one_or_none()


def list_open_sign_ins(session: Session, person_id: uuid.UUID, at: datetime) -> Sequence[SignIn]:
    """List the sign-ins of a person that nobody has ended and that have not run out, the last used first."""
    statement = (
        select(SignIn)
        .join(SignIn.account)
        .where(Account.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > at)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id)
    )
    return session.scalars(statement).all()


def list_live_sign_ins(session: Session, by: Actor, at: datetime) -> Sequence[SignIn]:
    """List the actor's own sign-ins that still hold, in all schemes, the last used first."""
    if by.person_id is None:
        return []
    roles: dict[uuid.UUID, set[Role]] = {}
    for grant in list_live_roles(session, by.person_id):
        roles.setdefault(grant.scheme_id, set()).add(grant.role)
    rows = list_open_sign_ins(session, by.person_id, at)
    return [row for row in rows if row.scheme_id in roles and not is_idle(roles[row.scheme_id], row.last_seen_at, at)]


def get_own_sign_in(session: Session, by: Actor, sign_in_id: uuid.UUID) -> SignIn:
    """Get one of the actor's own sign-ins.

    Raises:
        NotVisible: There is none, or it is somebody else's.
    """
    statement = select(SignIn).join(SignIn.account).where(SignIn.id == sign_in_id, Account.person_id == by.person_id)
    sign_in = session.scalars(statement).one_or_none()
    if sign_in is None:
        raise NotVisible(_("There is no such device."))
    return sign_in


def find_owner_of_token(session: Session, token_hash: str, since: datetime) -> uuid.UUID | None:
    """Find whose sign-in a token named, also after it ended; None where it had run out before an instant."""
    statement = (
        select(SignIn.account_id)
        .join(SignIn.account)
        .where(SignIn.token_hash == token_hash, SignIn.expires_at > since, Account.disabled_at.is_(None))
    )
    return session.scalars(statement).one_or_none()


def list_live_roles(session: Session, person_id: uuid.UUID) -> Sequence[RoleGrant]:
    """List a person's roles in all schemes, oldest first."""
    statement = (
        select(RoleGrant)
        .where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.granted_at, RoleGrant.id)
    )
    return session.scalars(statement).all()


def count_recent_guesses(session: Session, key: str, device_hash: str, since: datetime) -> int:
    """Count failed tries for an e-mail address since an instant: on one known device, or on all others together."""
    statement = select(func.count()).where(
        SignInGuess.email_key == key, SignInGuess.device_hash == device_hash, SignInGuess.at > since
    )
    return session.scalar(statement) or 0


def has_guesses_before(session: Session, instant: datetime) -> bool:
    """Whether there are tries so old that they count no longer."""
    return session.scalar(select(SignInGuess.id).where(SignInGuess.at <= instant).limit(1)) is not None


def count_recent_resets(session: Session, key: str, since: datetime) -> int:
    """Count how often a new password was asked for with an address, whether anybody signs in with it or not."""
    statement = select(func.count()).where(PasswordReset.email_key == key, PasswordReset.asked_at > since)
    return session.scalar(statement) or 0


def list_waiting_resets(session: Session) -> Sequence[PasswordReset]:
    """List the wishes for a new password that nobody has looked at, oldest first."""
    waits = (PasswordReset.token_hash.is_(None), PasswordReset.closed_at.is_(None))
    return session.scalars(select(PasswordReset).where(*waits).order_by(PasswordReset.asked_at, PasswordReset.id)).all()


def list_open_resets(session: Session, account_id: uuid.UUID) -> Sequence[PasswordReset]:
    """List the links of an account that have not been used or closed, oldest first."""
    statement = select(PasswordReset).where(PasswordReset.account_id == account_id, PasswordReset.closed_at.is_(None))
    return session.scalars(statement.order_by(PasswordReset.asked_at, PasswordReset.id)).all()


def find_open_reset(session: Session, token_hash: str, since: datetime) -> PasswordReset | None:
    """Find a link for a new password that can still be used: asked for since an instant, of an account not disabled."""
    statement = (
        select(PasswordReset)
        .join(PasswordReset.account)
        .where(
            PasswordReset.token_hash == token_hash,
            PasswordReset.closed_at.is_(None),
            PasswordReset.asked_at > since,
            Account.disabled_at.is_(None),
        )
    )
    return session.scalars(statement).one_or_none()


def has_resets_before(session: Session, instant: datetime) -> bool:
    """Whether there are wishes for a new password so old that they are kept no longer."""
    return session.scalar(select(PasswordReset.id).where(PasswordReset.asked_at <= instant).limit(1)) is not None


def words_about(session: Session, account: Account) -> frozenset[str]:
    """Gather what a stranger would try first: the person's name and address, and the charities they work with."""
    schemes = select(Scheme).join(RoleGrant, RoleGrant.scheme_id == Scheme.id)
    found = session.scalars(schemes.where(RoleGrant.person_id == account.person_id).order_by(Scheme.id)).all()
    texts = [account.person.name, account.email_key, *(f"{row.name} {row.charity} {row.slug}" for row in found)]
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text.casefold()))


def find_open_invitation(session: Session, token_hash: str, at: datetime) -> Invitation | None:
    """Find an invitation that can still be used."""
    statement = select(Invitation).where(
        Invitation.token_hash == token_hash, Invitation.used_at.is_(None), Invitation.expires_at > at
    )
    return session.scalars(statement).one_or_none()


def list_open_invitations(session: Session, account_id: uuid.UUID, at: datetime) -> Sequence[Invitation]:
    """List the invitations of an account that can still be used, oldest first."""
    statement = (
        select(Invitation)
        .where(Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.expires_at > at)
        .order_by(Invitation.created_at, Invitation.id)
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


def list_agencies(session: Session, by: Actor) -> Sequence[Agency]:
    """List the partner agencies of the actor's scheme, by name."""
    statement = select(Agency).where(Agency.scheme_id == by.scheme_id).order_by(Agency.name, Agency.id)
    return session.scalars(statement).all()


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


def list_audit_entries(session: Session, by: Actor, *, most: int = 100) -> Sequence[AuditEntry]:
    """List the newest entries of the audit trail of the actor's scheme, newest first."""
    statement = (
        select(AuditEntry).where(AuditEntry.scheme_id == by.scheme_id).order_by(AuditEntry.position.desc()).limit(most)
    )
    return session.scalars(statement).all()
