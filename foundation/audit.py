"""The audit trail: who did what to which record, when and why, written by every operation in its own transaction.

Entries form a chain: each carries a hash over its own content and over the hash before it, so that a changed, removed
or inserted entry breaks every later one. Triggers on both databases refuse changes; the chain shows those made around
them.
Values that say something about a person stay out: of a personal column the trail tells only that it changed.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Protocol, cast

from sqlalchemy import JSON, BigInteger, Column, Integer, Select, String, Text, event, inspect, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import dictionary
from foundation.db import Base
from foundation.language import _

GENESIS = "0" * 64
HIDDEN = "(personal)"
MOST_ON_PAGE = 1000
"""How many of the newest entries a page checks; the command checks all."""


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


class AuditEntry(Base):
    """One thing that somebody did."""

    __tablename__ = "audit_entry"

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), unique=True, info=dictionary.TRAIL
    )
    at: Mapped[datetime] = mapped_column(info=dictionary.TRAIL)
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(index=True, info=dictionary.TRAIL)
    scheme_id: Mapped[uuid.UUID | None] = mapped_column(info=dictionary.TRAIL)
    origin: Mapped[str] = mapped_column(String(64), info=dictionary.TRAIL)
    verb: Mapped[str] = mapped_column(String(64), info=dictionary.TRAIL)
    subject_kind: Mapped[str] = mapped_column(String(64), info=dictionary.TRAIL)
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True, info=dictionary.TRAIL)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, info=dictionary.TRAIL)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, info=dictionary.TRAIL)
    why: Mapped[str] = mapped_column(Text, default="", info=dictionary.TRAIL)
    previous_hash: Mapped[str] = mapped_column(String(64), info=dictionary.TRAIL)
    hash: Mapped[str] = mapped_column(String(64), info=dictionary.TRAIL)


class AuditHead(Base):
    """The end of the chain; its one row is locked by whoever appends, so that entries never share a place."""

    __tablename__ = "audit_head"

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), default=0, info=dictionary.TRAIL
    )
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS, info=dictionary.TRAIL)


@dataclass(frozen=True)
class Tampering:
    """The first place at which the chain does not hold."""

    position: int
    why: object


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

    The changes are read from the record itself: all columns of a new one, the changed ones of an old one.

    Args:
        session: The transaction of the operation.
        by: Who acts.
        at: When, aware.
        verb: Name of the operation.
        subject: The record; call before flushing, or the changes can no longer be seen.
        why: The reason a person gave.
    """
    before, after = _changes(session, subject)
    head = _head(session)
    entry = AuditEntry(
        position=head.position + 1,
        at=at,
        by_person_id=by.person_id,
        scheme_id=by.scheme_id,
        origin=by.origin,
        verb=verb,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        before=before,
        after=after,
        why=why,
        previous_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    head.position, head.hash = entry.position, entry.hash
    session.add(entry)
    return entry


def hash_of(entry: Any) -> str:  # noqa: ANN401 - an AuditEntry, or a row with its columns.
    """Compute the hash that an entry must carry, over its content and the hash before it."""
    content = [
        entry.previous_hash,
        entry.position,
        entry.at.astimezone(UTC).isoformat(),
        str(entry.by_person_id),
        str(entry.scheme_id),
        entry.origin,
        entry.verb,
        entry.subject_kind,
        str(entry.subject_id),
        entry.before,
        entry.after,
        entry.why,
        str(entry.id),
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def verify(session: Session, *, newest: int | None = None) -> Tampering | None:
    """Walk the chain and tell where it first fails; None means that it holds.

    O(entries), read in batches so that memory stays small.

    Args:
        session: Where to read; one statement reads all, so that an entry appended meanwhile is no false alarm.
        newest: Check only this many entries at the end; all of them unless told.
    """
    with session.execute(_chain(newest)) as rows:
        return _first_fault(rows, newest)


def _first_fault(rows: Iterable[Any], newest: int | None) -> Tampering | None:
    """Follow the chain from entry to entry."""
    previous, position, end = GENESIS, 0, None
    for row in rows:
        end = (row.head_position, row.head_hash)
        if row.id is None:
            break
        if position == 0 and newest is not None:
            # What stands before the part that is checked is taken as it is.
            position = max(0, row.head_position - newest)
            previous = row.previous_hash if position else GENESIS
        position += 1
        if row.position != position:
            return Tampering(position, _("an entry is missing or has been put in"))
        if row.previous_hash != previous or row.hash != hash_of(row):
            return Tampering(position, _("an entry has been changed"))
        previous = row.hash
    if end is None:
        return Tampering(position, _("the end of the chain is missing"))
    if end != (position, previous):
        return Tampering(position + 1, _("entries have been removed from the end"))
    return None


def _chain(newest: int | None) -> Select[Any]:
    """Select the entries in the order of the chain, each beside its end; the end alone where there is no entry."""
    is_asked = true() if newest is None else AuditEntry.position > AuditHead.position - newest
    head = (AuditHead.position.label("head_position"), AuditHead.hash.label("head_hash"))
    return (
        select(*head, *AuditEntry.__table__.columns)
        .select_from(AuditHead)
        .join(AuditEntry, is_asked, isouter=True)
        .order_by(AuditEntry.position, AuditEntry.id)
        .execution_options(yield_per=1000)
    )


def _head(session: Session) -> AuditHead:
    """Lock the end of the chain once per transaction; until the commit nobody else appends."""
    head = session.info.get("audit_head")
    if not isinstance(head, AuditHead):
        # What the session knew before it held the lock may be old, so it is read again.
        statement = select(AuditHead).with_for_update().execution_options(populate_existing=True)
        head = session.scalars(statement).one()
        session.info["audit_head"] = head
    return head


@event.listens_for(Session, "after_transaction_end")
def _forget_head(session: Session, transaction: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own object.
    """Let the next transaction lock the end of the chain anew, also after a part of one was undone."""
    if transaction.parent is None or transaction.nested:
        session.info.pop("audit_head", None)


def _changes(session: Session, subject: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell the columns of a record that change, with what stood there and what will."""
    state = inspect(subject)
    is_new = state.transient or state.pending
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    unread: list[str] = []
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if not history.has_changes() or attribute.key == "id":
            continue
        is_hidden = _is_hidden(attribute.columns[0])
        after[attribute.key] = HIDDEN if is_hidden else _plain(history.added[0] if history.added else None)
        if is_new:
            continue
        before[attribute.key] = HIDDEN if is_hidden else _plain(history.deleted[0] if history.deleted else None)
        if not history.deleted and not is_hidden:
            unread.append(attribute.key)
    return before | _read_before(session, subject, unread), after


def _read_before(session: Session, subject: Base, keys: list[str]) -> dict[str, Any]:
    """Read from the database what stood in columns that were set without being looked at."""
    if not keys:
        return {}
    model = type(subject)
    with session.no_autoflush:
        statement = select(*(getattr(model, key) for key in keys)).where(model.id == subject.id)
        row = session.execute(statement).one()
    return {key: _plain(value) for key, value in zip(keys, row, strict=True)}


def _is_hidden(column: Any) -> bool:  # noqa: ANN401 - SQLAlchemy types a mapped column more loosely than it is.
    """Whether the values of a column stay out of the trail: personal ones, and those nobody has classed."""
    entry = dictionary.entry_of(cast("Column[Any]", column))
    return entry is None or entry.is_personal


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
