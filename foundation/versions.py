"""Records that several people edit: a form carries the version it was filled from, and a stale one is refused."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from foundation import dictionary
from foundation.errors import Conflict
from foundation.language import _


class StaleEdit(Conflict):
    """Somebody saved this record after the form was opened."""


class Versioned:
    """Mixin for records that carry a version; the database refuses a write from an older one."""

    version: Mapped[int] = mapped_column(info=dictionary.TECHNICAL)
    changed_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(info=dictionary.TECHNICAL)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class.
        """Let SQLAlchemy count versions and refuse a lost update."""
        return {"version_id_col": cls.version}


def require_version(record: Versioned, version: int | None) -> None:
    """Refuse an edit that was begun before the last one was saved.

    Args:
        record: The record about to be changed.
        version: What the form carried; None where the caller holds the record and nothing was shown to a person.

    Raises:
        StaleEdit: The record has moved on.
    """
    if version is not None and version != record.version:
        raise StaleEdit(
            _(
                "Somebody else saved this while you had it open. Nothing of yours was saved. "
                "Look at it again and decide."
            )
        )
