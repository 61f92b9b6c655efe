"""Emergency access: one administrator asks, another person allows, one record opens for an hour, and all is written."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import BreakGlass, Person
from accounts.policy import Actor, may_decide_glass, require, require_scheme
from accounts.rules import BREAK_GLASS_LASTS, GlassState, Permission, Role
from foundation import audit
from foundation.errors import Conflict, NotPermitted, Refusal
from foundation.language import _
from foundation.outbox import write_letter
from foundation.versions import require_version


class AlreadyDecided(Conflict):
    """Somebody else has decided about this request, or it has waited too long."""


def ask_break_glass(
    session: Session,
    *,
    person_id: uuid.UUID,
    location: str,
    why: str,
    by: Actor,
    at: datetime,
    base_url: str,
) -> BreakGlass:
    """Ask to read one person's confidential record; everybody who may decide gets a letter.

    Args:
        session: The transaction.
        person_id: Whose record.
        location: Path of the record's page.
        why: The reason.
        by: An administrator.
        at: When.
        base_url: Where the portal is, for the link in the letters.
    """
    require(by, Permission.RECORDS_UNSEAL)
    if by.person_id is None or by.scheme_id is None:
        raise NotPermitted(_("The portal itself needs no emergency access."))
    if not why.strip():
        raise Refusal(_("Enter why you must read this record now"), field="why")
    glass = BreakGlass(
        scheme_id=by.scheme_id,
        person_id=person_id,
        location=location,
        asked_by_id=by.person_id,
        asked_at=at,
        why=why.strip(),
        changed_at=at,
        changed_by_id=by.person_id,
    )
    session.add(glass)
    audit.record(session, by=by, at=at, verb="ask_break_glass", subject=glass)
    session.flush()
    subject = _("Somebody asks for emergency access")
    for person in _deciders(session, glass):
        _write(session, person, subject, f"{base_url}/emergency-access/{glass.id}", at)
    return glass


def decide_break_glass(
    session: Session,
    *,
    glass: BreakGlass,
    is_allowed: bool,
    by: Actor,
    at: datetime,
    base_url: str,
    version: int | None = None,
) -> None:
    """Allow or refuse a request as the second person; where it is allowed, every coordinator is told.

    Raises:
        NotPermitted: It is the actor's own request, or the actor's own record.
        AlreadyDecided: Somebody else was first, or it has waited too long.
    """
    require(by, Permission.UNSEALING_DECIDE)
    require_scheme(by, glass.scheme_id)
    if not may_decide_glass(by, glass):
        raise NotPermitted(_("Somebody else must decide: neither who asks nor whose record it is."))
    if glass.state_at(at) is not GlassState.ASKED:
        raise AlreadyDecided(_("This has been decided already, or has waited too long. Look at the list."))
    require_version(glass, version)
    glass.is_allowed, glass.decided_by_id, glass.decided_at = is_allowed, by.person_id, at
    glass.expires_at = at + BREAK_GLASS_LASTS if is_allowed else None
    glass.changed_at, glass.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="decide_break_glass", subject=glass)
    if is_allowed:
        subject = _("A confidential record has been opened")
        for person in queries.list_staff(session, glass.scheme_id, Role.COORDINATOR):
            _write(session, person, subject, f"{base_url}/emergency-access/{glass.id}", at)


def end_break_glass(session: Session, *, glass: BreakGlass, by: Actor, at: datetime) -> None:
    """Close the record again before the hour is over; whoever may read the request may do it."""
    require(by, Permission.RECORDS_UNSEAL, Permission.UNSEALING_DECIDE)
    require_scheme(by, glass.scheme_id)
    if glass.state_at(at) is GlassState.OPEN:
        glass.expires_at, glass.changed_at, glass.changed_by_id = at, at, by.person_id
        audit.record(session, by=by, at=at, verb="end_break_glass", subject=glass)


def note_look(session: Session, *, page: str, by: Actor, at: datetime) -> None:
    """Write down that a page was opened that only emergency access opens."""
    if by.person_id is None or by.scheme_id is None:
        return
    for glass in queries.list_open_glasses(session, by.scheme_id, by.person_id, at):
        audit.record(session, by=by, at=at, verb=queries.LOOK, subject=glass, why=page)


def _deciders(session: Session, glass: BreakGlass) -> list[Person]:
    """List who may decide about a request, each once."""
    people = [
        person
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR)
        for person in queries.list_staff(session, glass.scheme_id, role)
    ]
    return [person for person in dict.fromkeys(people) if person.id not in {glass.asked_by_id, glass.person_id}]


def _write(session: Session, person: Person, subject: object, link: str, at: datetime) -> None:
    """Write a letter that names nobody and holds a link alone."""
    if person.email:
        body = _("Hello,\n\nplease look at this page:\n\n%(link)s\n", link=link)
        write_letter(session, to=person.email, subject=subject, body=body, at=at)
