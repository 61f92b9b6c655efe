"""The PostgreSQL database in a backup: every table by COPY, all of them as they stood at one moment."""

from collections.abc import Iterable, Iterator
from typing import Any

from alembic import command
from psycopg import sql
from sqlalchemy import Connection, Engine, inspect

from foundation.audit import AuditHead
from foundation.backup.archive import Manifest, Packer
from foundation.backup.sealing import BackupFault
from foundation.migrating import config_for

FOLDER = "tables/"
WITHOUT_WORK = {"alembic_version", AuditHead.__tablename__}
"""Tables that hold a row in a database in which nobody has worked yet."""

FOREIGN_KEYS = """SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
    FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace ORDER BY c.oid"""


def pack(engine: Engine, packer: Packer, manifest: Manifest) -> None:
    """Copy all tables in one snapshot; writers go on meanwhile."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            raise BackupFault("This database was never migrated, so there is nothing to keep.")
        manifest.revision = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
        for table in sorted(tables):
            manifest.columns[table] = [str(column["name"]) for column in inspect(connection).get_columns(table)]
            packer.add(FOLDER + table, _copied(connection, table, manifest))


def _copied(connection: Connection, table: str, manifest: Manifest) -> Iterator[bytes]:
    """Give the rows of one table as PostgreSQL writes them, and count them."""
    manifest.rows[table] = 0
    statement = _statement("COPY {table} ({columns}) TO STDOUT", table, manifest.columns[table])
    with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            # In this form a line break inside a value is written as two other characters.
            manifest.rows[table] += bytes(block).count(b"\n")
            yield bytes(block)


def count_rows(blocks: Iterable[bytes]) -> int:
    """Count the rows of one table in a backup."""
    return sum(block.count(b"\n") for block in blocks)


def is_filled(connection: Connection) -> bool:
    """Whether somebody has worked in a database."""
    tables = [name for name in inspect(connection).get_table_names() if name not in WITHOUT_WORK]
    return any(
        connection.exec_driver_sql(f'SELECT EXISTS (SELECT FROM "{name}")').scalar_one()  # noqa: S608 - names of our own tables.
        for name in tables
    )


def make_room(connection: Connection, aside: str | None) -> None:
    """Set the present tables aside under a schema of their own, or drop them where nobody has worked in them."""
    if aside is None:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
    else:
        connection.exec_driver_sql(f'ALTER SCHEMA public RENAME TO "{aside}"')
    connection.exec_driver_sql("CREATE SCHEMA public")


def prepare(connection: Connection, revision: str) -> list[tuple[str, str, str]]:
    """Make empty tables as they were when the backup was made, and take their foreign keys off.

    Returns:
        The foreign keys, for ``finish``: rows may refer to one another in a circle, so they are checked at the end.
    """
    command.upgrade(config_for(connection), revision)
    keys = [(str(table), str(name), str(told)) for table, name, told in connection.exec_driver_sql(FOREIGN_KEYS)]
    for table, name, _told in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table in inspect(connection).get_table_names():
        # Migrations put a few rows in, whose place the rows of the backup take.
        connection.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own tables.
    return keys


def fill(connection: Connection, table: str, columns: list[str], blocks: Iterable[bytes]) -> None:
    """Copy the rows of one table in."""
    statement = _statement("COPY {table} ({columns}) FROM STDIN", table, columns)
    with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for block in blocks:
            copy.write(block)


def finish(connection: Connection, keys: list[tuple[str, str, str]]) -> None:
    """Put the foreign keys back, which checks every row."""
    for table, name, told in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {told}")


def _statement(words: str, table: str, columns: list[str]) -> sql.Composed:
    """Write a COPY for a table and its columns."""
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    return sql.SQL(words).format(table=sql.Identifier("public", table), columns=names)


def _driver(connection: Connection) -> Any:  # noqa: ANN401 - a driver's connection.
    """Give the driver's own connection, which alone can COPY."""
    return connection.connection.driver_connection
