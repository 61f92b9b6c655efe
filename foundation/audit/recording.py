"""Writing entries: what an operation did to a record, and what somebody read about a person."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Protocol, cast

from sqlalchemy import Column, inspect, select
from sqlalchemy.orm import Session

from foundation import dictionary
from foundation.audit import person_keys
from foundation.audit.chain import append
from foundation.audit.concerning import person_concerned
from foundation.audit.models import ABOUT, HIDDEN, PAGE, READ, SEALED, AuditEntry, PersonKey
from foundation.db import Base


class Author(Protocol):
    """Whoever acts: a person, or the portal's own jobs."""

    @property
    def person_id(self) -> uuid.UUID | None:
        """The person, or None for the portal itself."""

    @property
    def scheme_id(self) -> uuid.UUID | None:
        """The scheme in which the person acts."""

    @property
    def origin(self) -> str:
        """From where: a network address, ``job`` or ``command``."""


@dataclass
class _Side:
    """One side of a change: what the trail shows, and the personal values that it only keeps sealed."""

    shown: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)

    def put(self, column: Column[Any], name: str, value: object) -> None:
        """Add a value as its entry in the data dictionary asks."""
        entry = dictionary.entry_of(column)
        if entry is not None and not entry.is_personal:
            self.shown[name] = _plain(value)
            return
        self.shown[name] = HIDDEN
        # A secret is kept nowhere but in its column, and what nobody has classed may be one.
        if entry is not None and not entry.is_told_of_only:
            self.personal[name] = _plain(value)


def record(
    session: Session,
    *,
    by: Author,
    at: datetime,
    verb: str,
    subject: Base,
    why: str = "",
) -> AuditEntry:
    """Write down what an operation did to a record, before its changes are flushed.

    The changes are read from the record itself: all columns of a new one, the changed ones of an old one. Personal
    values and the reason lie under the key of the person whom the record concerns; where there is no such person, or
    their key was destroyed, the trail tells only that they changed.

    Args:
        session: The transaction of the operation.
        by: Who acts.
        at: When, aware.
        verb: Name of the operation.
        subject: The record; call before flushing, or the changes can no longer be seen.
        why: The reason a person gave.
    """
    before, after = _changes(session, subject)
    person_id = person_concerned(session, subject)
    entry = _begin(by, at, verb, subject.__tablename__, subject.id)
    entry.before, entry.after, entry.why = before.shown, after.shown, why
    if person_id is not None:
        _name_person(entry, person_id)
        _seal(session, entry, person_id, before, after)
    return append(session, entry)


def record_reading(
    session: Session,
    *,
    by: Author,
    at: datetime,
    page: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    person_id: uuid.UUID | None,
) -> AuditEntry:
    """Write down that somebody was shown what is confidential about a person.

    Args:
        session: A transaction that is saved before the page is shown.
        by: Who reads.
        at: When, aware.
        page: Endpoint of the page.
        subject_kind: Table of the record that was read.
        subject_id: Its id.
        person_id: Whom it is about, where it is about somebody.
    """
    entry = _begin(by, at, READ, subject_kind, subject_id)
    entry.after = {PAGE: page}
    if person_id is not None:
        _name_person(entry, person_id)
    return append(session, entry)


def destroy_person_key(session: Session, *, person_id: uuid.UUID, by: Author, at: datetime) -> PersonKey:
    """Make unreadable for ever what the trail holds of a person, as an erasure does; the chain stays whole.

    What lies in the write-ahead log and in backups is for the erasure to deal with.
    """
    row = person_keys.destroy_key(session, person_id, at)
    record(session, by=by, at=at, verb="destroy_person_key", subject=row)
    session.flush()
    return row


def _begin(by: Author, at: datetime, verb: str, kind: str, subject_id: uuid.UUID) -> AuditEntry:
    """Begin an entry with what every one tells."""
    return AuditEntry(
        at=at,
        by_person_id=by.person_id,
        scheme_id=by.scheme_id,
        origin=by.origin,
        verb=verb,
        subject_kind=kind,
        subject_id=subject_id,
        before={},
        after={},
    )


def _name_person(entry: AuditEntry, person_id: uuid.UUID) -> None:
    """Say whom an entry is about, for the hash and for whoever searches."""
    entry.after = {**entry.after, ABOUT: str(person_id)}
    entry.about_person_id = person_id


def _seal(session: Session, entry: AuditEntry, person_id: uuid.UUID, before: _Side, after: _Side) -> None:
    """Put the personal values and the reason under the key of the person, or leave them out if it is gone."""
    if not (before.personal or after.personal or entry.why):
        return
    cipher = person_keys.cipher_of(session, person_id, entry.at)
    if cipher is None:
        entry.why = HIDDEN if entry.why else ""
        return
    for part, side in (("before", before), ("after", after)):
        if side.personal:
            sealed = person_keys.seal(cipher, entry.id, part, side.personal)
            setattr(entry, part, {**getattr(entry, part), SEALED: sealed})
    if entry.why:
        entry.why = f"{SEALED} {person_keys.seal(cipher, entry.id, 'why', entry.why)}"


def _changes(session: Session, subject: Base) -> tuple[_Side, _Side]:
    """Tell the columns of a record that change, with what stood there and what will."""
    state = inspect(subject)
    is_new = state.transient or state.pending
    before, after = _Side(), _Side()
    unread: dict[str, Column[Any]] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if not history.has_changes() or attribute.key == "id":
            continue
        column = cast("Column[Any]", attribute.columns[0])
        after.put(column, attribute.key, history.added[0] if history.added else None)
        if is_new:
            continue
        if history.deleted:
            before.put(column, attribute.key, history.deleted[0])
        else:
            unread[attribute.key] = column
    for key, value in _read_before(session, subject, list(unread)).items():
        before.put(unread[key], key, value)
    return before, after


def _read_before(session: Session, subject: Base, keys: list[str]) -> dict[str, Any]:
    """Read from the database what stood in columns that were set without being looked at."""
    if not keys:
        return {}
    model = type(subject)
    with session.no_autoflush:
        statement = select(*(getattr(model, key) for key in keys)).where(model.id == subject.id)
        row = session.execute(statement).one()
    return dict(zip(keys, row, strict=True))


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value, whatever it is.
    """Turn a column's value into what JSON can hold and gives back unchanged, the same on both databases."""
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    # JSON columns may give a float back in another notation; its text never changes.
    return repr(value) if isinstance(value, float) else str(value) if isinstance(value, date | uuid.UUID) else value
