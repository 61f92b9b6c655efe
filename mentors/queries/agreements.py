"""Reads about documents, their versions, and who accepted which."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from accounts.models import Person
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import Acceptance, Document, DocumentVersion, Volunteer
from mentors.policy import visible_volunteers
from mentors.queries.volunteers import PAGE_LENGTH
from mentors.rules import ASKED_STAGES, Asks, Edition, Standing, least_accepted, newest, standing_of

_ANEW = aliased(DocumentVersion, name="anew")
_ACCEPTED = aliased(DocumentVersion, name="accepted")


def editions_of(session: Session, scheme_id: uuid.UUID | None) -> dict[uuid.UUID, list[Edition]]:
    """List the versions of every document of a scheme without their text, the first first, in one statement."""
    version = DocumentVersion
    statement = (
        select(version.id, version.document_id, version.number, version.title, version.effective_on, version.asks)
        .join(Document, Document.id == version.document_id)
        .where(Document.scheme_id == scheme_id)
        .order_by(Document.made_at, Document.id, version.number)
    )
    found: dict[uuid.UUID, list[Edition]] = {}
    for row in session.execute(statement):
        found.setdefault(row.document_id, []).append(Edition(*row))
    return found


def accepted_by_many(
    session: Session, volunteer_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, dict[uuid.UUID, set[int]]]:
    """Tell for each of several volunteers which versions of each document they accepted, in one statement."""
    statement = (
        select(Acceptance.volunteer_id, DocumentVersion.document_id, DocumentVersion.number)
        .join(DocumentVersion, DocumentVersion.id == Acceptance.version_id)
        .where(Acceptance.volunteer_id.in_(volunteer_ids))
        .order_by(Acceptance.volunteer_id, DocumentVersion.document_id, DocumentVersion.number)
    )
    found: dict[uuid.UUID, dict[uuid.UUID, set[int]]] = {volunteer_id: {} for volunteer_id in volunteer_ids}
    for volunteer_id, document_id, number in session.execute(statement):
        found[volunteer_id].setdefault(document_id, set()).add(number)
    return found


def document_standings(
    session: Session, scheme_id: uuid.UUID | None, volunteer_ids: Sequence[uuid.UUID], on: date
) -> dict[uuid.UUID, list[Standing]]:
    """Tell how volunteers of a scheme stand with each of its documents: two statements, one where there is none."""
    editions = editions_of(session, scheme_id)
    if not editions:
        return {volunteer_id: [] for volunteer_id in volunteer_ids}
    accepted = accepted_by_many(session, volunteer_ids)
    return {
        volunteer_id: [
            standing_of(versions, words.get(document_id, ()), on) for document_id, versions in editions.items()
        ]
        for volunteer_id, words in accepted.items()
    }


def has_agreed(standings: Sequence[Standing]) -> bool | None:
    """Tell whether somebody has accepted all that holds today; None where nothing is ever asked."""
    asked = [one for one in standings if one.edition.asks is not Asks.NOBODY or one.is_due]
    return not any(one.is_asked for one in asked) if asked else None


def asking_documents() -> ColumnElement[int]:
    """Say in SQL how many documents ask volunteers of a scheme for their word; for pages with no statement to spare."""
    return _count_documents()


def unanswered_documents() -> ColumnElement[int]:
    """Say in SQL how many documents ask for a volunteer's word that is missing, by the rule of ``has_word``."""
    anew = select(func.max(_ANEW.number)).where(
        _ANEW.document_id == DocumentVersion.document_id, _ANEW.asks == Asks.EVERYBODY
    )
    accepted = (
        select(Acceptance.id)
        .join(_ACCEPTED, _ACCEPTED.id == Acceptance.version_id)
        .where(
            Acceptance.volunteer_id == Volunteer.id,
            _ACCEPTED.document_id == DocumentVersion.document_id,
            _ACCEPTED.number >= func.coalesce(anew.correlate(DocumentVersion).scalar_subquery(), 1),
        )
    )
    return _count_documents(~accepted.correlate(DocumentVersion, Volunteer).exists())


def _count_documents(*filters: ColumnElement[bool]) -> ColumnElement[int]:
    """Count the documents of a volunteer's scheme whose newest version asks for a word."""
    newest_number = select(func.max(_ANEW.number)).where(_ANEW.document_id == DocumentVersion.document_id)
    return (
        select(func.count())
        .select_from(DocumentVersion)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(
            Document.scheme_id == Volunteer.scheme_id,
            DocumentVersion.number == newest_number.correlate(DocumentVersion).scalar_subquery(),
            DocumentVersion.asks != Asks.NOBODY,
            *filters,
        )
        .correlate(Volunteer)
        .scalar_subquery()
    )


def get_newest_version(session: Session, by: Actor, document_id: uuid.UUID) -> DocumentVersion:
    """Get the newest version of a document, with its text.

    Raises:
        NotVisible: The scheme has no such document.
    """
    statement = _versions(by, document_id).order_by(DocumentVersion.number.desc()).limit(1)
    return _found(session.scalars(statement).one_or_none())


def get_version(session: Session, by: Actor, document_id: uuid.UUID, number: int) -> DocumentVersion:
    """Get one version of a document, with its text.

    Raises:
        NotVisible: There is none.
    """
    statement = _versions(by, document_id).where(DocumentVersion.number == number)
    return _found(session.scalars(statement).one_or_none())


