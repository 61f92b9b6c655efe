"""Passwords and tokens: stored by their hashes, checked in the same time whether somebody is known or not."""

import hashlib
import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.operations.devices import end_sign_ins
from accounts.policy import Actor
from accounts.rules import SHORTEST_PASSWORD
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's floor for argon2id: 19 MiB, two passes, one lane; about 35 ms. Source: OWASP Password Storage Cheat Sheet."""


def set_password(session: Session, *, account: Account, password: str, at: datetime) -> None:
    """Store a password by its hash, and end every sign-in that the old one began.

    Raises:
        Refusal: It has fewer than ``SHORTEST_PASSWORD`` characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(
            _("Use at least %(number)s characters. Three words you remember are good.", number=SHORTEST_PASSWORD),
            field="password",
        )
    by = Actor(account.person_id, None)
    # Whoever knew the old password may sit at one of these devices.
    end_sign_ins(session, person_id=account.person_id, by=by, at=at)
    account.password_hash = HASHER.hash(password)
    audit.record(session, by=by, at=at, verb="set_password", subject=account)


def check_password(account: Account | None, password: str) -> bool:
    """Tell whether a password fits; an unknown account costs the same time as a known one."""
    known = account.password_hash if account is not None and account.disabled_at is None else None
    try:
        HASHER.verify(known or _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def hash_token(token: str) -> str:
    """Hash a random token; it has 256 bits of chance in it, so that a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _dummy_hash() -> str:
    """Make a hash that no password fits, to be checked where there is no account."""
    return HASHER.hash(secrets.token_urlsafe(32))
