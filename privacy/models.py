"""Requests for one's own data, complaints, holds, erasures, and runs of the retention schedule."""

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from foundation.versions import Versioned
from privacy.rules import ComplaintAbout, ComplaintOutcome, ErasureState, ErasureWhy, IdentityCheck


class SubjectRequest(Versioned, Base):
    """Somebody asked for a copy of their data."""

    __tablename__ = "subject_request"
    __table_args__ = (Index("ix_subject_request_due", "scheme_id", "delivered_on", "due_on"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True, info=dictionary.OPERATIONAL)
    received_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    identity: Mapped[IdentityCheck] = mapped_column(Choice(IdentityCheck), info=dictionary.OPERATIONAL)
    identity_note: Mapped[str] = mapped_column(String(200), default="", info=dictionary.CONTACT)
    due_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    extended_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    extended_why: Mapped[str] = mapped_column(Text, default="", info=dictionary.CONTACT)
    produced_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    delivered_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    logged_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    logged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Complaint(Versioned, Base):
    """Somebody is not content, with their data or with anything else."""

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_scheme", "scheme_id", "answered_on", "received_on"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id"), index=True, info=dictionary.OPERATIONAL
    )
    complainant: Mapped[str] = sealed(str, info=dictionary.CONFIDENTIAL)
    about: Mapped[ComplaintAbout] = mapped_column(Choice(ComplaintAbout), info=dictionary.OPERATIONAL)
    what: Mapped[str] = sealed(str, info=dictionary.CONFIDENTIAL)
    received_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    acknowledged_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    answered_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    outcome: Mapped[ComplaintOutcome | None] = mapped_column(Choice(ComplaintOutcome), info=dictionary.OPERATIONAL)
    answer: Mapped[str] = sealed(str, default="", info=dictionary.CONFIDENTIAL)
    logged_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    logged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class LegalHold(Base):
    """A reason, such as a claim before a court, for which nothing of a person may go until it is lifted."""

    __tablename__ = "legal_hold"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.OPERATIONAL)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True, info=dictionary.OPERATIONAL)
    why: Mapped[str] = sealed(str, info=dictionary.IN_CONFIDENCE)
    set_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    lifted_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    lifted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Erasure(Base):
    """A person whose data goes or has gone: ids and days alone, so that the row may stay for good."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_scheme", "scheme_id", "state", "asked_at"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.FIGURE)
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True, info=dictionary.TECHNICAL)
    """The person, without a foreign key: a backup that is restored may not know them."""
    state: Mapped[ErasureState] = mapped_column(
        Choice(ErasureState), default=ErasureState.ASKED, info=dictionary.TECHNICAL
    )
    why: Mapped[ErasureWhy] = mapped_column(Choice(ErasureWhy), info=dictionary.TECHNICAL)
    asked_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.TECHNICAL)
    decided_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.TECHNICAL)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, info=dictionary.TECHNICAL)
    """Table -> rows that were emptied or taken away."""
    letter_ids: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.TECHNICAL)
    """Letters whose files go from the folder."""
    scrubbed_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)
    """When the last traces were off the disk."""


class RetentionRun(Base):
    """What the retention schedule found, as somebody saw it, and when it was carried out."""

    __tablename__ = "retention_run"
    __table_args__ = (Index("ix_retention_run_scheme", "scheme_id", "made_at"),)

    scheme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("scheme.id"), info=dictionary.FIGURE)
    """Empty for the daily sweep, which clears what belongs to no scheme."""
    made_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.TECHNICAL)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, info=dictionary.TECHNICAL)
    person_ids: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.TECHNICAL)
    digest: Mapped[str] = mapped_column(String(64), info=dictionary.TECHNICAL)
    run_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)
    run_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.TECHNICAL)