def list_versions(session: Session, by: Actor, document_id: uuid.UUID) -> Sequence[DocumentVersion]:
    """List the versions of a document with their texts, the newest first.

    Raises:
        NotVisible: The scheme has no such document.
    """
    found = session.scalars(_versions(by, document_id).order_by(DocumentVersion.number.desc())).all()
    _found(found[0] if found else None)
    return found


def _versions(by: Actor, document_id: uuid.UUID) -> Select[DocumentVersion]:
    """Select the versions of a document of the actor's scheme, texts included."""
    return (
        select(DocumentVersion)
        .join(DocumentVersion.document)
        .where(DocumentVersion.document_id == document_id, Document.scheme_id == by.scheme_id)
        .options(undefer(DocumentVersion.text), joinedload(DocumentVersion.document))
    )


def _found(version: DocumentVersion | None) -> DocumentVersion:
    """Insist that there is a version."""
    if version is None:
        raise NotVisible(_("There is no such document."))
    return version


def list_acceptances(session: Session, volunteer_id: uuid.UUID) -> Sequence[Acceptance]:
    """List what a volunteer accepted with the versions, the latest first."""
    statement = (
        select(Acceptance)
        .where(Acceptance.volunteer_id == volunteer_id)
        .options(joinedload(Acceptance.read))
        .order_by(Acceptance.noted_at.desc(), Acceptance.id)
    )
    return session.scalars(statement).all()


def count_missing(session: Session, by: Actor, editions: Mapping[uuid.UUID, Sequence[Edition]]) -> dict[uuid.UUID, int]:
    """Count by document the volunteers whose word to its newest version is asked for and missing, in one statement."""
    asked = [versions for versions in editions.values() if least_accepted(versions, newest(versions)) is not None]
    if not asked:
        return {}
    columns = [
        func.count().filter(~_has_accepted(versions)).label(f"document_{place}") for place, versions in enumerate(asked)
    ]
    row = session.execute(select(*columns).select_from(Volunteer).where(_is_asked(by))).one()
    return {versions[0].document_id: count for versions, count in zip(asked, row, strict=True)}


def list_asked(
    session: Session, by: Actor, editions: Sequence[Edition], *, missing: bool, page: int
) -> tuple[Sequence[tuple[Volunteer, Acceptance | None]], int]:
    """List one page of those whom a document is for, by name, with their latest word that counts; and how many.

    Args:
        session: To read with.
        by: Who asks.
        editions: The versions of the document.
        missing: Only those whose word is missing.
        page: From 1.
    """
    least = least_accepted(editions, newest(editions)) or 1
    filters = [_is_asked(by), *([~_has_accepted(editions)] if missing else [])]
    total = session.scalar(select(func.count()).select_from(Volunteer).where(*filters)) or 0
    statement = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(*filters)
        .options(joinedload(Volunteer.person))
        .order_by(Person.name, Volunteer.id)
        .limit(PAGE_LENGTH)
        .offset((max(page, 1) - 1) * PAGE_LENGTH)
    )
    rows = session.scalars(statement).all()
    latest = _latest_words(session, [row.id for row in rows], editions[0].document_id, least)
    return [(row, latest.get(row.id)) for row in rows], total


def _latest_words(
    session: Session, volunteer_ids: Collection[uuid.UUID], document_id: uuid.UUID, least: int
) -> dict[uuid.UUID, Acceptance]:
    """Find for each of several volunteers the newest version of a document that they accepted, from one number on."""
    statement = (
        select(Acceptance)
        .join(Acceptance.read)
        .where(
            Acceptance.volunteer_id.in_(volunteer_ids),
            DocumentVersion.document_id == document_id,
            DocumentVersion.number >= least,
        )
        .options(joinedload(Acceptance.read))
        .order_by(DocumentVersion.number, Acceptance.id)
    )
    return {row.volunteer_id: row for row in session.scalars(statement)}


def _is_asked(by: Actor) -> ColumnElement[bool]:
    """Filter to the volunteers of whom a scheme asks its documents."""
    return and_(visible_volunteers(by), Volunteer.stage.in_(ASKED_STAGES))


def _has_accepted(editions: Sequence[Edition]) -> ColumnElement[bool]:
    """Say in SQL whether a volunteer's word to the newest version is there."""
    counted = [one.id for one in editions if one.number >= (least_accepted(editions, newest(editions)) or 1)]
    accepted = select(Acceptance.id).where(Acceptance.volunteer_id == Volunteer.id, Acceptance.version_id.in_(counted))
    return accepted.correlate(Volunteer).exists()


def list_untold(session: Session, scheme_id: uuid.UUID) -> Sequence[DocumentVersion]:
    """List the versions of a scheme of which nobody has been told yet, the earliest first."""
    statement = (
        select(DocumentVersion)
        .join(DocumentVersion.document)
        .where(DocumentVersion.told_at.is_(None), Document.scheme_id == scheme_id)
        .order_by(DocumentVersion.written_at, DocumentVersion.id)
    )
    return session.scalars(statement).all()


def list_to_tell(session: Session, by: Actor, documents: Sequence[Sequence[Edition]]) -> Sequence[str]:
    """List the e-mail addresses of those whose word to the newest version of any of some documents is missing."""
    lacks = or_(*(~_has_accepted(editions) for editions in documents))
    statement = (
        select(Person.email)
        .join(Volunteer, Volunteer.person_id == Person.id)
        .where(Volunteer.scheme_id == by.scheme_id, Volunteer.stage.in_(ASKED_STAGES), Person.email != "", lacks)
        .order_by(Person.email)
        .distinct()
    )
    return session.scalars(statement).all()
