"""Showing a second factor: tries are counted, a sign-in becomes whole, and the person hears of what changes."""

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, FactorGuess, SignIn
from accounts.operations.devices import end_sign_in
from accounts.operations.tokens import hash_token
from accounts.policy import Actor
from accounts.rules import FACTOR_IS_FRESH, GUESS_WINDOW, MOST_GUESSES, PASSWORD_IS_FRESH, URGED_AGAIN
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _
from foundation.outbox import write_letter


class WrongCode(Refusal):
    """The code is not one that opens this account now."""


class TooManyCodes(Refusal):
    """This account has had its wrong codes; it waits."""


class FactorNotFresh(Refusal):
    """Factors are changed only shortly after one was shown."""


def note_factor_guess(session: Session, *, account: Account, at: datetime) -> None:
    """Count one try for an account before its code is looked at, so that parallel tries are all counted.

    The last try that is let through writes to the person, since whoever guesses here knows the password.

    Raises:
        TooManyCodes: The account has had its tries for this window.
    """
    before = queries.count_recent_factor_guesses(session, account.id, at - GUESS_WINDOW)
    if before >= MOST_GUESSES:
        raise TooManyCodes(
            _("Too many wrong codes. Wait %(minutes)s minutes and try again.", minutes=GUESS_WINDOW.seconds // 60)
        )
    session.add(FactorGuess(account_id=account.id, at=at))
    if before == MOST_GUESSES - 1:
        write_letter(
            session,
            to=account.email_key,
            subject=_("Wrong codes on your Alongside account"),
            body=_(
                "Hello,\n\nsomebody entered your password and then many wrong codes. If it was you, wait %(minutes)s "
                "minutes and try again. If it was not you, tell your coordinator or administrator today.\n",
                minutes=GUESS_WINDOW.seconds // 60,
            ),
            at=at,
        )
    session.flush()


def pass_factor(session: Session, *, sign_in: SignIn, by: Actor, at: datetime) -> str:
    """Note that a second factor was shown: the sign-in is whole, and fresh enough to change factors.

    Returns:
        The new token for the cookie; the old one, which was given for the password alone, is worth nothing from now on.

    Raises:
        Refusal: The sign-in was ended meanwhile.
    """
    if sign_in.ended_at is not None:
        raise Refusal(_("You have been signed out. Sign in again."))
    token = secrets.token_urlsafe(32)
    sign_in.token_hash = hash_token(token)
    sign_in.factor_at = at
    audit.record(session, by=by, at=at, verb="pass_factor", subject=sign_in)
    session.execute(delete(FactorGuess).where(FactorGuess.account_id == sign_in.account_id))
    session.flush()
    return token


def put_off_factor(session: Session, *, account: Account, by: Actor, at: datetime) -> None:
    """Leave a person in peace about a second factor for a while."""
    account.urged_again_at = at + URGED_AGAIN
    audit.record(session, by=by, at=at, verb="put_off_factor", subject=account)


def is_fresh(session: Session, sign_in: SignIn, at: datetime) -> bool:
    """Whether the person on this device has shown a short while ago who they are, by the best that they have.

    That is a second factor, and the password for those who are about to set up their first one.
    """
    if sign_in.factor_at is not None and at - sign_in.factor_at <= FACTOR_IS_FRESH:
        return True
    return at - sign_in.created_at <= PASSWORD_IS_FRESH and not queries.has_factor(session, sign_in.account_id)


def require_fresh(session: Session, sign_in: SignIn, at: datetime) -> None:
    """Refuse to change factors unless the person has shown just now who they are.

    Raises:
        FactorNotFresh: The person must show it again.
    """
    if not is_fresh(session, sign_in, at):
        raise FactorNotFresh(_("Confirm that it is you first."))


def tell_of_change(
    session: Session, *, account: Account, kept: SignIn | None, told: object, by: Actor, at: datetime
) -> None:
    """Write to a person what changed about their factors, and end their sign-ins everywhere else.

    Args:
        session: The transaction.
        account: Whose factors have changed.
        kept: The sign-in on which they were changed, which goes on; None where somebody else changed them.
        told: What changed, as a sentence.
        by: Who changed it.
        at: When.
    """
    for other in queries.list_other_sign_ins(session, account.id, kept.id if kept else None):
        end_sign_in(session, sign_in=other, by=by, at=at)
    write_letter(
        session,
        to=account.email_key,
        subject=_("Signing in to Alongside has changed"),
        body=_(
            "Hello,\n\n%(told)s All other devices have been signed out.\n\n"
            "If this surprises you, tell your coordinator or administrator today.\n",
            told=told,
        ),
        at=at,
    )
