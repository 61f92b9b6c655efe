"""Reads about second factors."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import (
    Account,
    AppFactor,
    FactorGuess,
    Passkey,
    RecoveryCode,
)
from foundation.errors import NotVisible
from foundation.language import _


def has_factor(session: Session, account_id: uuid.UUID) -> bool:
    """Whether an account has a second factor that counts."""
    return bool(session.scalar(select(_app_of(account_id).exists() | _passkey_of(account_id).exists())))


def _app_of(account_id: uuid.UUID) -> Select[AppFactor]:
    """Select the authenticator app that counts."""
    return select(AppFactor).where(AppFactor.account_id == account_id, AppFactor.confirmed_at.is_not(None))


def _passkey_of(account_id: uuid.UUID) -> Select[Passkey]:
    """Select the passkeys of an account."""
    return select(Passkey).where(Passkey.account_id == account_id)


def find_app(session: Session, account_id: uuid.UUID) -> AppFactor | None:
    """Find the authenticator app of an account; None while none is confirmed."""
    return session.scalars(_app_of(account_id)).one_or_none()


def find_new_app(session: Session, account_id: uuid.UUID) -> AppFactor | None:
    """Find the authenticator app that somebody is setting up and has not confirmed yet."""
    statement = (
        select(AppFactor)
        .where(AppFactor.account_id == account_id, AppFactor.confirmed_at.is_(None))
        .order_by(AppFactor.created_at.desc(), AppFactor.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def get_new_app(session: Session, account_id: uuid.UUID) -> AppFactor:
    """Get the authenticator app that somebody is setting up.

    Raises:
        NotVisible: It has been confirmed or begun anew on another page.
    """
    app = find_new_app(session, account_id)
    if app is None:
        raise NotVisible(_("You are not setting up an authenticator app now."))
    return app


def list_passkeys(session: Session, account_id: uuid.UUID) -> Sequence[Passkey]:
    """List the passkeys of an account, oldest first."""
    return session.scalars(_passkey_of(account_id).order_by(Passkey.created_at, Passkey.id)).all()


def get_passkey(session: Session, account_id: uuid.UUID, passkey_id: uuid.UUID) -> Passkey:
    """Get one passkey of an account.

    Raises:
        NotVisible: There is none, or it is somebody else's.
    """
    passkey = session.scalars(_passkey_of(account_id).where(Passkey.id == passkey_id)).one_or_none()
    if passkey is None:
        raise NotVisible(_("There is no such passkey."))
    return passkey


def find_passkey(session: Session, credential_id: str) -> Passkey | None:
    """Find a passkey by the name that the authenticator knows it by, with its account and person."""
    statement = (
        select(Passkey)
        .where(Passkey.credential_id == credential_id)
        .options(joinedload(Passkey.account).joinedload(Account.person))
    )
    return session.scalars(statement).unique().one_or_none()


def list_open_recovery_codes(session: Session, account_id: uuid.UUID) -> Sequence[RecoveryCode]:
    """List the recovery codes of an account that are not used yet."""
    statement = (
        select(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .order_by(RecoveryCode.id)
    )
    return session.scalars(statement).all()


def count_recent_factor_guesses(session: Session, account_id: uuid.UUID, since: datetime) -> int:
    """Count wrong codes for an account since an instant."""
    statement = select(func.count()).where(FactorGuess.account_id == account_id, FactorGuess.at >= since)
    return session.scalar(statement) or 0
