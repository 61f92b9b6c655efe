"""People referred, with their risk, what the matching must obey, and the course of their case."""

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Person
from foundation import dictionary
from foundation.db import Base, Choice
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
    setting: Mapped[Setting] = mapped_column(Choice(Setting), info=dictionary.CONFIDENTIAL)
    release_on: Mapped[date | None] = mapped_column(info=dictionary.CONFIDENTIAL)
    release_missing_why: Mapped[str] = mapped_column(String(200), default="", info=dictionary.CONFIDENTIAL)

    # Where to meet: an agreed place, by postcode or town, never the person's home unless they chose it.
    area: Mapped[str] = mapped_column(String(120), default="", info=dictionary.CONTACT)
    latitude: Mapped[float | None] = mapped_column(Float, info=dictionary.CONTACT)
    longitude: Mapped[float | None] = mapped_column(Float, info=dictionary.CONTACT)
    travel_km: Mapped[int] = mapped_column(default=10, info=dictionary.PROFILE)

    slots: Mapped[int] = mapped_column(default=0, info=dictionary.PROFILE)
    hours_per_week: Mapped[int] = mapped_column(default=1, info=dictionary.PROFILE)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.CONFIDENTIAL)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.PROFILE)
    has_interpreter: Mapped[bool] = mapped_column(default=False, info=dictionary.PROFILE)
    wanted_experience: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.CONFIDENTIAL)
    interests: Mapped[list[str]] = mapped_column(JSON, default=list, info=dictionary.PROFILE)
    stated_gender: Mapped[StatedGender | None] = mapped_column(Choice(StatedGender), info=dictionary.CONFIDENTIAL)
    stated_gender_why: Mapped[str] = mapped_column(String(500), default="", info=dictionary.CONFIDENTIAL)
    about: Mapped[str] = mapped_column(Text, default="", info=dictionary.CONFIDENTIAL)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    risks: Mapped[list["RiskOfHarm"]] = relationship(order_by="RiskOfHarm.group_at_risk", back_populates="mentee")
    exclusion_areas: Mapped[list["ExclusionArea"]] = relationship(
        order_by="ExclusionArea.label, ExclusionArea.id", back_populates="mentee"
    )
    contact_bans: Mapped[list["ContactBan"]] = relationship(
        order_by="ContactBan.name, ContactBan.id", back_populates="mentee"
    )
    moves: Mapped[list["CaseMove"]] = relationship(order_by="CaseMove.at, CaseMove.id", back_populates="mentee")


class RiskOfHarm(Base):
    """Risk of serious harm to one group, with where it comes from and when."""

    __tablename__ = "risk_of_harm"
    __table_args__ = (UniqueConstraint("mentee_id", "group_at_risk"),)

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), info=dictionary.OPERATIONAL)
    group_at_risk: Mapped[RiskGroup] = mapped_column(Choice(RiskGroup), info=dictionary.IN_CONFIDENCE)
    level: Mapped[int] = mapped_column(Integer, info=dictionary.IN_CONFIDENCE)
    source: Mapped[str] = mapped_column(String(120), info=dictionary.IN_CONFIDENCE)
    assessed_on: Mapped[date] = mapped_column(info=dictionary.IN_CONFIDENCE)

    mentee: Mapped[Mentee] = relationship(back_populates="risks")


class ExclusionArea(Base):
    """A circle that the person must not enter; no mentor whom they would meet there is proposed."""

    __tablename__ = "exclusion_area"

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    label: Mapped[str] = mapped_column(String(120), info=dictionary.IN_CONFIDENCE)
    latitude: Mapped[float] = mapped_column(Float, info=dictionary.IN_CONFIDENCE)
    longitude: Mapped[float] = mapped_column(Float, info=dictionary.IN_CONFIDENCE)
    radius_km: Mapped[float] = mapped_column(Float, info=dictionary.IN_CONFIDENCE)

    mentee: Mapped[Mentee] = relationship(back_populates="exclusion_areas")


class ContactBan(Base):
    """Somebody with whom the person must have no contact, by record where known and by name in any case."""

    __tablename__ = "contact_ban"

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    name: Mapped[str] = mapped_column(String(200), info=dictionary.IN_CONFIDENCE)
    banned_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.IN_CONFIDENCE)
    why: Mapped[str] = mapped_column(String(500), default="", info=dictionary.IN_CONFIDENCE)

    mentee: Mapped[Mentee] = relationship(back_populates="contact_bans")


class CaseMove(Base):
    """One move of a case: who, when and why."""

    __tablename__ = "case_move"

    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentee.id"), index=True, info=dictionary.OPERATIONAL)
    before: Mapped[CaseStage | None] = mapped_column(Choice(CaseStage), info=dictionary.OPERATIONAL)
    after: Mapped[CaseStage] = mapped_column(Choice(CaseStage), info=dictionary.OPERATIONAL)
    at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    why: Mapped[str] = mapped_column(Text, default="", info=dictionary.CONFIDENTIAL)

    mentee: Mapped[Mentee] = relationship(back_populates="moves")
