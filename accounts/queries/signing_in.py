"""Reads about sign-ins, guesses, and the links by which a password is chosen."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import (
    Account,
    Invitation,
    PasswordReset,
    SignIn,
    SignInGuess,
)
from accounts.policy import Actor
from accounts.queries.people import list_live_roles
from accounts.rules import GUESS_WINDOW, Role, is_idle
from foundation.errors import NotVisible
from foundation.language import _


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
        .options(joinedload(SignIn.account).joinedload(Account.person), joinedload(SignIn.scheme))
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


def list_other_sign_ins(session: Session, account_id: uuid.UUID, kept_id: uuid.UUID | None) -> Sequence[SignIn]:
    """List the sign-ins of an account that have not ended, but for one, oldest first."""
    statement = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.created_at, SignIn.id)
    )
    return [row for row in session.scalars(statement) if row.id != kept_id]


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


def count_recent_guesses(session: Session, key: str, device_hash: str, since: datetime) -> int:
    """Count failed tries for an e-mail address since an instant: on one known device, or on all others together."""
    statement = select(func.count()).where(
        SignInGuess.email_key == key, SignInGuess.device_hash == device_hash, SignInGuess.at > since
    )
    return session.scalar(statement) or 0


def count_failed_sign_ins(session: Session, at: datetime) -> Mapping[str, float]:
    """Count the failed tries to sign in that still count, whoever they were for."""
    statement = select(func.count(SignInGuess.id)).where(SignInGuess.at > at - GUESS_WINDOW)
    return {"": float(session.scalar(statement) or 0)}


def count_open_sign_ins(session: Session, at: datetime) -> Mapping[str, float]:
    """Count the devices that are signed in."""
    open_ones = (SignIn.ended_at.is_(None), SignIn.expires_at > at)
    return {"": float(session.scalar(select(func.count(SignIn.id)).where(*open_ones)) or 0)}


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
