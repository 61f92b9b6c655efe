"""The ledger of erasures as a file in the instance folder: ids alone, and it outlives a restored database."""

import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privacy.models import Erasure
from privacy.rules import ErasureWhy

LEDGER = "erasures.jsonl"


@dataclass(frozen=True)
class LedgerEntry:
    """One erasure that was carried out."""

    erasure_id: uuid.UUID
    subject_id: uuid.UUID
    scheme_id: uuid.UUID
    why: ErasureWhy
    decided_at: datetime
    letter_ids: tuple[str, ...]


class Ledger:
    """The file; a backup that is put back must leave it alone.

    Args:
        instance: Folder of the installation.
    """

    def __init__(self, instance: Path) -> None:
        self.file = instance / LEDGER

    def begin(self) -> None:
        """Have a file, even while nobody was erased, so that one that is missing is known to be lost."""
        if not self.file.exists():
            self.file.touch(mode=0o600)

    def read(self) -> list[LedgerEntry]:
        """Read all entries, oldest first; a line that was cut off by a crash is passed over."""
        if not self.file.exists():
            return []
        entries = [_parse(line) for line in self.file.read_text("utf-8").splitlines()]
        return [entry for entry in entries if entry is not None]

    def add(self, erasures: Iterable[Erasure]) -> None:
        """Append erasures that the file does not know yet, and wait until they are on the disk."""
        known = {entry.erasure_id for entry in self.read()}
        lines = [_line(erasure) for erasure in erasures if erasure.id not in known]
        if not lines:
            return
        # A line that was cut off before must not swallow the next one.
        is_torn = self.file.exists() and not self.file.read_bytes().endswith(b"\n") and self.file.stat().st_size > 0
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write("\n" * is_torn + "".join(f"{line}\n" for line in lines))
            opened.flush()
            os.fsync(opened.fileno())


def _line(erasure: Erasure) -> str:
    """Write one erasure as a line."""
    return json.dumps(
        {
            "erasure": str(erasure.id),
            "subject": str(erasure.subject_id),
            "scheme": str(erasure.scheme_id),
            "why": erasure.why.value,
            "at": erasure.decided_at.isoformat() if erasure.decided_at else "",
            "letters": erasure.letter_ids,
        },
        sort_keys=True,
    )


def _parse(line: str) -> LedgerEntry | None:
    """Read one line; None for one that is torn or empty."""
    try:
        found = json.loads(line)
        return LedgerEntry(
            erasure_id=uuid.UUID(found["erasure"]),
            subject_id=uuid.UUID(found["subject"]),
            scheme_id=uuid.UUID(found["scheme"]),
            why=ErasureWhy(found["why"]),
            decided_at=datetime.fromisoformat(found["at"]),
            letter_ids=tuple(found["letters"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
