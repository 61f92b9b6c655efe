"""Anchors: where the chain ended on a day, kept outside the database, so that a whole new chain would be seen.

Whoever holds all rights on the machine could write every entry anew with fitting hashes. They cannot change a line that
lies elsewhere: in a log that is shipped away, or on the paper of a board meeting.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit.chain import Tampering
from foundation.audit.models import AuditEntry, AuditHead
from foundation.language import _

log = structlog.get_logger()

BATCH = 500


@dataclass(frozen=True)
class Anchor:
    """Where the chain ended at an instant.

    Attributes:
        position: Number of the last entry.
        hash: What it carries.
        at: When, in UTC, as ISO writes it.
    """

    position: int
    hash: str
    at: str


class AnchorFile:
    """The lines that were written so far, one anchor each, oldest first.

    Args:
        path: The file; made when the first line is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Anchor]:
        """Read all anchors.

        Raises:
            ValueError: A line is no anchor.
        """
        return list(parse_anchors(self.path.read_text(encoding="utf-8"))) if self.path.exists() else []

    def has_day(self, at: datetime) -> bool:
        """Whether there is an anchor of that day already."""
        try:
            anchors = self.read()
        except ValueError:
            return False
        return bool(anchors) and anchors[-1].at[:10] == at.astimezone(UTC).date().isoformat()

    def write(self, anchor: Anchor) -> None:
        """Add a line, here and to the log."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(anchor)) + "\n")
        log.info("audit anchor", position=anchor.position, hash=anchor.hash, at=anchor.at)


def parse_anchors(text: str) -> Iterator[Anchor]:
    """Read anchors, one a line.

    Raises:
        ValueError: A line is no anchor.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            yield Anchor(int(found["position"]), str(found["hash"]), str(found["at"]))
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"line {number} is no anchor") from None


def current_anchor(session: Session, at: datetime) -> Anchor:
    """Tell where the chain ends now."""
    head = session.execute(select(AuditHead.position, AuditHead.hash)).one()
    return Anchor(head.position, head.hash, at.astimezone(UTC).isoformat(timespec="seconds"))


def compare_anchors(session: Session, anchors: Sequence[Anchor]) -> Tampering | None:
    """Compare anchors with the entries of today and tell the first that does not fit; None if all do."""
    for start in range(0, len(anchors), BATCH):
        part = [anchor for anchor in anchors[start : start + BATCH] if anchor.position > 0]
        positions = [anchor.position for anchor in part]
        statement = (
            select(AuditEntry.position, AuditEntry.hash)
            .where(AuditEntry.position.in_(positions))
            .order_by(AuditEntry.position)
        )
        found = {row.position: row.hash for row in session.execute(statement)}
        for anchor in part:
            if found.get(anchor.position) != anchor.hash:
                return Tampering(anchor.position, _("the entry is not the one that the anchor names"))
    return None
