"""Documents are written in versions and accepted by volunteers, who are told when a version asks for their word."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.db import after_commit
from foundation.errors import Conflict, NotPermitted, Refusal
from foundation.jobs import wake_worker
from foundation.language import _
from foundation.outbox import write_letter
from mentors import policy, queries
from mentors.models import Acceptance, Document, DocumentVersion, Volunteer
from mentors.operations.deciding import require_decision_on, require_reason
from mentors.rules import Asks, Stage


def write_document(
    session: Session,
    *,
    title: str,
    text: str,
    effective_on: date,
    asks: Asks,
    by: Actor,
    at: datetime,
    document_id: uuid.UUID | None = None,
    after: int | None = None,
    changes: str = "",
) -> DocumentVersion:
    """Write a new document, or the next version of one; versions are never changed, only followed.

    Args:
        session: The transaction.
        title: What it is called.
        text: Its words, with the simple marks of ``blocks_of``.
        effective_on: First day on which it holds; not before today nor before the last version.
        asks: Who must accept it.
        by: Whoever runs the scheme.
        at: When.
        document_id: The document of which this is the next version; a new one where None.
        after: Number of the version that the writer had before them.
        changes: What is new in it, in a sentence for those who accepted an earlier one.

    Raises:
        Refusal: Something is missing, or the day is too early.
        Conflict: Somebody else has written a version since.
    """
    require(by, Permission.VOLUNTEERS_DECIDE)
    last = queries.get_newest_version(session, by, document_id) if document_id else None
    if last is not None and after is not None and after != last.number:
        raise Conflict(_("Somebody else has written a version of this document since. Read it before you write yours."))
    _require_sound(title, text, effective_on, last, day_of(at, by.time_zone))
    version = DocumentVersion(
        document_id=last.document_id if last else _new_document(session, by, at),
        number=last.number + 1 if last else 1,
        title=title.strip(),
        text=text,
        changes=changes,
        effective_on=effective_on,
        asks=asks,
        written_at=at,
        written_by_id=by.person_id,
    )
    session.add(version)
    audit.record(session, by=by, at=at, verb="write_document", subject=version)
    session.flush()
    after_commit(session, wake_worker)
    return version


def _new_document(session: Session, by: Actor, at: datetime) -> uuid.UUID:
    """Begin a document, and give its id."""
    document = Document(scheme_id=by.scheme_id, made_at=at)
    session.add(document)
    session.flush()
    return document.id


def _require_sound(title: str, text: str, effective_on: date, last: DocumentVersion | None, today: date) -> None:
    """Refuse a version that says nothing, or that would hold from a day that is gone."""
    if not title.strip():
        raise Refusal(_("Enter a title"), field="title")
    if not text.strip():
        raise Refusal(_("Enter the text"), field="text")
    if effective_on < today:
        raise Refusal(_("Nothing holds from a day that has passed. Choose today or a later day"), field="effective_on")
    if last is not None and effective_on < last.effective_on:
        raise Refusal(_("Choose a day that is not before the day of the last version"), field="effective_on")


def accept_document(
    session: Session, *, volunteer: Volunteer, version: DocumentVersion, typed_name: str, by: Actor, at: datetime
) -> Acceptance:
    """Take a volunteer's own word to the newest version of a document, with their typed name.

    Raises:
        NotPermitted: Somebody would accept for another.
        Refusal: No name was typed, or there is a newer version.
    """
    if not policy.is_own_record(by, volunteer):
        raise NotPermitted(_("Everybody accepts for themselves."))
    if volunteer.stage is Stage.LEFT:
        raise Refusal(_("You have left, so nothing is asked of you any more."))
    if not typed_name.strip():
        raise Refusal(_("Type your name"), field="typed_name")
    return _note(session, volunteer, version, typed_name.strip(), day_of(at, by.time_zone), by, at, is_own=True)


def enter_acceptance(
    session: Session,
    *,
    volunteer: Volunteer,
    version: DocumentVersion,
    accepted_on: date,
    why: str,
    by: Actor,
    at: datetime,
) -> Acceptance:
    """Enter that a volunteer signed the newest version of a document on paper, and why it was on paper.

    Raises:
        Refusal: The reason is missing, the day is to come, or there is a newer version.
    """
    require_decision_on(by, volunteer, None)
    require_reason(why)
    if accepted_on > day_of(at, by.time_zone):
        raise Refusal(_("Nobody has signed on a day that is to come"), field="accepted_on")
    return _note(session, volunteer, version, volunteer.person.name, accepted_on, by, at, why=why)


def _note(  # noqa: PLR0917 - the parts of one acceptance.
    session: Session,
    volunteer: Volunteer,
    version: DocumentVersion,
    name: str,
    accepted_on: date,
    by: Actor,
    at: datetime,
    *,
    is_own: bool = False,
    why: str = "",
) -> Acceptance:
    """Write an acceptance down; a second one of the same version changes nothing."""
    require_scheme(by, volunteer.scheme_id)
    if queries.get_newest_version(session, by, version.document_id).number != version.number:
        raise Refusal(_("There is a newer version of this document. Read it first."))
    statement = select(Acceptance).where(Acceptance.volunteer_id == volunteer.id, Acceptance.version_id == version.id)
    if (known := session.scalars(statement).one_or_none()) is not None:
        return known
    found = Acceptance(
        volunteer_id=volunteer.id,
        version_id=version.id,
        typed_name=name,
        accepted_on=accepted_on,
        noted_at=at,
        entered_by_id=None if is_own else by.person_id,
        why=why,
    )
    session.add(found)
    audit.record(session, by=by, at=at, verb="accept_document" if is_own else "enter_acceptance", subject=found)
    session.flush()
    return found


def tell_of_documents(session: Session, *, scheme: Scheme, by: Actor, at: datetime, base_url: str) -> int:
    """Write to those whose word a new version asks for, each once however many there are; tell how many."""
    require_scheme(by, scheme.id)
    versions = queries.list_untold(session, scheme.id)
    for version in versions:
        version.told_at = at
        audit.record(session, by=by, at=at, verb="tell_of_documents", subject=version)
    editions = queries.editions_of(session, scheme.id)
    asking = {version.document_id for version in versions if version.asks is not Asks.NOBODY}
    addresses = queries.list_to_tell(session, by, [editions[one] for one in sorted(asking)]) if asking else []
    for address in addresses:
        _tell(session, address, scheme, at, base_url)
    session.flush()
    return len(addresses)


def _tell(session: Session, address: str, scheme: Scheme, at: datetime, base_url: str) -> None:
    """Write the letter that asks to read something; it carries a link and no words of the document."""
    write_letter(
        session,
        to=address,
        subject=_("Please read and answer"),
        body=_(
            "Hello,\n\nthere is something for you to read and to agree to. It takes a few minutes:\n\n%(link)s\n\n"
            "Questions? Write to %(contact)s.\n",
            link=f"{base_url}/my-agreements",
            contact=scheme.contact_email,
        ),
        at=at,
    )
