"""Letting go what the schedule says: a preview, then exactly what it showed; and the daily clearing of traces."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from accounts.models import Invitation, SignIn, SignInGuess
from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Conflict, NotPermitted
from foundation.language import _
from foundation.outbox import Letter, LetterState
from foundation.submissions import Submission
from mentors.models import ApplicationDraft, AskAgain
from privacy.gathering import find_due
from privacy.models import Erasure, RetentionRun
from privacy.operations.erasing import finish_erasure
from privacy.policy import may_run
from privacy.rules import ErasureWhy, short_cutoff


class ChangedMeanwhile(Conflict):
    """What would go is no longer what the preview showed."""


def preview_retention(session: Session, *, by: Actor, at: datetime) -> RetentionRun:
    """Write down what the schedule lets go in the actor's scheme today; nothing goes by it."""
    require(by, Permission.PRIVACY_MANAGE, Permission.PRIVACY_CONFIRM)
    due = find_due(session, by, day_of(at, by.time_zone))
    run = RetentionRun(
        scheme_id=by.scheme_id,
        made_at=at,
        made_by_id=by.person_id,
        counts=due.counts,
        person_ids=[str(person.id) for person in due.people],
        digest=due.digest,
    )
    session.add(run)
    audit.record(session, by=by, at=at, verb="preview_retention", subject=run)
    session.flush()
    return run


def run_retention(session: Session, *, run: RetentionRun, by: Actor, at: datetime) -> None:
    """Let go exactly what a preview showed.

    Raises:
        NotPermitted: People would go, and a second person has to confirm that.
        ChangedMeanwhile: A record was changed since; a new preview is needed.
    """
    require(by, Permission.PRIVACY_CONFIRM)
    if run.run_at is not None:
        raise ChangedMeanwhile(_("This has been carried out already."))
    if not may_run(by, run):
        raise NotPermitted(_("People would go for good, so somebody else than who made the preview has to confirm."))
    due = find_due(session, by, _day_of(run, by))
    if due.digest != run.digest:
        raise ChangedMeanwhile(_("Records have changed since the preview. Nothing went. Make a new preview."))
    for check in due.checks:
        session.delete(check)
    session.flush()
    for person in due.people:
        erasure = Erasure(
            scheme_id=by.scheme_id,
            subject_id=person.id,
            why=ErasureWhy.TIME,
            asked_at=run.made_at,
            asked_by_id=run.made_by_id,
        )
        session.add(erasure)
        session.flush()
        finish_erasure(session, erasure=erasure, by=by, at=at)
    run.run_at, run.run_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="run_retention", subject=run)
    session.flush()


def _day_of(run: RetentionRun, by: Actor) -> date:
    """Tell for which day a preview was made, so that a run some days later finds the same."""
    return day_of(run.made_at, by.time_zone)


def sweep_short(session: Session, *, by: Actor, at: datetime) -> tuple[RetentionRun | None, list[str]]:
    """Clear the traces of the machinery that are 30 days old.

    Returns:
        What was cleared, None if nothing was; and the letters whose files have to go too.
    """
    counts: dict[str, int] = {}
    letters: list[str] = []
    for model, is_over in list_short(at).items():
        ids = list(session.scalars(select(model.id).where(is_over).order_by(model.id)))
        if not ids:
            continue
        letters += [str(row_id) for row_id in ids] if model is Letter else []
        session.execute(delete(model).where(is_over).execution_options(synchronize_session=False))
        counts[model.__tablename__] = len(ids)
    if not counts:
        return None, []
    run = RetentionRun(made_at=at, counts=counts, digest="", run_at=at)
    session.add(run)
    audit.record(session, by=by, at=at, verb="sweep_short", subject=run)
    session.flush()
    return run, letters


def list_short(at: datetime) -> Mapping[Any, ColumnElement[bool]]:
    """Say of which tables which rows are over at an instant; an unsent letter is never one of them."""
    before = short_cutoff(at)
    return {
        SignInGuess: SignInGuess.at < before,
        Submission: Submission.at < before,
        Invitation: or_(Invitation.expires_at < before, Invitation.used_at < before),
        SignIn: or_(SignIn.expires_at < before, SignIn.ended_at < before),
        ApplicationDraft: ApplicationDraft.saved_at < before,
        AskAgain: AskAgain.asked_at < before,
        Letter: (Letter.state.in_([LetterState.SENT, LetterState.FAILED])) & (Letter.written_at < before),
    }


def is_short_due(session: Session, at: datetime) -> bool:
    """Look whether anything is over, before opening a transaction that every other writer would wait for."""
    found = (session.scalar(select(model.id).where(is_over).limit(1)) for model, is_over in list_short(at).items())
    return any(row_id is not None for row_id in found)
