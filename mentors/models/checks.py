"""Checks on volunteers, and up to which level a scheme may ask for a criminal record check."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Establishment
from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from foundation.versions import Versioned
from mentors.models.volunteers import Volunteer
from mentors.rules import CheckKind, CheckOutcome, DbsLevel

_EVERYWHERE = text("ended_at IS NULL AND outcome <> 'awaited' AND establishment_id IS NULL")
_INSIDE = text("ended_at IS NULL AND outcome <> 'awaited' AND establishment_id IS NOT NULL")


class Check(Versioned, Base):
    """One decision about one check on a volunteer, or a check that is awaited; never the certificate itself.

    The last decision of a kind stands, and of prison vetting the last one of each establishment. An earlier one has
    ended and is history until its details are due to go. A renewal that is awaited stands beside what it renews.
    """

    __tablename__ = "volunteer_check"
    concerns: ClassVar[str] = "volunteer_id"
    __table_args__ = (
        Index("ix_volunteer_check_volunteer", "volunteer_id", "kind"),
        Index("ix_volunteer_check_expiry", "expires_on", "kind"),
        Index("ix_volunteer_check_details", "details_until_on"),
        Index(
            "uq_volunteer_check_stands",
            "volunteer_id",
            "kind",
            unique=True,
            sqlite_where=_EVERYWHERE,
            postgresql_where=_EVERYWHERE,
        ),
        Index(
            "uq_volunteer_check_stands_inside",
            "volunteer_id",
            "kind",
            "establishment_id",
            unique=True,
            sqlite_where=_INSIDE,
            postgresql_where=_INSIDE,
        ),
    )

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.OPERATIONAL)
    kind: Mapped[CheckKind] = mapped_column(Choice(CheckKind), info=dictionary.OPERATIONAL)
    establishment_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("establishment.id"), index=True, info=dictionary.OPERATIONAL
    )
    outcome: Mapped[CheckOutcome] = mapped_column(
        Choice(CheckOutcome),
        default=CheckOutcome.AWAITED,
        info=dictionary.plain(dictionary.CHECKED, "the home page finds in SQL which checks run out"),
    )
    decided_on: Mapped[date | None] = sealed(date, deferred=True, info=dictionary.CHECKED)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    expires_on: Mapped[date | None] = mapped_column(
        info=dictionary.plain(dictionary.CHECKED, "the home page finds in SQL which checks run out")
    )

    # Details, which go six months after the decision.
    level: Mapped[DbsLevel | None] = sealed(DbsLevel, deferred=True, info=dictionary.CHECKED)
    eligible_why: Mapped[str | None] = sealed(str, deferred=True, info=dictionary.CHECKED)
    reference: Mapped[str | None] = sealed(str, deferred=True, info=dictionary.CHECKED)
    issued_on: Mapped[date | None] = sealed(date, deferred=True, info=dictionary.CHECKED)
    conditions: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CHECKED)
    is_lived_route: Mapped[bool | None] = sealed(bool, deferred=True, info=dictionary.CHECKED)
    details_until_on: Mapped[date | None] = mapped_column(
        info=dictionary.plain(dictionary.CHECKED, "the worker finds in SQL whose details are kept no longer")
    )
    """First day on which the details are kept no longer; None where there are none, or they have gone."""

    ended_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    """When a later decision took the place of this one."""
    reminded_days: Mapped[int | None] = mapped_column(info=dictionary.TECHNICAL)
    """How many days before it runs out the volunteer was last written to."""

    volunteer: Mapped[Volunteer] = relationship(back_populates="checks")
    establishment: Mapped[Establishment | None] = relationship()


class DbsCeiling(Base):
    """The highest level of criminal record check that the role of a mentor allows in a scheme; the last one holds."""

    __tablename__ = "dbs_ceiling"
    __table_args__ = (Index("ix_dbs_ceiling_scheme", "scheme_id", "decided_at"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.SETTING)
    level: Mapped[DbsLevel] = mapped_column(Choice(DbsLevel), info=dictionary.SETTING)
    why: Mapped[str] = mapped_column(Text, info=dictionary.SETTING)
    decided_at: Mapped[datetime] = mapped_column(info=dictionary.SETTING)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.SETTING)
