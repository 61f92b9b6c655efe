"""What changes forgotten passwords: a link is asked for, sent where somebody is known, and used once.

Asking writes the same row for every address and nothing else, so that neither the answer nor its time tells who is
known.
"""

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Account, PasswordReset
from accounts.operations.passwords import set_password
from accounts.operations.people import LinkNotUsable
from accounts.operations.tokens import hash_token
from accounts.policy import Actor
from accounts.rules import MOST_RESETS, RESET_LASTS, RESETS_KEPT, email_key
from foundation import audit
from foundation.db import after_commit
from foundation.jobs import wake_worker
from foundation.language import _
from foundation.outbox import write_letter


def ask_reset(session: Session, *, email: str, at: datetime) -> None:
    """Write down that somebody wants a new password, unless the address has had its letters for this hour."""
    key = email_key(email)
    if queries.count_recent_resets(session, key, at - RESET_LASTS) < MOST_RESETS:
        session.add(PasswordReset(email_key=key, asked_at=at))
    after_commit(session, wake_worker)


def send_resets(session: Session, *, base_url: str, at: datetime) -> None:
    """Send a link to everybody who asked for one and is known; a wish from anybody else is closed."""
    for reset in queries.list_waiting_resets(session):
        account = queries.find_account(session, reset.email_key)
        if account is None or account.disabled_at is not None:
            reset.closed_at = at
        else:
            _send_reset(session, reset, account, base_url, at)


def _send_reset(session: Session, reset: PasswordReset, account: Account, base_url: str, at: datetime) -> None:
    """Send one link and close the older ones."""
    for older in queries.list_open_resets(session, account.id):
        older.closed_at = at
    token = secrets.token_urlsafe(32)
    reset.account_id, reset.token_hash = account.id, hash_token(token)
    audit.record(session, by=Actor(None, None, origin="job"), at=at, verb="send_reset", subject=reset)
    write_letter(
        session,
        to=account.email_key,
        subject=_("A new password for Alongside"),
        body=_(
            "Hello,\n\nsomebody asked for a new password with this address. Choose it here:\n\n%(link)s\n\n"
            "The link works once, for one hour. If it was not you, do nothing: your password stays as it is.\n",
            link=f"{base_url}/new-password/{token}",
        ),
        at=at,
    )
    session.flush()


def reset_password(session: Session, *, token: str, password: str, at: datetime) -> None:
    """Choose a new password by a link; every sign-in ends, and signing in asks for all that it asked for before.

    Raises:
        LinkNotUsable: Used, expired, overtaken by a newer one or unknown.
        Refusal: The password is too short or too easy; the link can still be used.
    """
    reset = queries.find_open_reset(session, hash_token(token), at - RESET_LASTS)
    if reset is None or reset.account_id is None:
        raise LinkNotUsable(_("This link has been used or has run out. Ask for a new one."))
    reset.closed_at = at
    set_password(session, account=session.get_one(Account, reset.account_id), password=password, at=at)


def forget_old_resets(session: Session, *, at: datetime) -> None:
    """Remove wishes that are kept no longer."""
    session.execute(delete(PasswordReset).where(PasswordReset.asked_at <= at - RESETS_KEPT))
