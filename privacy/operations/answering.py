"""Requests for copies and complaints: logged, extended, answered."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.policy import Actor, require, require_scheme
from accounts.queries import get_own_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from foundation.versions import require_version
from privacy import queries
from privacy.models import Complaint, SubjectRequest
from privacy.rules import ComplaintAbout, ComplaintOutcome, IdentityCheck, answer_by


def log_request(
    session: Session,
    *,
    person: Person,
    received_on: date,
    identity: IdentityCheck,
    identity_note: str,
    by: Actor,
    at: datetime,
) -> SubjectRequest:
    """Write down that somebody asked for a copy of their data, with the day by which they have it."""
    require(by, Permission.PRIVACY_MANAGE)
    queries.get_subject(session, by, person.id)
    _require_past(received_on, by, at, "received_on")
    country = get_own_scheme(session, by).country
    request = SubjectRequest(
        scheme_id=by.scheme_id,
        person_id=person.id,
        received_on=received_on,
        identity=identity,
        identity_note=identity_note,
        due_on=answer_by(received_on, extended=False, country=country),
        logged_at=at,
        logged_by_id=by.person_id,
        changed_at=at,
        changed_by_id=by.person_id,
    )
    session.add(request)
    audit.record(session, by=by, at=at, verb="log_request", subject=request)
    session.flush()
    return request


def extend_request(
    session: Session, *, request: SubjectRequest, why: str, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Take two more months, with the reason that the person is told.

    Raises:
        Refusal: It is too late, or it was extended or answered before.
    """
    _require_open(request, by, version)
    today = day_of(at, by.time_zone)
    country = get_own_scheme(session, by).country
    if request.extended_on is not None:
        raise Refusal(_("This has been extended already, and once is all the law allows."))
    if today > answer_by(request.received_on, extended=False, country=country):
        raise Refusal(_("The first month is over. An extension has to be told within it."))
    request.extended_on, request.extended_why = today, why
    request.due_on = answer_by(request.received_on, extended=True, country=country)
    _touch(request, by, at)
    audit.record(session, by=by, at=at, verb="extend_request", subject=request)


def note_produced(session: Session, *, request: SubjectRequest, by: Actor, at: datetime) -> None:
    """Write down that the copy was made, which is a reading of everything about the person."""
    require(by, Permission.PRIVACY_MANAGE)
    require_scheme(by, request.scheme_id)
    request.produced_at = at
    _touch(request, by, at)
    audit.record(session, by=by, at=at, verb="produce_bundle", subject=request)


def deliver_request(
    session: Session,
    *,
    request: SubjectRequest,
    delivered_on: date,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Write down that the person has their copy.

    Raises:
        Refusal: No copy was made, or the day cannot be right.
    """
    _require_open(request, by, version)
    _require_past(delivered_on, by, at, "delivered_on")
    if request.produced_at is None:
        raise Refusal(_("Make the copy first."))
    if delivered_on < request.received_on:
        raise Refusal(_("The copy cannot be delivered before it was asked for."), field="delivered_on")
    request.delivered_on = delivered_on
    _touch(request, by, at)
    audit.record(session, by=by, at=at, verb="deliver_request", subject=request)


def log_complaint(
    session: Session,
    *,
    complainant: str,
    about: ComplaintAbout,
    what: str,
    received_on: date,
    by: Actor,
    at: datetime,
    person: Person | None = None,
) -> Complaint:
    """Write a complaint down; a record of the person is linked where they have one."""
    require(by, Permission.PRIVACY_MANAGE)
    _require_past(received_on, by, at, "received_on")
    complaint = Complaint(
        scheme_id=by.scheme_id,
        person_id=person.id if person else None,
        complainant=complainant,
        about=about,
        what=what,
        received_on=received_on,
        logged_at=at,
        logged_by_id=by.person_id,
        changed_at=at,
        changed_by_id=by.person_id,
    )
    session.add(complaint)
    audit.record(session, by=by, at=at, verb="log_complaint", subject=complaint)
    session.flush()
    return complaint


def acknowledge_complaint(
    session: Session, *, complaint: Complaint, on: date, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Write down that whoever complained knows that we have it."""
    _require_unanswered(complaint, by, version)
    _require_past(on, by, at, "on")
    _require_after(on, complaint, "on")
    complaint.acknowledged_on = on
    _touch(complaint, by, at)
    audit.record(session, by=by, at=at, verb="acknowledge_complaint", subject=complaint)


def answer_complaint(
    session: Session,
    *,
    complaint: Complaint,
    outcome: ComplaintOutcome,
    answer: str,
    on: date,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Write down what came of a complaint and what was answered; an answer acknowledges too."""
    _require_unanswered(complaint, by, version)
    _require_past(on, by, at, "on")
    _require_after(on, complaint, "on")
    complaint.outcome, complaint.answer, complaint.answered_on = outcome, answer, on
    complaint.acknowledged_on = complaint.acknowledged_on or on
    _touch(complaint, by, at)
    audit.record(session, by=by, at=at, verb="answer_complaint", subject=complaint)


def _touch(record: SubjectRequest | Complaint, by: Actor, at: datetime) -> None:
    """Write down who changed a record last."""
    record.changed_at, record.changed_by_id = at, by.person_id


def _require_open(request: SubjectRequest, by: Actor, version: int | None) -> None:
    """Pass silently if this actor may still work on a request as they saw it."""
    require(by, Permission.PRIVACY_MANAGE)
    require_scheme(by, request.scheme_id)
    require_version(request, version)
    if request.delivered_on is not None:
        raise Refusal(_("This request has been answered."))


def _require_unanswered(complaint: Complaint, by: Actor, version: int | None) -> None:
    """Pass silently if this actor may still work on a complaint as they saw it."""
    require(by, Permission.PRIVACY_MANAGE)
    require_scheme(by, complaint.scheme_id)
    require_version(complaint, version)
    if complaint.answered_on is not None:
        raise Refusal(_("This complaint has been answered."))


def _require_past(day: date, by: Actor, at: datetime, field: str) -> None:
    """Refuse a day that has not come yet."""
    if day > day_of(at, by.time_zone):
        raise Refusal(_("This day lies in the future."), field=field)


def _require_after(day: date, complaint: Complaint, field: str) -> None:
    """Refuse an answer from before the question."""
    if day < complaint.received_on:
        raise Refusal(_("This is before the complaint was received."), field=field)
