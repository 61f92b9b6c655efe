"""Requests for copies, complaints, holds, and runs of the retention schedule."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from privacy.models import Complaint, LegalHold, RetentionRun, SubjectRequest

MOST_RUNS = 30


def list_requests(session: Session, by: Actor) -> Sequence[SubjectRequest]:
    """List the requests of the actor's scheme: open ones first, by the day they are due, then answered ones."""
    statement = (
        select(SubjectRequest)
        .where(SubjectRequest.scheme_id == by.scheme_id)
        .options(joinedload(SubjectRequest.person))
        .order_by(
            SubjectRequest.delivered_on.is_not(None),
            SubjectRequest.due_on,
            SubjectRequest.id,
        )
    )
    return session.scalars(statement).all()


def list_requests_of(session: Session, by: Actor, person_id: uuid.UUID) -> Sequence[SubjectRequest]:
    """List the requests of one person, newest first."""
    statement = (
        select(SubjectRequest)
        .where(SubjectRequest.scheme_id == by.scheme_id, SubjectRequest.person_id == person_id)
        .order_by(SubjectRequest.received_on.desc(), SubjectRequest.id)
    )
    return session.scalars(statement).all()


def get_request(session: Session, by: Actor, request_id: uuid.UUID) -> SubjectRequest:
    """Get a request of the actor's scheme with its person.

    Raises:
        NotVisible: There is none.
    """
    statement = (
        select(SubjectRequest)
        .where(SubjectRequest.id == request_id, SubjectRequest.scheme_id == by.scheme_id)
        .options(joinedload(SubjectRequest.person))
    )
    request = session.scalars(statement).one_or_none()
    if request is None:
        raise NotVisible(_("There is no such request."))
    return request


def list_complaints(session: Session, by: Actor) -> Sequence[Complaint]:
    """List the complaints of the actor's scheme: open ones first, oldest first."""
    statement = (
        select(Complaint)
        .where(Complaint.scheme_id == by.scheme_id)
        .order_by(Complaint.answered_on.is_not(None), Complaint.received_on, Complaint.id)
    )
    return session.scalars(statement).all()


def get_complaint(session: Session, by: Actor, complaint_id: uuid.UUID) -> Complaint:
    """Get a complaint of the actor's scheme.

    Raises:
        NotVisible: There is none.
    """
    statement = select(Complaint).where(Complaint.id == complaint_id, Complaint.scheme_id == by.scheme_id)
    complaint = session.scalars(statement).one_or_none()
    if complaint is None:
        raise NotVisible(_("There is no such complaint."))
    return complaint


def list_holds_of(session: Session, by: Actor, person_id: uuid.UUID) -> Sequence[LegalHold]:
    """List the holds of a person that stand, oldest first."""
    statement = (
        select(LegalHold)
        .where(LegalHold.scheme_id == by.scheme_id, LegalHold.person_id == person_id, LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.set_at, LegalHold.id)
    )
    return session.scalars(statement).all()


def list_held(session: Session, scheme_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """List the people whose data a scheme holds, so that nothing of theirs goes."""
    statement = select(LegalHold.person_id).where(LegalHold.scheme_id == scheme_id, LegalHold.lifted_at.is_(None))
    return session.scalars(statement.order_by(LegalHold.person_id)).all()


def get_hold(session: Session, by: Actor, hold_id: uuid.UUID) -> LegalHold:
    """Get a hold of the actor's scheme that stands.

    Raises:
        NotVisible: There is none.
    """
    statement = (
        select(LegalHold)
        .where(LegalHold.id == hold_id, LegalHold.scheme_id == by.scheme_id, LegalHold.lifted_at.is_(None))
        .options(joinedload(LegalHold.person))
    )
    hold = session.scalars(statement).one_or_none()
    if hold is None:
        raise NotVisible(_("There is no such hold."))
    return hold


def list_runs(session: Session, by: Actor) -> Sequence[RetentionRun]:
    """List the newest runs and previews of the actor's scheme, newest first."""
    statement = (
        select(RetentionRun)
        .where(RetentionRun.scheme_id == by.scheme_id)
        .order_by(RetentionRun.made_at.desc(), RetentionRun.id)
        .limit(MOST_RUNS)
    )
    return session.scalars(statement).all()


def get_run(session: Session, by: Actor, run_id: uuid.UUID) -> RetentionRun:
    """Get a preview or run of the actor's scheme.

    Raises:
        NotVisible: There is none.
    """
    statement = select(RetentionRun).where(RetentionRun.id == run_id, RetentionRun.scheme_id == by.scheme_id)
    run = session.scalars(statement).one_or_none()
    if run is None:
        raise NotVisible(_("There is no such preview."))
    return run
