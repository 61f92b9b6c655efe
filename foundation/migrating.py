"""Migrations from code: bring a database to the newest state, or back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database forward; all of it in one transaction, so that a failed step leaves nothing behind."""
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring a database back to an earlier revision, or to ``base``."""
    _run(engine, command.downgrade, revision)


def current_revision(engine: Engine) -> str | None:
    """Tell where a database stands; None where it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str | None:
    """Tell where a database should stand; read once, as the files do not change under a running portal."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def sweep_up(engine: Engine) -> None:
    """Empty SQLite's write-ahead log into the database, so that what a migration has encrypted stands nowhere open."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection
            driver.rollback()
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def is_known(revision: str) -> bool:
    """Whether this program has a migration of that name."""
    return any(step.revision == revision for step in ScriptDirectory(str(FOLDER)).walk_revisions())


def config_for(connection: object) -> Config:
    """Make Alembic's configuration for an open connection; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def _run(engine: Engine, step: Callable[..., Any], revision: str) -> None:
    """Run one of Alembic's commands inside a writing transaction."""
    with (
        engine.connect().execution_options(writes=True) as connection,
        _no_foreign_keys(connection),
        connection.begin(),
    ):
        step(config_for(connection), revision)
        _require_whole(connection)


@contextmanager
def _no_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others refer to, which it would otherwise refuse, or empty the others."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # The switch works only between transactions, and SQLAlchemy would begin one, so it goes to the driver.
    driver: Any = connection.connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _require_whole(connection: Connection) -> None:
    """Refuse a migration after which a row of SQLite refers to one that is gone.

    Raises:
        RuntimeError: Naming the table; everything is then undone.
    """
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(
                f"the migration leaves rows of “{broken[0]}” that refer to rows of “{broken[2]}” not there"
            )
