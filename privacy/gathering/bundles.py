"""The copy that a person receives: what is given table by table, and what is held back and why."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Uuid, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation import dictionary
from foundation.audit import AuditEntry
from foundation.db import Base
from foundation.dictionary import Export
from privacy.gathering.paths import is_personal
from privacy.gathering.rows import Trace, chunks, count_acts, load, trace
from privacy.rules import MENTORED, SHARED, WithheldWhy


@dataclass(frozen=True)
class Section:
    """What is given of one table.

    Attributes:
        table: Its name.
        columns: Names of the columns, in the order of the model.
        rows: One value for each column; None where this row's value is held back or empty.
    """

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Withheld:
    """What is held back of one table, for one reason.

    Attributes:
        table: Its name.
        columns: Names of the columns; empty where whole rows are meant.
        count: In how many rows.
        why: The reason.
    """

    table: str
    columns: tuple[str, ...]
    count: int
    why: WithheldWhy


@dataclass(frozen=True)
class Bundle:
    """Everything that one scheme tells a person about themselves.

    Attributes:
        name: Of the person.
        sections: What is given, in the order of the tables.
        withheld: What is not, with the reasons.
        acts: Table -> records of other people in which this person is named as the one who acted.
    """

    name: str
    sections: tuple[Section, ...]
    withheld: tuple[Withheld, ...]
    acts: dict[str, int]


def gather_bundle(session: Session, person: Person, *, scheme_id: uuid.UUID | None) -> Bundle:
    """Gather the copy of one person's data in a scheme, by the export rules of the data dictionary.

    Records that only mention the person, such as somebody's contact ban, are left out altogether: even to say that
    they exist could put the other in danger.
    """
    found = trace(session, person, scheme_id=scheme_id)
    sections: list[Section] = []
    withheld: list[Withheld] = []
    for table, rows in found.items():
        given = _columns(table, Export.GIVEN)
        if given:
            sections.append(Section(table, given, tuple(sorted(_given_rows(session, table, rows, given), key=_when))))
        withheld += _withheld(table, rows, given)
    withheld += _trail(session, person, found)
    return Bundle(person.name, tuple(sections), tuple(withheld), count_acts(session, person.id))


def _columns(table: str, export: Export) -> tuple[str, ...]:
    """Name the columns of a table with an export rule; ids say nothing to a person and may be somebody else's."""
    return tuple(
        column.name
        for column in Base.metadata.tables[table].columns
        if not isinstance(column.type, Uuid)
        and (entry := dictionary.entry_of(column)) is not None
        and entry.export is export
    )


def _given_rows(
    session: Session, table: str, rows: dict[uuid.UUID, frozenset[str]], columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Read the given values of each row; what is about the other of two people is left empty."""
    hidden = set(_personal(table, columns))
    for row in load(session, table, rows):
        is_others = _is_others(table, rows[row.id])
        yield tuple(None if is_others and column in hidden else getattr(row, column) for column in columns)


def _when(row: tuple[Any, ...]) -> str:
    """Give what puts rows in the order in which things happened: their first day or instant."""
    return next((value.isoformat() for value in row if isinstance(value, date)), "")


def _is_others(table: str, sides: frozenset[str]) -> bool:
    """Whether the words in a row are about the other of two people."""
    return table in SHARED and MENTORED not in sides


def _personal(table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Name those of some columns that say something about a person."""
    of_table = Base.metadata.tables[table].columns
    return tuple(column for column in columns if is_personal(of_table[column]))


def _withheld(table: str, rows: dict[uuid.UUID, frozenset[str]], given: Sequence[str]) -> Iterator[Withheld]:
    """Tell what is held back of a table."""
    if in_confidence := _columns(table, Export.WITHHELD):
        yield Withheld(table, in_confidence, len(rows), WithheldWhy.IN_CONFIDENCE)
    others = sum(_is_others(table, sides) for sides in rows.values())
    if others and (hidden := _personal(table, given)):
        yield Withheld(table, hidden, others, WithheldWhy.SOMEBODY_ELSE)


def _trail(session: Session, person: Person, found: Trace) -> Iterator[Withheld]:
    """Count the entries of the audit trail about the person's records or by the person."""
    count = 0
    for chunk in chunks({row_id for rows in found.values() for row_id in rows}):
        is_meant: ColumnElement[bool] = AuditEntry.subject_id.in_(chunk)
        if person.id in chunk:
            is_meant = or_(is_meant, AuditEntry.by_person_id == person.id)
        count += session.scalar(select(func.count()).select_from(AuditEntry).where(is_meant)) or 0
    if count:
        yield Withheld(AuditEntry.__tablename__, (), count, WithheldWhy.TRAIL)
