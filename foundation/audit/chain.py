"""The chain: each entry carries a hash over its own content and over the hash before it.

A changed, removed or inserted entry breaks every later one. Triggers on both databases refuse changes; the chain shows
those made around them. What is personal in an entry is hashed as it lies there, under the key of the person, so that
the chain stays whole when the key is destroyed.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Select, event, select, true
from sqlalchemy.orm import Session

from foundation.audit.models import ABOUT, GENESIS, AuditEntry, AuditHead
from foundation.language import _

MOST_ON_PAGE = 1000
"""How many of the newest entries a page checks; the command checks all."""


@dataclass(frozen=True)
class Tampering:
    """The first place at which the chain does not hold."""

    position: int
    why: object


def append(session: Session, entry: AuditEntry) -> AuditEntry:
    """Put an entry at the end of the chain."""
    head = _lock_head(session)
    entry.position, entry.previous_hash = head.position + 1, head.hash
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
        if row.previous_hash != previous or row.hash != hash_of(row) or not _names_its_person(row):
            return Tampering(position, _("an entry has been changed"))
        previous = row.hash
    if end is None:
        return Tampering(position, _("the end of the chain is missing"))
    if end != (position, previous):
        return Tampering(position + 1, _("entries have been removed from the end"))
    return None


def _names_its_person(row: Any) -> bool:  # noqa: ANN401 - a row with the columns of an entry.
    """Whether the person by which an entry is found is the one that its hash covers."""
    about = row.about_person_id
    return bool((None if about is None else str(about)) == row.after.get(ABOUT))


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


def _lock_head(session: Session) -> AuditHead:
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
