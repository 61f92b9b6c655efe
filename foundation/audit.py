"""The audit trail: who did what to which record, when and why, written by every operation in its own transaction.

Entries form a chain: each carries a hash over its own content and over the hash before it, so that a changed, removed or
inserted entry breaks every later one. Triggers on both databases refuse changes; the chain shows those made around them.
Values that say something about a person stay out: of a personal column the trail tells only that it changed.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Protocol

from sqlalchemy import JSON, BigInteger, Integer, String, Text, event, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import dictionary
from foundation.db import Base

GENESIS = "0" * 64
HIDDEN = "(personal)"


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
    why: str


def record(  # noqa: PLR0913 - an entry has this many parts.
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
    before, after = _changes(subject)
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


def hash_of(entry: AuditEntry) -> str:
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


def verify(session: Session) -> Tampering | None:
    """Walk the whole chain and tell where it first fails; None means that it holds.

    O(entries), read in batches so that memory stays small.
    """
    previous, position = GENESIS, 0
    for entry in _entries(session):
        position += 1
        if entry.position != position:
            return Tampering(position, "an entry is missing or has been put in")
        if entry.previous_hash != previous or entry.hash != hash_of(entry):
            return Tampering(position, "an entry has been changed")
        previous = entry.hash
    head = session.scalars(select(AuditHead)).one_or_none()
    if head is not None and (head.position, head.hash) != (position, previous):
        return Tampering(position + 1, "entries have been removed from the end")
    return None


def _entries(session: Session) -> Iterator[AuditEntry]:
    """Read all entries in the order of the chain."""
    statement = select(AuditEntry).order_by(AuditEntry.position).execution_options(yield_per=1000)
    yield from session.scalars(statement)


def _head(session: Session) -> AuditHead:
    """Lock the end of the chain once per transaction; until the commit nobody else appends."""
    head = session.info.get("audit_head")
    if not isinstance(head, AuditHead):
        head = session.scalars(select(AuditHead).with_for_update()).one()
        session.info["audit_head"] = head
    return head


@event.listens_for(Session, "after_transaction_end")
def _forget_head(session: Session, transaction: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own object.
    """Let the next transaction read the end of the chain anew."""
    if transaction.parent is None:
        session.info.pop("audit_head", None)


def _changes(subject: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell the columns of a record that change, with what stood there and what will."""
    state = inspect(subject)
    is_new = state.transient or state.pending
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if not history.has_changes() or attribute.key == "id":
            continue
        entry = dictionary.entry_of(attribute.columns[0])
        hidden = entry is None or entry.is_personal
        after[attribute.key] = HIDDEN if hidden else _plain(history.added[0] if history.added else None)
        if not is_new:
            before[attribute.key] = HIDDEN if hidden else _plain(history.deleted[0] if history.deleted else None)
    return before, after


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value, whatever it is.
    """Turn a column's value into what JSON can hold, the same on both databases."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | uuid.UUID):
        return str(value)
    if isinstance(value, float):
        # JSON columns may give a float back in another notation; its text never changes.
        return repr(value)
    return value
