"""Volunteers and their way through the pipeline."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from foundation.versions import Versioned
from mentors.rules import Gender, Stage

if TYPE_CHECKING:
    from mentors.models.checks import Check


class Volunteer(Versioned, Base):
    """Somebody who applied to mentor in a scheme; a mentor once ready."""

    __tablename__ = "volunteer"
    __table_args__ = (
        UniqueConstraint("person_id", "scheme_id"),
        Index("ix_volunteer_stage", "scheme_id", "stage", "stage_since"),
    )

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    stage: Mapped[Stage] = mapped_column(Choice(Stage), default=Stage.APPLIED, info=dictionary.OPERATIONAL)
    stage_since: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    applied_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    ask_again_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    # The day on which they first became ready; retention is counted from it, whatever happens later.
    began_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("campaign.id"), index=True, info=dictionary.OPERATIONAL
    )
    status_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=dictionary.HASHED)

    # Where: a GB postcode or the name of a town; without a place the distance is unknown, never zero.
    area: Mapped[str] = mapped_column(String(120), default="", info=dictionary.CONTACT)
    latitude: Mapped[float | None] = mapped_column(Float, info=dictionary.CONTACT)
    longitude: Mapped[float | None] = mapped_column(Float, info=dictionary.CONTACT)
    travel_km: Mapped[int] = mapped_column(default=15, info=dictionary.PROFILE)

    # When and how much.
    slots: Mapped[int] = mapped_column(default=0, info=dictionary.PROFILE)
    hours_per_week: Mapped[int] = mapped_column(info=dictionary.PROFILE)
    months: Mapped[int] = mapped_column(info=dictionary.PROFILE)
    capacity: Mapped[int] = mapped_column(default=1, info=dictionary.OPERATIONAL)
    drives_people: Mapped[bool] = mapped_column(default=False, info=dictionary.PROFILE)
    """Whether they say that they take people in their car, for which licence and insurance are asked."""

    # Background: codes of mentors.rules, as sorted JSON lists.
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.PROFILE)
    lived_experience: Mapped[list[str]] = sealed(list, deferred=True, default=list, info=dictionary.CONFIDENTIAL)
    skills: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.PROFILE)
    interests: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.PROFILE)
    gender: Mapped[Gender] = sealed(Gender, deferred=True, default=Gender.NOT_SAID, info=dictionary.CONFIDENTIAL)
    why: Mapped[str] = mapped_column(Text, default="", info=dictionary.PROFILE)

    # Highest cleared RoSH level (mentors.rules.Rosh), decided by named staff; None while nobody has decided.
    cleared_rosh: Mapped[int | None] = mapped_column(
        Integer,
        info=dictionary.plain(dictionary.CONFIDENTIAL, "a number that readiness asks for every volunteer of a list"),
    )
    cleared_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    cleared_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    cleared_why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    moves: Mapped[list["StageMove"]] = relationship(order_by="StageMove.at, StageMove.id", back_populates="volunteer")
    # Those that stand; what was renewed since is history, which only the page of checks reads.
    checks: Mapped[list["Check"]] = relationship(
        order_by="Check.kind, Check.id",
        primaryjoin="and_(Check.volunteer_id == Volunteer.id, Check.ended_at.is_(None))",
        back_populates="volunteer",
    )


class StageMove(Base):
    """One move along the pipeline: who, when and why."""

    __tablename__ = "stage_move"
    concerns: ClassVar[str] = "volunteer_id"

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), index=True, info=dictionary.OPERATIONAL)
    before: Mapped[Stage | None] = mapped_column(Choice(Stage), info=dictionary.OPERATIONAL)
    after: Mapped[Stage] = mapped_column(Choice(Stage), info=dictionary.OPERATIONAL)
    at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    why: Mapped[str] = sealed(str, default="", info=dictionary.CONFIDENTIAL)

    volunteer: Mapped[Volunteer] = relationship(back_populates="moves")
