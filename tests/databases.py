"""A database of its own for every test: a copy of one migrated template, on SQLite and on PostgreSQL."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

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

    @contextmanager
    def copy(self, kind: str) -> Iterator[str]:
        """Give the address of a fresh migrated database, and remove it in the end."""
        with self._copy_sqlite() if kind == "sqlite" else self._copy_postgresql() as url:
            yield url

    @contextmanager
    def _copy_sqlite(self) -> Iterator[str]:
        """Copy the template file; about a millisecond."""
        if self._sqlite is None:
            self._sqlite = self._folder / "template.sqlite"
            migrate(f"sqlite:///{self._sqlite}")
        file = self._folder / f"{uuid.uuid4().hex}.sqlite"
        shutil.copyfile(self._sqlite, file)
        yield f"sqlite:///{file}"
        for left in self._folder.glob(f"{file.name}*"):
            left.unlink()

    @contextmanager
    def _copy_postgresql(self) -> Iterator[str]:
        """Let the server copy its template database."""
        server, template = self._postgresql_template()
        name = f"test_{uuid.uuid4().hex}"
        with administering(server) as engine, engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
        yield with_database(server, name)
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


@contextmanager
def administering(server: str) -> Iterator[Engine]:
    """Connect to the server for statements that cannot run inside a transaction."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        yield engine
    finally:
        engine.dispose()
