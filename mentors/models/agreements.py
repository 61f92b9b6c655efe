"""Documents of a scheme in their versions, and who accepted which."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation import dictionary
from foundation.db import Base, Choice
from mentors.models.volunteers import Volunteer
from mentors.rules import Asks


class Document(Base):
    """One document that volunteers read, such as the mentoring agreement; its words are in its versions."""

    __tablename__ = "document"

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.SETTING)
    made_at: Mapped[datetime] = mapped_column(info=dictionary.SETTING)


class DocumentVersion(Base):
    """One version of a document; it is never changed, only followed by the next."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), info=dictionary.SETTING)
    number: Mapped[int] = mapped_column(info=dictionary.SETTING)
    title: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)
    text: Mapped[str] = mapped_column(Text, deferred=True, info=dictionary.SETTING)
    changes: Mapped[str] = mapped_column(String(300), default="", info=dictionary.SETTING)
    effective_on: Mapped[date] = mapped_column(info=dictionary.SETTING)
    asks: Mapped[Asks] = mapped_column(Choice(Asks), info=dictionary.SETTING)
    written_at: Mapped[datetime] = mapped_column(info=dictionary.SETTING)
    written_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    # When the worker wrote to those whom this version asks; empty until then.
    told_at: Mapped[datetime | None] = mapped_column(index=True, info=dictionary.TECHNICAL)

    document: Mapped[Document] = relationship()


class Acceptance(Base):
    """A volunteer's word to one version: typed by themselves, or entered by staff from paper; never changed."""

    __tablename__ = "document_acceptance"
    concerns: ClassVar[str] = "volunteer_id"
    __table_args__ = (UniqueConstraint("volunteer_id", "version_id"),)

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), info=dictionary.OPERATIONAL)
    version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("document_version.id"), index=True, info=dictionary.OPERATIONAL
    )
    typed_name: Mapped[str] = mapped_column(String(200), info=dictionary.CONTACT)
    accepted_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    noted_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    # Who entered it from paper, and why there is paper; empty where the volunteer typed it.
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    why: Mapped[str] = mapped_column(String(500), default="", info=dictionary.PROFILE)

    volunteer: Mapped[Volunteer] = relationship()
    read: Mapped[DocumentVersion] = relationship()
