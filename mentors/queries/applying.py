"""Reads about applications that are being written, and people who want to be asked again."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Scheme
from accounts.operations import hash_token
from mentors.models import ApplicationDraft, AskAgain, Volunteer
from mentors.rules import Stage


def find_draft(
    session: Session, scheme: Scheme, token: str | None, *, for_update: bool = False
) -> ApplicationDraft | None:
    """Find the application that somebody is writing, by the token in their cookie.

    Args:
        session: To read with.
        scheme: Where they apply.
        token: What the cookie holds.
        for_update: Lock the row, so that two sendings of the same draft queue.
    """
    if token is None:
        return None
    statement = select(ApplicationDraft).where(
        ApplicationDraft.token_hash == hash_token(token), ApplicationDraft.scheme_id == scheme.id
    )
    return session.scalars(statement.with_for_update() if for_update else statement).one_or_none()


def list_due_requests(session: Session, scheme: Scheme, on: date) -> Sequence[AskAgain]:
    """List who wanted to be asked again on or before a day and has not been asked, in the order of their days."""
    statement = (
        select(AskAgain)
        .where(AskAgain.scheme_id == scheme.id, AskAgain.ask_on <= on, AskAgain.asked_at.is_(None))
        .order_by(AskAgain.ask_on, AskAgain.id)
    )
    return session.scalars(statement).all()


def list_due_volunteers(session: Session, scheme: Scheme, on: date) -> Sequence[Volunteer]:
    """List volunteers who said “not now” and whose day to be asked again has come, in the order of their days."""
    statement = (
        select(Volunteer)
        .where(Volunteer.scheme_id == scheme.id, Volunteer.stage == Stage.NOT_NOW, Volunteer.ask_again_on <= on)
        .options(joinedload(Volunteer.person))
        .order_by(Volunteer.ask_again_on, Volunteer.id)
    )
    return session.scalars(statement).all()
