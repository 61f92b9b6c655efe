"""Schemes, agencies, people, accounts, roles and sign-ins."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.rules import Role
from foundation import dictionary
from foundation.db import Base, Choice
from foundation.versions import Versioned


class Scheme(Base):
    """One charity or site, such as Knowsley; everything a programme decides for itself hangs on it."""

    __tablename__ = "scheme"

    slug: Mapped[str] = mapped_column(String(40), unique=True, info=dictionary.SETTING)
    name: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)
    charity: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)
    country: Mapped[str] = mapped_column(String(2), info=dictionary.SETTING)
    time_zone: Mapped[str] = mapped_column(String(40), info=dictionary.SETTING)
    contact_email: Mapped[str] = mapped_column(String(254), info=dictionary.SETTING)
    contact_phone: Mapped[str] = mapped_column(String(40), default="", info=dictionary.SETTING)
    starts_on: Mapped[date] = mapped_column(info=dictionary.SETTING)
    ends_on: Mapped[date] = mapped_column(info=dictionary.SETTING)


class Agency(Base):
    """A partner that refers people, such as a probation office."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("scheme_id", "name"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.SETTING)
    name: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)


class Person(Versioned, Base):
    """One human being, once, whatever they become: a person mentored today may mentor others tomorrow."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(200), info=dictionary.CONTACT)
    email: Mapped[str] = mapped_column(String(254), default="", info=dictionary.CONTACT)
    phone: Mapped[str] = mapped_column(String(40), default="", info=dictionary.CONTACT)


class Account(Base):
    """The right of a person to sign in; without a password until an invitation is accepted."""

    __tablename__ = "account"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True, info=dictionary.TECHNICAL)
    email_key: Mapped[str] = mapped_column(String(254), unique=True, info=dictionary.CONTACT)
    password_hash: Mapped[str | None] = mapped_column(String(200), info=dictionary.SECRET)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    disabled_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    person: Mapped[Person] = relationship()


class RoleGrant(Base):
    """A role that a person has in a scheme, from a day until it is taken back."""

    __tablename__ = "role_grant"
    __table_args__ = (
        # A role can be taken back and given again; only one grant of it lives at a time.
        Index(
            "uq_role_grant_live",
            "person_id",
            "scheme_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.OPERATIONAL)
    role: Mapped[Role] = mapped_column(Choice(Role), info=dictionary.OPERATIONAL)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"), info=dictionary.OPERATIONAL)
    granted_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    ended_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    person: Mapped[Person] = relationship()


class SignIn(Base):
    """One device signed in; ending the row ends it at once, whatever cookie the device still holds."""

    __tablename__ = "sign_in"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL)
    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=dictionary.SECRET)
    device: Mapped[str] = mapped_column(String(200), default="", info=dictionary.CONTACT)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    last_seen_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    expires_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    ended_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    account: Mapped[Account] = relationship()


class SignInGuess(Base):
    """One failed try to sign in, counted by all web processes together.

    Tries on a device on which the person signed in before are counted by themselves, so that a stranger who guesses
    elsewhere does not keep the person out of it; ``device_hash`` is empty for all other devices together.
    """

    __tablename__ = "sign_in_guess"
    __table_args__ = (Index("ix_sign_in_guess_recent", "email_key", "at"),)

    email_key: Mapped[str] = mapped_column(String(254), info=dictionary.SECRET)
    device_hash: Mapped[str] = mapped_column(String(64), default="", info=dictionary.SECRET)
    at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)


class PasswordReset(Base):
    """One wish for a new password, written down alike for every address; the worker sends a link where one is known."""

    __tablename__ = "password_reset"
    __table_args__ = (Index("ix_password_reset_recent", "email_key", "asked_at"),)

    email_key: Mapped[str] = mapped_column(String(254), info=dictionary.SECRET)
    asked_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL
    )
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=dictionary.SECRET)
    closed_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)

    account: Mapped[Account | None] = relationship()


class Invitation(Base):
    """A link by letter that lets a person choose a password, once and for a while."""

    __tablename__ = "invitation"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=dictionary.SECRET)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    expires_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    used_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    account: Mapped[Account] = relationship()
