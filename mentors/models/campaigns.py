"""Recruitment campaigns, by whose links people come to the application."""

import uuid
from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.versions import Versioned
from mentors.rules import CampaignKind


class Campaign(Versioned, Base):
    """One effort to find volunteers, such as a fair or a poster, with the code in its own link."""

    __tablename__ = "campaign"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.SETTING)
    name: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)
    kind: Mapped[CampaignKind] = mapped_column(Choice(CampaignKind), info=dictionary.SETTING)
    code: Mapped[str] = mapped_column(String(20), unique=True, info=dictionary.SETTING)
    starts_on: Mapped[date] = mapped_column(info=dictionary.SETTING)
    ends_on: Mapped[date | None] = mapped_column(info=dictionary.SETTING)
    cost_pence: Mapped[int] = mapped_column(default=0, info=dictionary.SETTING)
