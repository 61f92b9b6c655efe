"""The tables of the audit trail: its entries, the end of its chain, and the keys of the people it tells of."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation import dictionary
from foundation.db import Base
from foundation.encryption import sealed

GENESIS = "0" * 64
HIDDEN = "(personal)"
"""Stands in an entry for a value that says something about a person."""
SEALED = "(sealed)"
"""Name, in ``before`` and ``after``, of the real values under the key of the person; in ``why`` it comes first."""
ABOUT = "(about)"
"""Name, in ``after``, of the person whom an entry is about, so that the chain holds it."""
PAGE = "(page)"
"""Name, in ``after``, of the page on which something was read."""
READ = "read"
"""The verb of entries that tell of a reading."""


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
    about_person_id: Mapped[uuid.UUID | None] = mapped_column(index=True, info=dictionary.TRAIL)
    """The person of ``after``, once more where it can be searched for."""
    before: Mapped[dict[str, Any]] = mapped_column(JSON, info=dictionary.TRAIL)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, info=dictionary.TRAIL)
    why: Mapped[str] = mapped_column(Text, default="", info=dictionary.TRAIL)
    previous_hash: Mapped[str] = mapped_column(String(64), info=dictionary.TRAIL)
    hash: Mapped[str] = mapped_column(String(64), info=dictionary.TRAIL)

    @property
    def changed(self) -> list[str]:
        """Names of the columns that changed."""
        return [name for name in self.after if not name.startswith("(")]

    @property
    def page(self) -> str:
        """The page on which something was read; empty for a change."""
        return str(self.after.get(PAGE, ""))

    @property
    def is_why_sealed(self) -> bool:
        """Whether the reason lies under the key of a person."""
        return self.why.startswith(SEALED)


class AuditHead(Base):
    """The end of the chain; its one row is locked by whoever appends, so that entries never share a place."""

    __tablename__ = "audit_head"

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), default=0, info=dictionary.TRAIL
    )
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS, info=dictionary.TRAIL)


class PersonKey(Base):
    """The key of one person, whose id the row has; without it nobody reads what the trail says of them."""

    __tablename__ = "person_key"
    concerns: ClassVar[str] = "id"

    key: Mapped[str | None] = sealed(str, info=dictionary.SECRET)
    made_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    destroyed_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)
