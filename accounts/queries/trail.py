"""Reads of the audit trail, and of emergency access."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from accounts.models import (
    BreakGlass,
    Person,
)
from accounts.policy import Actor, visible_glasses
from foundation.audit import AuditEntry
from foundation.errors import NotVisible
from foundation.language import _

TRAIL_PAGE_LENGTH = 50

TRAIL_WORDS_FROM = 10_000
"""From how many of the newest entries the words of the filter are taken."""

LOOK = "look_under_break_glass"
"""What the audit trail calls a page that was opened by emergency access."""


@dataclass(frozen=True)
class TrailFilter:
    """Which entries of the audit trail to list.

    Attributes:
        name: Part of the name of whoever acted.
        verb: What was done.
        kind: To which kind of record.
        since: Only from then on.
        about: Only about this person.
    """

    name: str = ""
    verb: str = ""
    kind: str = ""
    since: datetime | None = None
    about: uuid.UUID | None = None


@dataclass(frozen=True)
class TrailPage:
    """One page of the audit trail, newest first."""

    rows: Sequence[AuditEntry]
    page: int
    pages: int
    total: int


def list_audit_entries(session: Session, by: Actor, asked: TrailFilter, *, page: int = 1) -> TrailPage:
    """List one page of the audit trail of the actor's scheme, newest first.

    Args:
        session: To read with.
        by: Who asks.
        asked: Which entries.
        page: From 1; beyond the last it is the last.
    """
    wanted = _wanted(by, asked)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*wanted)) or 0
    pages = max(1, -(-total // TRAIL_PAGE_LENGTH))
    page = min(max(1, page), pages)
    statement = (
        select(AuditEntry)
        .where(*wanted)
        .order_by(AuditEntry.position.desc())
        .limit(TRAIL_PAGE_LENGTH)
        .offset((page - 1) * TRAIL_PAGE_LENGTH)
    )
    return TrailPage(session.scalars(statement).all(), page, pages, total)


def list_trail_words(session: Session, by: Actor) -> tuple[list[str], list[str]]:
    """List the verbs and the kinds of records among the newest entries of the actor's scheme, each by name."""
    newest = (
        select(AuditEntry.verb, AuditEntry.subject_kind)
        .where(AuditEntry.scheme_id == by.scheme_id)
        .order_by(AuditEntry.position.desc())
        .limit(TRAIL_WORDS_FROM)
        .subquery()
    )
    pairs = session.execute(select(newest.c.verb, newest.c.subject_kind).distinct()).all()
    return sorted({verb for verb, _kind in pairs}), sorted({kind for _verb, kind in pairs})


def _wanted(by: Actor, asked: TrailFilter) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions."""
    wanted = [AuditEntry.scheme_id == by.scheme_id]
    if asked.name:
        named = select(Person.id).where(Person.name.icontains(asked.name, autoescape=True))
        wanted.append(AuditEntry.by_person_id.in_(named))
    if asked.verb:
        wanted.append(AuditEntry.verb == asked.verb)
    if asked.kind:
        wanted.append(AuditEntry.subject_kind == asked.kind)
    if asked.since is not None:
        wanted.append(AuditEntry.at >= asked.since)
    if asked.about is not None:
        wanted.append(AuditEntry.about_person_id == asked.about)
    return wanted


def list_open_glasses(
    session: Session, scheme_id: uuid.UUID, asked_by_id: uuid.UUID, at: datetime
) -> Sequence[BreakGlass]:
    """List the emergency accesses of one administrator that are open at an instant, oldest first."""
    statement = (
        select(BreakGlass)
        .where(
            BreakGlass.scheme_id == scheme_id,
            BreakGlass.asked_by_id == asked_by_id,
            BreakGlass.is_allowed.is_(True),
            BreakGlass.expires_at > at,
        )
        .order_by(BreakGlass.asked_at, BreakGlass.id)
    )
    return session.scalars(statement).all()


def list_glasses(session: Session, by: Actor, *, most: int = 100) -> Sequence[BreakGlass]:
    """List the requests for emergency access in the actor's scheme, newest first."""
    statement = (
        select(BreakGlass).where(visible_glasses(by)).order_by(BreakGlass.asked_at.desc(), BreakGlass.id).limit(most)
    )
    return session.scalars(statement).all()


def get_glass(session: Session, by: Actor, glass_id: uuid.UUID) -> BreakGlass:
    """Get a request for emergency access.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = select(BreakGlass).where(BreakGlass.id == glass_id, visible_glasses(by))
    glass = session.scalars(statement).one_or_none()
    if glass is None:
        raise NotVisible(_("There is no such request."))
    return glass


def count_looks(session: Session, glass_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Count the pages that were opened under each of several emergency accesses."""
    statement = (
        select(AuditEntry.subject_id, func.count())
        .where(AuditEntry.subject_id.in_(glass_ids), AuditEntry.verb == LOOK)
        .group_by(AuditEntry.subject_id)
        .order_by(AuditEntry.subject_id)
    )
    counted = {subject_id: count for subject_id, count in session.execute(statement) if subject_id is not None}
    return {glass_id: counted.get(glass_id, 0) for glass_id in glass_ids}
