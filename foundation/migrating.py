"""Migrations from code: bring a database to the newest state, or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

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


def newest_revision() -> str | None:
    """Tell where a database should stand."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def config_for(connection: object) -> Config:
    """Make Alembic's configuration for an open connection; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def _run(engine: Engine, step: object, revision: str) -> None:
    """Run one of Alembic's commands inside a writing transaction."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        step(config_for(connection), revision)  # type: ignore[operator] # Alembic's commands share this form.
