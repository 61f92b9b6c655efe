"""What the trail says of a person, under a key of theirs alone that can be destroyed."""

import base64
import binascii
import json
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import event
from sqlalchemy.orm import Session

from foundation.audit.models import HIDDEN, SEALED, AuditEntry, PersonKey
from foundation.db import Base
from foundation.key_texts import KEY_BYTES, new_key
from foundation.keyring import NONCE_BYTES


@dataclass(frozen=True)
class Opened:
    """What an entry says once its personal values are opened.

    Attributes:
        before: Column to value, as it stood.
        after: Column to value, as it was written.
        why: The reason.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    why: str


def cipher_of(session: Session, person_id: uuid.UUID, at: datetime) -> AESGCM | None:
    """Give the cipher of a person, with a new key where they have none; None once their key was destroyed."""
    row = _find(session, person_id)
    if row is None:
        key = new_key()
        row = PersonKey(id=person_id, key=base64.b64encode(key).decode("ascii"), made_at=at)
        session.add(row)
        _known(session)[person_id] = row
    return _cipher(row)


def seal(cipher: AESGCM, entry_id: uuid.UUID, part: str, value: object) -> str:
    """Encrypt a part of an entry, so that it opens at no other place."""
    nonce = os.urandom(NONCE_BYTES)
    content = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    sealed = cipher.encrypt(nonce, content, _place(entry_id, part))
    return binascii.b2a_base64(nonce + sealed, newline=False).decode("ascii")


def open_entry(session: Session, entry: AuditEntry) -> Opened | None:
    """Open what an entry holds under the key of the person it is about; who may is for the caller to decide.

    Returns:
        None where the key was destroyed or the person never had one.
    """
    row = None if entry.about_person_id is None else _find(session, entry.about_person_id)
    cipher = None if row is None else _cipher(row)
    if cipher is None:
        return None
    before, after = (_opened(cipher, entry, part) for part in ("before", "after"))
    why = entry.why
    if entry.is_why_sealed:
        why = _open(cipher, entry.id, "why", entry.why.removeprefix(SEALED).strip())
    return Opened(before, after, why)


def destroy_key(session: Session, person_id: uuid.UUID, at: datetime) -> PersonKey:
    """Destroy the key of a person; nothing about them is sealed from then on, nor anything opened."""
    row = _find(session, person_id) or PersonKey(id=person_id, made_at=at)
    session.add(row)
    _known(session)[person_id] = row
    row.key, row.destroyed_at = None, row.destroyed_at or at
    return row


def _opened(cipher: AESGCM, entry: AuditEntry, part: str) -> dict[str, Any]:
    """Put the real values into one side of an entry."""
    values = {name: value for name, value in getattr(entry, part).items() if not name.startswith("(")}
    sealed = getattr(entry, part).get(SEALED)
    return values if sealed is None else values | _open(cipher, entry.id, part, sealed)


def _open(cipher: AESGCM, entry_id: uuid.UUID, part: str, sealed: str) -> Any:  # noqa: ANN401 - whatever was sealed.
    """Decrypt a part of an entry; what was changed says only that it is personal."""
    try:
        raw = binascii.a2b_base64(sealed)
        return json.loads(cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _place(entry_id, part)))
    except (InvalidTag, ValueError):
        return HIDDEN if part == "why" else {}


def _place(entry_id: uuid.UUID, part: str) -> bytes:
    """Name the one place at which something opens."""
    return f"audit_entry.{part}:{entry_id.hex}".encode()


def _cipher(row: PersonKey) -> AESGCM | None:
    """Make the cipher of a key that is still there."""
    key = base64.b64decode(row.key) if row.key else b""
    return AESGCM(key) if len(key) == KEY_BYTES else None


def _find(session: Session, person_id: uuid.UUID) -> PersonKey | None:
    """Find the key of a person, read once per transaction."""
    known = _known(session)
    if person_id not in known:
        if _is_new(session, person_id):
            return None
        with session.no_autoflush:
            row = session.get(PersonKey, person_id)
        if row is None:
            return None
        known[person_id] = row
    return known[person_id]


def _is_new(session: Session, person_id: uuid.UUID) -> bool:
    """Whether a person is made in this transaction, and so has no key for certain."""
    return person_id in session.info.get("new_people", ()) or any(
        record.id == person_id for record in session.new if _is_person(record)
    )


def _is_person(record: object) -> bool:
    """Whether a record is a person."""
    return isinstance(record, Base) and record.concerns == "id" and not isinstance(record, PersonKey)


@event.listens_for(Session, "pending_to_persistent")
def _remember_new(session: Session, record: object) -> None:
    """Remember who was made in this transaction."""
    if _is_person(record):
        session.info.setdefault("new_people", set()).add(cast("Base", record).id)


def _known(session: Session) -> dict[uuid.UUID, PersonKey]:
    """The keys that this transaction has met."""
    known: dict[uuid.UUID, PersonKey] = session.info.setdefault("person_keys", {})
    return known


@event.listens_for(Session, "after_transaction_end")
def _forget_keys(session: Session, transaction: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own object.
    """Let the next transaction read the keys anew, so that a destroyed one is seen at once."""
    if transaction.parent is None or transaction.nested:
        session.info.pop("person_keys", None)
        session.info.pop("new_people", None)
