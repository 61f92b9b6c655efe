"""Passwords: stored by their hashes, checked in the same time whether somebody is known or not."""

import secrets
import uuid
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account
from accounts.operations.devices import end_sign_ins
from accounts.operations.easy_passwords import is_easy
from accounts.policy import Actor
from accounts.rules import SHORTEST_PASSWORD
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _
from foundation.outbox import write_letter

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's floor for argon2id: 19 MiB, two passes, one lane; about 35 ms. Source: OWASP Password Storage Cheat Sheet."""


def set_password(
    session: Session, *, account: Account, password: str, at: datetime, but: uuid.UUID | None = None
) -> None:
    """Store a password by its hash, end every sign-in that the old one began, and close every link for a new one.

    Whoever had another one before is told of the change by letter.

    Args:
        session: The transaction.
        account: Whose password.
        password: As it was typed.
        at: When.
        but: The sign-in that goes on, where somebody changes their own password.

    Raises:
        Refusal: It has fewer than ``SHORTEST_PASSWORD`` characters, or is one of the first that somebody would try.
    """
    _require_hard(session, account, password)
    by = Actor(account.person_id, None)
    # Whoever knew the old password may sit at one of these devices.
    end_sign_ins(session, person_id=account.person_id, by=by, at=at, but=but)
    for reset in queries.list_open_resets(session, account.id):
        reset.closed_at = at
    is_another = account.password_hash is not None
    account.password_hash = HASHER.hash(password)
    audit.record(session, by=by, at=at, verb="set_password", subject=account)
    if is_another:
        _tell_of_change(session, account, at)


def _tell_of_change(session: Session, account: Account, at: datetime) -> None:
    """Write to a person that their password is another one, so that they hear of it where somebody else chose it."""
    write_letter(
        session,
        to=account.email_key,
        subject=_("Signing in to Alongside has changed"),
        body=_(
            "Hello,\n\nthe password of your account was changed. All other devices have been signed out.\n\n"
            "If this surprises you, tell your coordinator or administrator today.\n"
        ),
        at=at,
    )


def _require_hard(session: Session, account: Account, password: str) -> None:
    """Refuse a password that is too short or too easy."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(
            _("Use at least %(number)s characters. Three words you remember are good.", number=SHORTEST_PASSWORD),
            field="password",
        )
    if is_easy(password, queries.words_about(session, account)):
        raise Refusal(
            _("This password is easy to guess. Three words that have nothing to do with you are good."),
            field="password",
        )


def stronger_hash(account: Account, password: str) -> str | None:
    """Hash a right password anew where its hash is weaker than those made today; None where it is as good."""
    kept = account.password_hash
    return HASHER.hash(password) if kept is not None and HASHER.check_needs_rehash(kept) else None


def upgrade_hash(session: Session, *, account: Account, password_hash: str, at: datetime) -> None:
    """Store the same password by a stronger hash."""
    account.password_hash = password_hash
    audit.record(session, by=Actor(account.person_id, None), at=at, verb="upgrade_hash", subject=account)


def check_password(account: Account | None, password: str) -> bool:
    """Tell whether a password fits; an unknown account costs the same time as a known one."""
    known = account.password_hash if account is not None and account.disabled_at is None else None
    try:
        HASHER.verify(known or _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


@cache
def _dummy_hash() -> str:
    """Make a hash that no password fits, to be checked where there is no account."""
    return HASHER.hash(secrets.token_urlsafe(32))
