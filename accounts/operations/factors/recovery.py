"""Recovery codes: a sheet of ten that is shown once, of which each opens once, for the day the phone is gone.

A code has 60 bits of chance, too few to stand under a plain hash, so it is hashed like a password. Hashing takes its
time and so happens outside of transactions, as it does for passwords.
"""

import secrets
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, RecoveryCode, SignIn
from accounts.operations import passwords
from accounts.operations.factors.passing import WrongCode, require_fresh, tell_of_change
from accounts.policy import Actor
from accounts.rules import RECOVERY_CODES, plain_code
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 signs, without those that look alike on paper."""

PARTS, LETTERS_IN_PART = 3, 4


def make_recovery_codes() -> list[str]:
    """Draw a sheet of codes, as people read and write them."""
    return [_draw_code() for _number in range(RECOVERY_CODES)]


def _draw_code() -> str:
    """Draw one code, such as ``k7qm-2hxd-9wfa``."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(LETTERS_IN_PART)) for _part in range(PARTS))


def hash_recovery_codes(codes: Iterable[str]) -> list[str]:
    """Hash codes before they are stored; takes about 35 ms each."""
    return [passwords.HASHER.hash(plain_code(code)) for code in codes]


def renew_recovery_codes(session: Session, *, sign_in: SignIn, hashes: Sequence[str], by: Actor, at: datetime) -> None:
    """Store a new sheet; the old one is worth nothing from now on.

    Raises:
        FactorNotFresh: The person has a factor and has not shown it just now.
        Refusal: There is no factor that codes could stand in for.
    """
    require_fresh(session, sign_in, at)
    if not queries.has_factor(session, sign_in.account_id):
        raise Refusal(_("Set up an authenticator app or a passkey first."))
    account = session.get_one(Account, sign_in.account_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    for code_hash in hashes:
        session.add(RecoveryCode(account_id=account.id, code_hash=code_hash, created_at=at))
    audit.record(session, by=by, at=at, verb="renew_recovery_codes", subject=account)
    told = _("New recovery codes were made for your account; the old ones no longer work.")
    tell_of_change(session, account=account, kept=sign_in, told=told, by=by, at=at)


def check_recovery_codes(open_codes: Sequence[RecoveryCode], typed: str) -> uuid.UUID | None:
    """Find the unused code that was typed; takes about 35 ms for each code left, so not inside a transaction."""
    found = None
    for row in open_codes:
        try:
            passwords.HASHER.verify(row.code_hash, plain_code(typed).encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            continue
        found = row.id
    return found


def use_recovery_code(session: Session, *, sign_in: SignIn, code_id: uuid.UUID | None, by: Actor, at: datetime) -> None:
    """Use up a code, write to the person that it was used, and sign the lost phone out.

    Raises:
        WrongCode: There is no such code, or somebody used it a moment ago.
    """
    row = session.get(RecoveryCode, code_id) if code_id is not None else None
    if row is None or row.account_id != sign_in.account_id or not _take(session, row, at):
        raise WrongCode(_("This is not one of your recovery codes, or it has been used."), field="recovery_code")
    audit.record(session, by=by, at=at, verb="use_recovery_code", subject=row)
    told = _("A recovery code was used to sign in to your account.")
    account = session.get_one(Account, sign_in.account_id)
    tell_of_change(session, account=account, kept=sign_in, told=told, by=by, at=at)


def _take(session: Session, row: RecoveryCode, at: datetime) -> bool:
    """Mark a code as used unless somebody was faster."""
    taking = update(RecoveryCode).where(RecoveryCode.id == row.id, RecoveryCode.used_at.is_(None)).values(used_at=at)
    return session.connection().execute(taking).rowcount == 1
