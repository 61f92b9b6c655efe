"""What volunteers offer with its history, their breaks, and what a coordinator is told of their weeks."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from mentors.models.volunteers import Volunteer
from mentors.rules import AlertKind, BreakWhy, CommitmentState, Terms


class Commitment(Base):
    """Hours a week and months that a volunteer offers from a day on; a row that was decided is never changed."""

    __tablename__ = "commitment"
    concerns: ClassVar[str] = "volunteer_id"
    __table_args__ = (Index("ix_commitment_of", "volunteer_id", "state", "from_on"),)

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.OPERATIONAL)
    terms: Mapped[Terms] = mapped_column(Choice(Terms), default=Terms.USUAL, info=dictionary.OPERATIONAL)
    hours_per_week: Mapped[int] = mapped_column(info=dictionary.PROFILE)
    months: Mapped[int] = mapped_column(info=dictionary.PROFILE)
    from_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    # Last day of flexible terms; empty for the usual ones.
    until_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    state: Mapped[CommitmentState] = mapped_column(
        Choice(CommitmentState), default=CommitmentState.AGREED, info=dictionary.OPERATIONAL
    )
    why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    asked_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    decided_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    answer: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)

    volunteer: Mapped[Volunteer] = relationship()


class VolunteerBreak(Base):
    """A time in which a volunteer mentors nobody, from the day on which it begins to the day on which they are back."""

    __tablename__ = "volunteer_break"
    concerns: ClassVar[str] = "volunteer_id"

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), index=True, info=dictionary.OPERATIONAL)
    from_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    # The day on which they mean to be back, and the first day on which they were; empty while nobody knows.
    back_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    ended_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    why: Mapped[BreakWhy] = sealed(BreakWhy, deferred=True, default=BreakWhy.NOT_SAID, info=dictionary.CONFIDENTIAL)
    noted_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    noted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)

    volunteer: Mapped[Volunteer] = relationship()


class CommitmentAlert(Base):
    """What a coordinator is told of a mentor's weeks, until a note answers it or the weeks are well again."""

    __tablename__ = "commitment_alert"
    concerns: ClassVar[str] = "volunteer_id"
    __table_args__ = (
        # Two nights at once tell of one mentor once.
        Index(
            "uq_commitment_alert_live",
            "volunteer_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.OPERATIONAL)
    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.OPERATIONAL)
    kind: Mapped[AlertKind] = mapped_column(Choice(AlertKind), info=dictionary.OPERATIONAL)
    since_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    raised_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    answered_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    note: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    ended_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    volunteer: Mapped[Volunteer] = relationship()


class CommitmentLook(Base):
    """The day up to which the weeks of a scheme's mentors have been looked at."""

    __tablename__ = "commitment_look"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), unique=True, info=dictionary.TECHNICAL)
    looked_on: Mapped[date] = mapped_column(info=dictionary.TECHNICAL)
