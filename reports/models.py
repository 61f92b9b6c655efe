"""What was promised to funders, and figures that no record of the portal yields."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.versions import Versioned
from reports.rules import Measure


class Target(Versioned, Base):
    """How much of one measure a scheme promised for a period, both days of which belong to it."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("scheme_id", "measure"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.FIGURE)
    measure: Mapped[Measure] = mapped_column(Choice(Measure), info=dictionary.FIGURE)
    promised: Mapped[int] = mapped_column(info=dictionary.FIGURE)
    starts_on: Mapped[date] = mapped_column(info=dictionary.FIGURE)
    ends_on: Mapped[date] = mapped_column(info=dictionary.FIGURE)


class RecordedFigure(Base):
    """A running total of what happened before or outside the portal, as one source stated it for a day.

    It is added to what the portal counts itself. A later figure of the same source replaces the earlier one, so that a
    mistake is mended by recording the right figure; nothing is changed or removed.
    """

    __tablename__ = "recorded_figure"
    __table_args__ = (Index("ix_recorded_figure_scheme", "scheme_id", "measure", "as_of"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.FIGURE)
    measure: Mapped[Measure] = mapped_column(Choice(Measure), info=dictionary.FIGURE)
    amount: Mapped[int] = mapped_column(info=dictionary.FIGURE)
    as_of: Mapped[date] = mapped_column(info=dictionary.FIGURE)
    source: Mapped[str] = mapped_column(String(200), info=dictionary.FIGURE)
    recorded_at: Mapped[datetime] = mapped_column(info=dictionary.FIGURE)
