"""What was promised to funders, and figures that no record of the portal yields yet."""

import uuid
from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation import dictionary
from foundation.db import Base, Choice
from reports.rules import Measure


class Target(Base):
    """How much of one measure a scheme promised for a period."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("scheme_id", "measure"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.FIGURE)
    measure: Mapped[Measure] = mapped_column(Choice(Measure), info=dictionary.FIGURE)
    promised: Mapped[int] = mapped_column(info=dictionary.FIGURE)
    starts_on: Mapped[date] = mapped_column(info=dictionary.FIGURE)
    ends_on: Mapped[date] = mapped_column(info=dictionary.FIGURE)


class RecordedFigure(Base):
    """A figure entered by hand, for what happened before or outside the portal, with its source."""

    __tablename__ = "recorded_figure"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.FIGURE)
    measure: Mapped[Measure] = mapped_column(Choice(Measure), info=dictionary.FIGURE)
    amount: Mapped[int] = mapped_column(info=dictionary.FIGURE)
    as_of: Mapped[date] = mapped_column(info=dictionary.FIGURE)
    source: Mapped[str] = mapped_column(String(200), info=dictionary.FIGURE)
