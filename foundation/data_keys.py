"""The keys of the data as the database knows them: it refuses to be opened with others, and is moved to new ones.

Moving goes row by row in small transactions while the portal serves. Readers take every key they know; a value that
somebody saves meanwhile is under the new key already or is found by the next look. Stopped halfway, it goes on where it
stopped, since what is left is what lies under another key.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import String, Table, Uuid, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import clock, dictionary, encryption, migrating
from foundation.db import Base, Database
from foundation.keyring import Keyring

BATCH = 200
"""Rows that one transaction re-encrypts; others wait for a few hundredths of a second."""


class WrongKeys(Exception):
    """The portal will not start, since its keys are not those of the database."""


class DataKey(Base):
    """A key under which values lie or lay, known by its name and a check value, never by itself."""

    __tablename__ = "data_key"

    name: Mapped[str] = mapped_column(String(16), unique=True, info=dictionary.TECHNICAL)
    check_value: Mapped[str] = mapped_column(String(32), info=dictionary.TECHNICAL)
    began_at: Mapped[datetime] = mapped_column(info=dictionary.TECHNICAL)
    retired_at: Mapped[datetime | None] = mapped_column(info=dictionary.TECHNICAL)


def require_right_keys(database: Database) -> None:
    """Refuse keys that are not those of the database; a database that knows none yet takes them as its own.

    Raises:
        WrongKeys: Naming each key that is missing or is another one, in words.
    """
    if not _is_migrated(database):
        return
    known = _list_known(database)
    if faults := list(_faults(known)):
        raise WrongKeys("Alongside does not start, because:\n" + "\n".join(f"- {fault}" for fault in faults))
    if not known and encryption.has_keyring():
        adopt(database, clock.now())


def upgrade(database: Database) -> None:
    """Bring a database to the newest state; what a migration encrypts stands nowhere open afterwards.

    Raises:
        WrongKeys: It was written with other keys.
    """
    migrating.upgrade(database.engine)
    migrating.sweep_up(database.engine)
    require_right_keys(database)


def find_faults(database: Database) -> list[str]:
    """List how the keys of this process differ from those of a migrated database, in words; writes nothing."""
    return list(_faults(_list_known(database)))


def _list_known(database: Database) -> list[DataKey]:
    """List the keys under which something may lie."""
    with database.sessions() as session:
        return list(session.scalars(select(DataKey).where(DataKey.retired_at.is_(None)).order_by(DataKey.name)))


def _is_migrated(database: Database) -> bool:
    """Whether the database is there and knows about keys."""
    try:
        with database.engine.connect() as connection:
            return inspect(connection).has_table(DataKey.__tablename__)
    except sa.exc.OperationalError:
        # A portal whose database is away starts, answers that it is not ready, and looks again when it is.
        return False


def _faults(known: Any) -> Iterator[str]:  # noqa: ANN401 - rows of the table.
    """Tell what is wrong with the keys of this process."""
    keyring = encryption.keyring() if encryption.has_keyring() else None
    for row in known:
        if keyring is None or row.name not in keyring.names:
            yield f"the database was written with the key “{row.name}”, which is not among ALONGSIDE_DATA_KEYS."
        elif keyring.check_value(row.name) != row.check_value:
            yield f"the key “{row.name}” of ALONGSIDE_DATA_KEYS is another one than the database was written with."


def adopt(database: Database, at: datetime) -> None:
    """Write down the check values of all keys that the database does not know yet."""
    keyring = encryption.keyring()
    try:
        with database.transaction() as session:
            known = set(session.scalars(select(DataKey.name).order_by(DataKey.name)))
            names = [name for name in keyring.names if name not in known]
            session.add_all(DataKey(name=name, check_value=keyring.check_value(name), began_at=at) for name in names)
    except IntegrityError:
        # Another process, starting at the same moment, has written the same.
        return


def next_name(session: Session) -> str:
    """Choose a name that no key of this database ever had, counting on."""
    taken = set(session.scalars(select(DataKey.name).order_by(DataKey.name))) | set(encryption.keyring().names)
    number = len(taken) + 1
    while f"k{number}" in taken:
        number += 1
    return f"k{number}"


def retire(session: Session, *, name: str, at: datetime) -> None:
    """Write down that nothing lies under a key any more, so that a portal without it may start."""
    for row in session.scalars(select(DataKey).where(DataKey.name == name).order_by(DataKey.id)):
        row.retired_at = at


def sealed_tables() -> list[Table]:
    """List the tables that have encrypted columns, by name."""
    tables = Base.metadata.tables
    return [tables[name] for name in sorted(tables) if encryption.sealed_names(tables[name])]


def count_values(session: Session, keyring: Keyring) -> dict[str, dict[str, int]]:
    """Count the values under every known key, by table and key; those under no known key are counted as ``?``."""
    return {table.name: _count_in(session, table, keyring.names) for table in sealed_tables()}


def _count_in(session: Session, table: Table, names: list[str]) -> dict[str, int]:
    """Count the values of one table by key, in one statement."""
    columns = _raw(table).columns
    values = [columns[name] for name in sorted(encryption.sealed_names(table))]
    sums: list[Any] = [
        sum((func.count(sa.case((value.startswith(f"{name}:"), 1))) for value in values), sa.literal(0))
        for name in names
    ]
    all_of_them = sum((func.count(value) for value in values), sa.literal(0))
    *counts, total = session.execute(select(*sums, all_of_them)).one()
    found = dict(zip(names, counts, strict=True))
    return {**found, "?": total - sum(counts)} if total > sum(counts) else found


def move_values(database: Database) -> Iterator[tuple[str, int]]:
    """Re-encrypt everything that does not lie under the current key, and tell the table and rows of each batch."""
    for table in sealed_tables():
        after: uuid.UUID | None = None
        while True:
            with database.transaction() as session:
                rows = _read_batch(session, table, after)
                for row in rows:
                    _move_row(session, table, row)
            if not rows:
                break
            after = rows[-1].id
            yield table.name, len(rows)


def _read_batch(session: Session, table: Table, after: uuid.UUID | None) -> list[Any]:
    """Read the next rows of which a value lies under another key than the current one."""
    raw = _raw(table)
    current = f"{encryption.keyring().current}:"
    is_old = sa.or_(*(~raw.columns[name].startswith(current) for name in sorted(encryption.sealed_names(table))))
    statement = select(raw).where(is_old).order_by(raw.columns.id).limit(BATCH)
    if after is not None:
        statement = statement.where(raw.columns.id > after)
    return list(session.execute(statement))


def _move_row(session: Session, table: Table, row: Any) -> None:  # noqa: ANN401 - a row of the table.
    """Re-encrypt the values of one row, each only if it still stands as it was read."""
    raw, keyring = _raw(table), encryption.keyring()
    current = f"{keyring.current}:"
    for name in sorted(encryption.sealed_names(table)):
        before = getattr(row, name)
        if before is None or before.startswith(current):
            continue
        place = f"{table.name}.{name}:{row.id.hex}"
        after = keyring.seal(keyring.open(before, place), place)
        column = raw.columns[name]
        session.execute(sa.update(raw).where(raw.columns.id == row.id, column == before).values({name: after}))


def _raw(table: Table) -> sa.TableClause:
    """Look at a table with its encrypted columns as the text that stands there."""
    return sa.table(
        table.name, sa.column("id", Uuid()), *(sa.column(name, sa.Text) for name in encryption.sealed_names(table))
    )
