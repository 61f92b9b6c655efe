"""People referred, with their risk, what the matching must obey, and the course of their case."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Establishment, Person
from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from foundation.versions import Versioned
from mentees.rules import CaseStage, RiskGroup, Setting, StatedGender


class Mentee(Versioned, Base):
    """A person referred to be mentored in a scheme."""

    __tablename__ = "mentee"
    __table_args__ = (
        UniqueConstraint("person_id", "scheme_id"),
        UniqueConstraint("scheme_id", "reference"),
        Index("ix_mentee_stage", "scheme_id", "stage", "stage_since"),
    )

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    stage: Mapped[CaseStage] = mapped_column(Choice(CaseStage), default=CaseStage.REFERRED, info=dictionary.OPERATIONAL)
    stage_since: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    reference: Mapped[str] = mapped_column(String(20), info=dictionary.OPERATIONAL)
    """A short code for lists and letters, such as ``K-0042``, that says nothing about the person."""

    # Referral.
    agency_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("agency.id"), index=True, info=dictionary.OPERATIONAL
    )
    referred_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    referred_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    consent_on: Mapped[date | None] = mapped_column(info=dictionary.OPERATIONAL)
    setting: Mapped[Setting] = mapped_column(
        Choice(Setting),
        info=dictionary.plain(dictionary.CONFIDENTIAL, "one of two words that the list of people shows"),
    )
    release_on: Mapped[date | None] = mapped_column(
        info=dictionary.plain(dictionary.CONFIDENTIAL, "the home page finds in SQL whose day comes near")
    )
    release_missing_why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)

    establishment_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("establishment.id"),
        info=dictionary.plain(dictionary.CONFIDENTIAL, "a reference that the database checks"),
    )
    """Where they are inside; the matching proposes only mentors whom this establishment has vetted."""

    # Where to meet: an agreed place, by postcode or town, never the person's home unless they chose it.
    area: Mapped[str] = mapped_column(String(120), default="", info=dictionary.CONTACT)
    latitude: Mapped[float | None] = mapped_column(Float, info=dictionary.CONTACT)
    longitude: Mapped[float | None] = mapped_column(Float, info=dictionary.CONTACT)
    travel_km: Mapped[int] = mapped_column(default=10, info=dictionary.PROFILE)

    slots: Mapped[int] = mapped_column(default=0, info=dictionary.PROFILE)
    hours_per_week: Mapped[int] = mapped_column(default=1, info=dictionary.PROFILE)
    needs: Mapped[list[str]] = sealed(list, deferred=True, default=list, info=dictionary.CONFIDENTIAL)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.PROFILE)
    has_interpreter: Mapped[bool] = mapped_column(default=False, info=dictionary.PROFILE)
    wanted_experience: Mapped[list[str]] = sealed(list, deferred=True, default=list, info=dictionary.CONFIDENTIAL)
    interests: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.PROFILE)
    stated_gender: Mapped[StatedGender | None] = sealed(StatedGender, deferred=True, info=dictionary.CONFIDENTIAL)
    stated_gender_why: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    about: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    establishment: Mapped[Establishment | None] = relationship()
    risks: Mapped[list["RiskOfHarm"]] = relationship(order_by="RiskOfHarm.group_at_risk", back_populates="mentee")
    exclusion_areas: Mapped[list["ExclusionArea"]] = relationship(order_by="ExclusionArea.id", back_populates="mentee")
    contact_bans: Mapped[list["ContactBan"]] = relationship(order_by="ContactBan.id", back_populates="mentee")
    moves: Mapped[list["CaseMove"]] = relationship(order_by="CaseMove.at, CaseMove.id", back_populates="mentee")

    @property
    def establishment_name(self) -> str:
        """Where they are inside, in words; empty where nobody has said so."""
        return self.establishment.name if self.establishment else ""


class RiskOfHarm(Base):
    """Risk of serious harm to one group, with where it comes from and when."""

    __tablename__ = "risk_of_harm"
    concerns: ClassVar[str] = "mentee_id"
    __table_args__ = (UniqueConstraint("mentee_id", "group_at_risk"),)

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), info=dictionary.OPERATIONAL)
    group_at_risk: Mapped[RiskGroup] = mapped_column(
        Choice(RiskGroup),
        info=dictionary.plain(dictionary.IN_CONFIDENCE, "the database keeps one assessment for each group"),
    )
    level: Mapped[int] = sealed(int, info=dictionary.IN_CONFIDENCE)
    source: Mapped[str] = sealed(str, info=dictionary.IN_CONFIDENCE)
    assessed_on: Mapped[date] = sealed(date, info=dictionary.IN_CONFIDENCE)

    mentee: Mapped[Mentee] = relationship(back_populates="risks")


class ExclusionArea(Base):
    """A circle that the person must not enter; no mentor whom they would meet there is proposed."""

    __tablename__ = "exclusion_area"
    concerns: ClassVar[str] = "mentee_id"

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    label: Mapped[str] = sealed(str, info=dictionary.IN_CONFIDENCE)
    latitude: Mapped[float] = sealed(float, info=dictionary.IN_CONFIDENCE)
    longitude: Mapped[float] = sealed(float, info=dictionary.IN_CONFIDENCE)
    radius_km: Mapped[float] = sealed(float, info=dictionary.IN_CONFIDENCE)

    mentee: Mapped[Mentee] = relationship(back_populates="exclusion_areas")


class ContactBan(Base):
    """Somebody with whom the person must have no contact, by record where known and by name in any case."""

    __tablename__ = "contact_ban"
    concerns: ClassVar[str] = "mentee_id"

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    name: Mapped[str] = sealed(str, info=dictionary.IN_CONFIDENCE)
    banned_person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("person.id"), info=dictionary.plain(dictionary.IN_CONFIDENCE, "a reference that the database checks")
    )
    why: Mapped[str] = sealed(str, default="", info=dictionary.IN_CONFIDENCE)

    mentee: Mapped[Mentee] = relationship(back_populates="contact_bans")


class CaseMove(Base):
    """One move of a case: who, when and why."""

    __tablename__ = "case_move"
    concerns: ClassVar[str] = "mentee_id"

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    before: Mapped[CaseStage | None] = mapped_column(Choice(CaseStage), info=dictionary.OPERATIONAL)
    after: Mapped[CaseStage] = mapped_column(Choice(CaseStage), info=dictionary.OPERATIONAL)
    at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    why: Mapped[str] = sealed(str, default="", info=dictionary.CONFIDENTIAL)

    mentee: Mapped[Mentee] = relationship(back_populates="moves")
