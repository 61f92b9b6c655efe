"""The data dictionary: what each column holds, who may read it, how long it stays and whether the person gets a copy.

A column carries its entry in ``info``; ``column_entries`` reads them back for docs/data-dictionary.md and for the test
that fails on a column without one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Column, MetaData, Table

_KEY = "dictionary"
_PLAIN = "left plain"


class Kind(StrEnum):
    """What sort of thing a column holds."""

    TECHNICAL = "technical"
    OPERATIONAL = "operational"
    PERSONAL = "personal"
    SPECIAL = "special category or offence data"
    HANDLE = "random handle or public key"
    SECRET = "secret"  # noqa: S105 - it names a kind of column and opens nothing.


class Level(IntEnum):
    """Who may read it: 0 anybody signed in with the page, 1 core documents, 2 mentor and coordinator only."""

    OPEN = 0
    CORE = 1
    CONFIDENTIAL = 2


class Retention(StrEnum):
    """When the value goes."""

    SCHEME = "as long as the scheme"
    RECORD = "with the record it belongs to"
    PERSON = "six years after the person's last activity"
    CHECK = "six months after the decision"
    SHORT = "30 days"
    AUDIT = "seven years"


class Export(StrEnum):
    """Whether a person who asks for their data receives it."""

    GIVEN = "given to the person"
    WITHHELD = "withheld: about somebody else or given in confidence"
    NONE = "not personal"


@dataclass(frozen=True)
class Entry:
    """One line of the data dictionary."""

    kind: Kind
    level: Level
    retention: Retention
    export: Export

    @property
    def info(self) -> dict[str, Any]:
        """The entry as a column's ``info`` carries it."""
        return {_KEY: self}

    @property
    def is_personal(self) -> bool:
        """Whether the value says something about a person and so stays out of the audit trail."""
        return self.kind in {Kind.PERSONAL, Kind.SPECIAL, Kind.HANDLE, Kind.SECRET}

    @property
    def is_told_of_only(self) -> bool:
        """Whether the audit trail tells only that the value changed, and does not even keep it sealed."""
        return self.kind in {Kind.HANDLE, Kind.SECRET}


TECHNICAL = Entry(Kind.TECHNICAL, Level.OPEN, Retention.RECORD, Export.NONE).info
SETTING = Entry(Kind.OPERATIONAL, Level.OPEN, Retention.SCHEME, Export.NONE).info
OPERATIONAL = Entry(Kind.OPERATIONAL, Level.CORE, Retention.RECORD, Export.GIVEN).info
FIGURE = Entry(Kind.OPERATIONAL, Level.OPEN, Retention.SCHEME, Export.NONE).info
CONTACT = Entry(Kind.PERSONAL, Level.CORE, Retention.PERSON, Export.GIVEN).info
PROFILE = Entry(Kind.PERSONAL, Level.CORE, Retention.PERSON, Export.GIVEN).info
CHECKED = Entry(Kind.SPECIAL, Level.CONFIDENTIAL, Retention.CHECK, Export.GIVEN).info
CONFIDENTIAL = Entry(Kind.SPECIAL, Level.CONFIDENTIAL, Retention.PERSON, Export.GIVEN).info
IN_CONFIDENCE = Entry(Kind.SPECIAL, Level.CONFIDENTIAL, Retention.PERSON, Export.WITHHELD).info
ADDRESS_TYPED = Entry(Kind.PERSONAL, Level.CORE, Retention.SHORT, Export.NONE).info
"""An address as anybody may type it on a public page, and so perhaps nobody's."""

HANDLE = Entry(Kind.HANDLE, Level.CORE, Retention.RECORD, Export.NONE).info
"""What a browser or a security key is known by: drawn at random or made to be public. It tells nothing of the person
who holds it and opens nothing, so it is no level 2; as it is theirs alone, it goes with them."""

SECRET = Entry(Kind.SECRET, Level.CONFIDENTIAL, Retention.SHORT, Export.NONE).info


def plain(info: dict[str, Any], why: str) -> dict[str, Any]:
    """Say why a column of level 2 lies unencrypted in the database, which it otherwise may not.

    Args:
        info: Its entry.
        why: What the database itself needs the value for, in a few words.
    """
    return {**info, _PLAIN: why}


HASHED = plain(SECRET, "only a hash of the secret stands there")
LOCKED = plain(SECRET, "it is sealed already, under the portal's own secret and for its row alone")
TRAIL = plain(
    Entry(Kind.OPERATIONAL, Level.CONFIDENTIAL, Retention.AUDIT, Export.WITHHELD).info,
    "the chain is computed over it; what is personal in it lies under the key of the person",
)


def entry_of(column: Column[Any]) -> Entry | None:
    """Find the entry of a column, if it has one."""
    entry = column.info.get(_KEY)
    return entry if isinstance(entry, Entry) else None


def why_plain(column: Column[Any]) -> str:
    """Tell why a column of level 2 is not encrypted; empty where nobody has said so."""
    return str(column.info.get(_PLAIN, ""))


def column_entries(metadata: MetaData) -> Iterator[tuple[Table, Column[Any], Entry | None]]:
    """Walk over every column of every table, by table name and in the order of the model."""
    for name in sorted(metadata.tables):
        table = metadata.tables[name]
        for column in table.columns:
            yield table, column, entry_of(column)
