"""Applications that are still being written, and people who want to be asked again."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation import dictionary
from foundation.db import Base
from foundation.encryption import sealed


class ApplicationDraft(Base):
    """Answers of an application that has not been sent, kept page by page."""

    __tablename__ = "application_draft"
    concerns: ClassVar[str] = "volunteer_id"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.TECHNICAL)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=dictionary.HASHED)
    answers: Mapped[dict[str, Any]] = sealed(dict, default=dict, info=dictionary.SECRET)
    begun_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    saved_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.TECHNICAL)
    # By whose link they came; it goes over to the volunteer's record when the application is sent.
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaign.id"), info=dictionary.TECHNICAL)


class AskAgain(Base):
    """Somebody for whom it is not the time now, with the day on which they want to be asked again."""

    __tablename__ = "ask_again"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.OPERATIONAL)
    email: Mapped[str] = mapped_column(String(254), info=dictionary.CONTACT)
    ask_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    noted_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    asked_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)
