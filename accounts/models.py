"""Schemes, agencies, people, accounts, roles and sign-ins."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.rules import BREAK_GLASS_WAITS, Ceremony, GlassState, Role
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


class Establishment(Base):
    """A prison or other closed place where people of a scheme are; each vets by itself who may come in."""

    __tablename__ = "establishment"
    __table_args__ = (UniqueConstraint("scheme_id", "key"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.SETTING)
    name: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)
    key: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)
    """The name as it is compared, so that “HMP Liverpool” and “liverpool” are one place."""


class Person(Versioned, Base):
    """One human being, once, whatever they become: a person mentored today may mentor others tomorrow."""

    __tablename__ = "person"
    concerns: ClassVar[str] = "id"

    name: Mapped[str] = mapped_column(String(200), info=dictionary.CONTACT)
    email: Mapped[str] = mapped_column(String(254), default="", info=dictionary.CONTACT)
    phone: Mapped[str] = mapped_column(String(40), default="", info=dictionary.CONTACT)


class Account(Base):
    """The right of a person to sign in; without a password until an invitation is accepted."""

    __tablename__ = "account"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True, info=dictionary.TECHNICAL)
    email_key: Mapped[str] = mapped_column(String(254), unique=True, info=dictionary.CONTACT)
    password_hash: Mapped[str | None] = mapped_column(String(200), info=dictionary.HASHED)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    disabled_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    # Until then the home page does not urge the person to set up a second factor.
    urged_again_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)

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
    concerns: ClassVar[str] = "account_id"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL)
    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=dictionary.HASHED)
    device: Mapped[str] = mapped_column(String(200), default="", info=dictionary.CONTACT)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    last_seen_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    expires_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    ended_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    # When a second factor was last shown; without it only those get on who have none and need none.
    factor_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    account: Mapped[Account] = relationship()
    scheme: Mapped[Scheme] = relationship()


class SignInGuess(Base):
    """One failed try to sign in, counted by all web processes together.

    Tries on a device on which the person signed in before are counted by themselves, so that a stranger who guesses
    elsewhere does not keep the person out of it; ``device_hash`` is empty for all other devices together.
    ``email_key`` is the hash of what was typed as an address.
    """

    __tablename__ = "sign_in_guess"
    __table_args__ = (Index("ix_sign_in_guess_recent", "email_key", "at"),)

    email_key: Mapped[str] = mapped_column(String(254), info=dictionary.HASHED)
    device_hash: Mapped[str] = mapped_column(String(64), default="", info=dictionary.HASHED)
    at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)


class PasswordReset(Base):
    """One wish for a new password, written down alike for every address; the worker sends a link where one is known."""

    __tablename__ = "password_reset"
    concerns: ClassVar[str] = "account_id"
    __table_args__ = (Index("ix_password_reset_recent", "email_key", "asked_at"),)

    email_key: Mapped[str] = mapped_column(String(254), info=dictionary.ADDRESS_TYPED)
    asked_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL
    )
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=dictionary.HASHED)
    closed_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)

    account: Mapped[Account | None] = relationship()


class Invitation(Base):
    """A link by letter that lets a person choose a password, once and for a while."""

    __tablename__ = "invitation"
    concerns: ClassVar[str] = "account_id"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=dictionary.HASHED)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    expires_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    used_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    account: Mapped[Account] = relationship()


class BreakGlass(Versioned, Base):
    """One request of an administrator to read one confidential record, with what became of it.

    It opens nothing by itself: a second person allows it, and then it opens that record alone, for an hour.
    """

    __tablename__ = "break_glass"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.OPERATIONAL)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True, info=dictionary.OPERATIONAL)
    """Whose record."""
    location: Mapped[str] = mapped_column(String(200), info=dictionary.TECHNICAL)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True, info=dictionary.OPERATIONAL)
    asked_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    why: Mapped[str] = mapped_column(String(500), info=dictionary.PROFILE)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    decided_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    is_allowed: Mapped[bool | None] = mapped_column(info=dictionary.OPERATIONAL)
    expires_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    def state_at(self, at: datetime) -> GlassState:
        """Tell where the request is at an instant."""
        if self.is_allowed is None:
            return GlassState.ASKED if at < self.asked_at + BREAK_GLASS_WAITS else GlassState.OVER
        if not self.is_allowed:
            return GlassState.REFUSED
        return GlassState.OPEN if self.expires_at is not None and at < self.expires_at else GlassState.OVER


class AppFactor(Base):
    """The key that an authenticator app shares with the portal; it counts once a first code has confirmed it."""

    __tablename__ = "app_factor"
    concerns: ClassVar[str] = "account_id"
    __table_args__ = (
        # A new app is set up beside the old one and takes its place; only one of them counts at a time.
        Index(
            "uq_app_factor_live",
            "account_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary, info=dictionary.LOCKED)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    confirmed_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    last_used_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    # The step of the newest code that was accepted; no code of this step or an earlier one is accepted again.
    last_step: Mapped[int | None] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), info=dictionary.TECHNICAL
    )


class RecoveryCode(Base):
    """One code on the sheet that helps when the phone is lost; each opens once."""

    __tablename__ = "recovery_code"
    concerns: ClassVar[str] = "account_id"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL)
    code_hash: Mapped[str] = mapped_column(String(200), info=dictionary.HASHED)
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    used_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)


class Passkey(Base):
    """The public half of a key pair that a phone, a computer or a security key holds for a person."""

    __tablename__ = "passkey"
    concerns: ClassVar[str] = "account_id"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True, info=dictionary.TECHNICAL)
    name: Mapped[str] = mapped_column(String(100), info=dictionary.CONTACT)
    # Base64url of at most 1023 bytes. Source: Web Authentication Level 2, section 4.
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True, info=dictionary.HANDLE)
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=dictionary.HANDLE)
    sign_count: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), default=0, info=dictionary.TECHNICAL
    )
    created_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    last_used_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    account: Mapped[Account] = relationship()


class PasskeyChallenge(Base):
    """A question that one browser may answer once by a passkey, and soon."""

    __tablename__ = "passkey_challenge"

    challenge: Mapped[str] = mapped_column(String(100), unique=True, info=dictionary.HANDLE)
    ceremony: Mapped[Ceremony] = mapped_column(Choice(Ceremony), info=dictionary.TECHNICAL)
    # Hash of the secret of the browser or of the sign-in that was asked; nobody else may answer.
    asked_hash: Mapped[str] = mapped_column(String(64), info=dictionary.HASHED)
    expires_at: Mapped[datetime] = mapped_column(index=True, info=dictionary.TECHNICAL)


class FactorGuess(Base):
    """One try to show a second factor by a code, counted by all web processes together."""

    __tablename__ = "factor_guess"
    concerns: ClassVar[str] = "account_id"
    __table_args__ = (Index("ix_factor_guess_recent", "account_id", "at"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), info=dictionary.TECHNICAL)
    at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
