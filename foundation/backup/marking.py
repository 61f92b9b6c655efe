"""The mark of a database that was restored and is not finished: while it stands, nobody is served.

A backup brings back people who were erased since it was made. Until the ledger has erased them again, no page may show
them and no job may write to them, on whatever machine a process runs. So the mark is in the restored database itself,
from the very moment at which that database appears. It is a table that is there or not, since a backup of an older
release knows no column that could hold it, and since whether a table is there may be asked without any right to it.
"""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from foundation.db import Database
from foundation.errors import Closed
from foundation.language import _

MARK = "restore_not_finished"
MARKING = f"CREATE TABLE {MARK} (marked_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)"
_LOOKS = {
    "sqlite": text("SELECT 1 FROM sqlite_schema WHERE name = :mark"),
    "postgresql": text(
        "SELECT 1 FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE relname = :mark AND nspname = 'public'"
    ),
}


def is_marked(place: Session | Connection) -> bool:
    """Whether a database was restored and still waits to be finished."""
    engine = place.get_bind() if isinstance(place, Session) else place
    return place.execute(_LOOKS[engine.dialect.name], {"mark": MARK}).first() is not None


def is_unfinished(engine: Engine) -> bool:
    """Whether the database of an engine was restored and still waits to be finished."""
    with engine.connect() as connection:
        return is_marked(connection)


def require_finished(session: Session) -> None:
    """Serve nobody while a restored database waits to be finished.

    Raises:
        Closed: It does.
    """
    if is_marked(session):
        raise Closed(_("A backup is being put back. Whoever runs this portal has to finish that before anybody works."))


def clear(database: Database) -> None:
    """Take the mark off, as the last step of a restore."""
    with database.transaction() as session:
        session.execute(text(f"DROP TABLE IF EXISTS {MARK}"))
