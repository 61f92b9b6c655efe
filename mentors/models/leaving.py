"""Departures of volunteers: the last day, why, and what was said."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.encryption import sealed
from mentors.rules import LeavingGround, LeavingReason


class Departure(Base):
    """One leaving of a volunteer; whoever came back and left again has one for each time.

    The reason itself is confidential. Only its group lies open, since retention is counted by it.
    """

    __tablename__ = "departure"
    concerns: ClassVar[str] = "volunteer_id"

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), index=True, info=dictionary.OPERATIONAL)
    left_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    ground: Mapped[LeavingGround] = mapped_column(Choice(LeavingGround), info=dictionary.OPERATIONAL)
    reason: Mapped[LeavingReason | None] = sealed(LeavingReason, deferred=True, info=dictionary.CONFIDENTIAL)
    note: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    exit_words: Mapped[str] = sealed(str, deferred=True, default="", info=dictionary.CONFIDENTIAL)
    exit_words_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=dictionary.HASHED)
    token_until: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)
    recorded_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
