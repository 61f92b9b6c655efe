"""Checks on volunteers."""

import uuid
from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from foundation.versions import Versioned
from mentors.models.volunteers import Volunteer
from mentors.rules import CheckKind, CheckOutcome, DbsLevel


class Check(Versioned, Base):
    """One check on a volunteer: level, outcome and expiry, never the certificate itself."""

    __tablename__ = "volunteer_check"
    concerns: ClassVar[str] = "volunteer_id"
    __table_args__ = (UniqueConstraint("volunteer_id", "kind"),)

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.OPERATIONAL)
    kind: Mapped[CheckKind] = mapped_column(Choice(CheckKind), info=dictionary.OPERATIONAL)
    level: Mapped[DbsLevel | None] = sealed(DbsLevel, deferred=True, info=dictionary.CHECKED)
    outcome: Mapped[CheckOutcome] = mapped_column(
        Choice(CheckOutcome),
        default=CheckOutcome.AWAITED,
        info=dictionary.plain(dictionary.CHECKED, "the home page finds in SQL which checks run out"),
    )
    decided_on: Mapped[date | None] = sealed(date, deferred=True, info=dictionary.CHECKED)
    expires_on: Mapped[date | None] = mapped_column(
        info=dictionary.plain(dictionary.CHECKED, "the home page finds in SQL which checks run out")
    )
    conditions: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CHECKED)

    volunteer: Mapped[Volunteer] = relationship(back_populates="checks")
