"""Matches and the meetings logged in them."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from foundation.versions import Versioned
from mentees.models import Mentee
from mentoring.rules import AttendanceOutcome, EndReason, MatchState, MeetingKind, MeetingPlace
from mentors.models import Volunteer

_OPEN = text("state IN ('offered', 'active', 'paused')")


class Match(Versioned, Base):
    """A person and a mentor whom staff have put together; approved, then agreed by the mentor, then running."""

    __tablename__ = "match"
    concerns: ClassVar[str] = "mentee_id"
    __table_args__ = (
        # The database itself keeps a person from being matched twice at once, whoever approves at the same moment.
        Index("uq_match_open_mentee", "mentee_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_match_volunteer_state", "volunteer_id", "state"),
        Index("ix_match_scheme_state", "scheme_id", "state"),
    )

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.OPERATIONAL)
    state: Mapped[MatchState] = mapped_column(
        Choice(MatchState), default=MatchState.OFFERED, info=dictionary.OPERATIONAL
    )
    approved_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    approved_why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    agreed_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    starts_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    ends_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    closed_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    end_reason: Mapped[EndReason | None] = sealed(EndReason, deferred=True, info=dictionary.CONFIDENTIAL)
    closed_why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)

    mentee: Mapped[Mentee] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
    moves: Mapped[list["MatchMove"]] = relationship(order_by="MatchMove.at, MatchMove.id", back_populates="match")
    meetings: Mapped[list["Meeting"]] = relationship(
        order_by="Meeting.held_on.desc(), Meeting.logged_at.desc(), Meeting.id", back_populates="match"
    )


class MatchMove(Base):
    """One move of a match: who, when and why."""

    __tablename__ = "match_move"
    concerns: ClassVar[str] = "match_id"

    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("match.id"), index=True, info=dictionary.OPERATIONAL)
    before: Mapped[MatchState | None] = mapped_column(Choice(MatchState), info=dictionary.OPERATIONAL)
    after: Mapped[MatchState] = mapped_column(Choice(MatchState), info=dictionary.OPERATIONAL)
    at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    why: Mapped[str] = sealed(str, default="", info=dictionary.CONFIDENTIAL)

    match: Mapped[Match] = relationship(back_populates="moves")


class Meeting(Base):
    """One session or other contact that a mentor logged."""

    __tablename__ = "meeting"
    concerns: ClassVar[str] = "match_id"
    __table_args__ = (
        Index("ix_meeting_match_day", "match_id", "held_on"),
        Index("ix_meeting_scheme_kind_day", "scheme_id", "kind", "held_on"),
    )

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    match_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("match.id"), info=dictionary.OPERATIONAL)
    kind: Mapped[MeetingKind] = mapped_column(Choice(MeetingKind), info=dictionary.OPERATIONAL)
    place: Mapped[MeetingPlace] = mapped_column(Choice(MeetingPlace), info=dictionary.OPERATIONAL)
    outcome: Mapped[AttendanceOutcome] = mapped_column(Choice(AttendanceOutcome), info=dictionary.OPERATIONAL)
    held_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    duration_minutes: Mapped[int] = mapped_column(info=dictionary.OPERATIONAL)
    note: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    logged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    logged_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)

    match: Mapped[Match] = relationship(back_populates="meetings")


class ReadinessLoss(Base):
    """A volunteer who was ready or matched was found to lack something: from which day, and until when.

    A fact for the coordinator and never a decision: the stage of the volunteer stays as it is. What is lacking today is
    judged anew on each page; here stands what was lacking when it was last looked at.
    """

    __tablename__ = "readiness_loss"
    concerns: ClassVar[str] = "volunteer_id"
    __table_args__ = (
        Index(
            "uq_readiness_loss_open",
            "volunteer_id",
            unique=True,
            sqlite_where=text("restored_on IS NULL"),
            postgresql_where=text("restored_on IS NULL"),
        ),
        Index("ix_readiness_loss_scheme", "scheme_id", "restored_on", "lost_on"),
    )

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.OPERATIONAL)
    lost_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    lacking: Mapped[list[str]] = sealed(list, deferred=True, default=list, info=dictionary.CONFIDENTIAL)
    noted_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    restored_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)

    volunteer: Mapped[Volunteer] = relationship()


class ReadinessNight(Base):
    """One night in which everybody of a scheme who is ready or matched was judged anew, with what was found."""

    __tablename__ = "readiness_night"
    __table_args__ = (UniqueConstraint("scheme_id", "night_on"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.FIGURE)
    night_on: Mapped[date] = mapped_column(info=dictionary.FIGURE)
    judged: Mapped[int] = mapped_column(info=dictionary.FIGURE)
    lost: Mapped[int] = mapped_column(info=dictionary.FIGURE)
    restored: Mapped[int] = mapped_column(info=dictionary.FIGURE)
