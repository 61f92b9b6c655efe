"""A fresh migrated database for every test, on SQLite and on PostgreSQL.

SQLite copies the file of a template. A copy costs PostgreSQL half a second of the disk, so there a test that left the
tables as they were hands its database on, emptied; only one that changed the tables has it thrown away.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text

from foundation import migrating
from foundation.db import make_engine
from tests.servers import start_postgresql, with_database

KINDS = tuple(os.environ.get("TEST_DATABASES", "sqlite postgresql").split())
"""Kinds of database that every test runs on; a person in a hurry names one, CI always runs both."""


class Templates:
    """The migrated templates of one test process, made when they are first asked for.

    Args:
        folder: Where SQLite files go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sqlite: Path | None = None
        self._postgresql: tuple[str, str] | None = None
        self._free: list[str] = []

    @contextmanager
    def lend(self, kind: str) -> Iterator[str]:
        """Give the address of a fresh migrated database, and take it back in the end."""
        with self._copy_sqlite() if kind == "sqlite" else self._lend_postgresql() as url:
            yield url

    @contextmanager
    def _copy_sqlite(self) -> Iterator[str]:
        """Copy the template file; about a millisecond."""
        if self._sqlite is None:
            self._sqlite = self._folder / "template.sqlite"
            migrate(f"sqlite:///{self._sqlite}")
        # The address is the same every time, so that an engine with its compiled statements can be used again.
        file = self._folder / "test.sqlite"
        shutil.copyfile(self._sqlite, file)
        yield f"sqlite:///{file}"
        for left in self._folder.glob(f"{file.name}*"):
            left.unlink()

    @contextmanager
    def _lend_postgresql(self) -> Iterator[str]:
        """Lend a database that an earlier test left, or one that the server copies from its template."""
        server, template = self._postgresql_template()
        name = self._free.pop() if self._free else copy_postgresql(server, template)
        yield with_database(server, name)
        with administering(with_database(server, name)) as engine, engine.connect() as connection:
            reusable = restore(connection)
        if reusable:
            self._free.append(name)
            return
        with administering(server) as engine, engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def _postgresql_template(self) -> tuple[str, str]:
        """Make this process's template database, once."""
        if self._postgresql is None:
            server = start_postgresql()
            name = f"template_{uuid.uuid4().hex}"
            with administering(server) as engine, engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            migrate(with_database(server, name))
            with administering(with_database(server, name)) as engine, engine.connect() as connection:
                remember(connection)
            self._postgresql = (server, name)
        return self._postgresql


def migrate(url: str) -> None:
    """Bring a database to the newest state and let go of it, so that it can be copied."""
    engine = make_engine(url)
    migrating.upgrade(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            # A copied file must hold everything, so nothing may wait in the write-ahead log.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    engine.dispose()


SHAPE = text(
    """SELECT string_agg(found, ' ' ORDER BY found) FROM (
        SELECT concat_ws('/', oid, xmin) AS found FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws('/', oid, xmin) FROM pg_trigger
        UNION ALL SELECT concat_ws('/', oid, xmin) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ) AS marks"""
)
"""Names every table, index, trigger and constraint with the transaction that last wrote it."""


def copy_postgresql(server: str, template: str) -> str:
    """Let the server copy its template, and give the name of the copy."""
    name = f"test_{uuid.uuid4().hex}"
    with administering(server) as engine, engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    return name


def remember(connection: Connection) -> None:
    """Write into a template what ``restore`` needs: its shape, and the rows that its migrations put in."""
    connection.execute(text("CREATE SCHEMA pristine"))
    for table in filled_tables(connection):
        connection.execute(text(f"CREATE TABLE pristine.{table} AS TABLE public.{table}"))
    connection.execute(text("CREATE TABLE pristine.pristine_shape (shape text)"))
    connection.execute(text("INSERT INTO pristine.pristine_shape VALUES (:shape)"), {"shape": read_shape(connection)})


def restore(connection: Connection) -> bool:
    """Bring a lent database back to how it was made, and tell whether that can be done by its rows alone."""
    # A test that failed may have left a transaction open, which would hold the rows.
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )
    pristine = connection.execute(text("SELECT shape FROM pristine.pristine_shape")).scalar_one()
    if read_shape(connection) != pristine:
        return False
    # In this role the server asks neither the triggers that keep the audit trail whole nor the foreign keys.
    connection.execute(text("SET session_replication_role = replica"))
    kept = set(connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'pristine'")).scalars())
    for table in filled_tables(connection):
        connection.execute(text(f"DELETE FROM public.{table}"))
    for table in kept - {"pristine_shape"}:
        connection.execute(text(f"INSERT INTO public.{table} TABLE pristine.{table}"))
    return True


def read_shape(connection: Connection) -> str:
    """Read the mark of everything in the schema; any change to a table, index, trigger or constraint changes it."""
    return str(connection.execute(SHAPE).scalar_one())


def filled_tables(connection: Connection) -> list[str]:
    """Find the tables that hold at least one row."""
    tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.{table})" for table in tables)
    return list(connection.execute(text(asked)).scalars())


@contextmanager
def administering(server: str) -> Iterator[Engine]:
    """Connect to the server for statements that cannot run inside a transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        yield engine
    finally:
        engine.dispose()
