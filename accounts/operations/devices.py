"""What changes the sign-ins of a person's devices: they are seen in use, and ended one by one or all at once."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import SignIn
from accounts.operations.tokens import hash_token
from accounts.policy import Actor
from accounts.rules import SEEN_EVERY
from foundation import audit


def note_use(session: Session, *, sign_in_id: uuid.UUID, at: datetime) -> None:
    """Write down that a sign-in is in use, at most once in ``SEEN_EVERY``: the one thing that opening a page changes.

    It is no act of a person and so has no place in the audit trail.
    """
    is_due = SignIn.last_seen_at <= at - SEEN_EVERY
    statement = update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None), is_due)
    session.execute(statement.values(last_seen_at=at).execution_options(synchronize_session=False))


def renew_token(session: Session, *, sign_in: SignIn, by: Actor, at: datetime) -> str:
    """Let a sign-in go on under another cookie, and give its token; a copy of the old cookie is worth nothing."""
    token = secrets.token_urlsafe(32)
    sign_in.token_hash = hash_token(token)
    audit.record(session, by=by, at=at, verb="renew_token", subject=sign_in)
    return token


def end_sign_in(session: Session, *, sign_in: SignIn, by: Actor, at: datetime) -> None:
    """Sign one device out; its cookie is worth nothing from now on."""
    if sign_in.ended_at is None:
        sign_in.ended_at = at
        audit.record(session, by=by, at=at, verb="end_sign_in", subject=sign_in)


def end_sign_ins(
    session: Session, *, person_id: uuid.UUID, by: Actor, at: datetime, but: uuid.UUID | None = None
) -> int:
    """Sign a person out on all devices, and tell on how many.

    Args:
        session: The transaction.
        person_id: Whose devices.
        by: Who acts.
        at: When.
        but: The sign-in that goes on, where a person ends all others.
    """
    others = [row for row in queries.list_open_sign_ins(session, person_id, at) if row.id != but]
    for row in others:
        end_sign_in(session, sign_in=row, by=by, at=at)
    return len(others)
