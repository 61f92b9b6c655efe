"""What begins a sign-in: guesses are counted, and a device is signed in."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, SignIn, SignInGuess
from accounts.operations.devices import end_sign_in
from accounts.operations.tokens import hash_token
from accounts.policy import Actor
from accounts.rules import GUESS_WINDOW, MOST_GUESSES, SIGN_IN_LASTS, email_key
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _


class WrongCredentials(Refusal):
    """Address and password do not belong together; which of the two is wrong is not said."""


class TooManyGuesses(Refusal):
    """This address has been tried too often; it waits."""


def note_guess(session: Session, *, email: str, at: datetime, device_hash: str = "") -> uuid.UUID:
    """Count one try for an address before it is checked, so that parallel tries are all counted.

    Writers queue on both databases, so that counting and adding cannot be parted by another process.

    Args:
        session: The transaction; saved before the password is looked at.
        email: What was typed, whether anybody signs in with it or not.
        at: When.
        device_hash: Names a device on which this person signed in before; empty for any other.

    Returns:
        Which try it is, to be forgotten if the password was right.

    Raises:
        TooManyGuesses: The address has had its tries for this window.
    """
    # Some people type their password where the address belongs, and guesses are only ever compared.
    key = hash_token(email_key(email))
    if queries.count_recent_guesses(session, key, device_hash, at - GUESS_WINDOW) >= MOST_GUESSES:
        raise TooManyGuesses(
            _("Too many tries. Wait %(minutes)s minutes and try again.", minutes=GUESS_WINDOW.seconds // 60)
        )
    guess = SignInGuess(email_key=key, device_hash=device_hash, at=at)
    session.add(guess)
    session.flush()
    return guess.id


def forget_guess(session: Session, *, guess_id: uuid.UUID) -> None:
    """Take back one try whose password was right; those of strangers still count."""
    session.execute(delete(SignInGuess).where(SignInGuess.id == guess_id))


def forget_old_guesses(session: Session, *, at: datetime) -> None:
    """Remove tries so old that they count no longer."""
    session.execute(delete(SignInGuess).where(SignInGuess.at <= at - GUESS_WINDOW))


def begin_sign_in(
    session: Session,
    *,
    account: Account,
    at: datetime,
    device: str,
    origin: str,
    scheme_id: uuid.UUID | None = None,
    factor_at: datetime | None = None,
    instead_of: uuid.UUID | None = None,
) -> str:
    """Sign a person in on one device.

    Args:
        session: The transaction.
        account: Whose password has just been checked.
        at: When.
        device: What the browser says it is.
        origin: Network address, for the audit trail.
        scheme_id: The scheme to work in; the first one the person has a role in unless told.
        factor_at: When a second factor was shown; None where the password alone was.
        instead_of: The sign-in that this browser had until now; it ends, so that no browser leaves one behind.

    Returns:
        The token for the cookie; only its hash is stored.

    Raises:
        WrongCredentials: The person has no live role anywhere.
    """
    grants = queries.list_live_roles(session, account.person_id)
    schemes = [grant.scheme_id for grant in grants]
    if not schemes or (scheme_id is not None and scheme_id not in schemes):
        raise WrongCredentials(_("Email address or password is not right."))
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        account_id=account.id,
        scheme_id=scheme_id or schemes[0],
        token_hash=hash_token(token),
        device=device[:200],
        created_at=at,
        last_seen_at=at,
        expires_at=at + SIGN_IN_LASTS,
        factor_at=factor_at,
    )
    session.add(sign_in)
    by = Actor(account.person_id, sign_in.scheme_id, origin=origin)
    earlier = session.get(SignIn, instead_of) if instead_of is not None else None
    if earlier is not None:
        end_sign_in(session, sign_in=earlier, by=by, at=at)
    audit.record(session, by=by, at=at, verb="begin_sign_in", subject=sign_in)
    return token
