"""The SQLite database in a backup: a whole copy of its file, taken while the portal serves."""

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from foundation.audit import AuditHead
from foundation.backup.archive import Manifest, Packer
from foundation.backup.sealing import BackupFault

ENTRY = "database.sqlite"
BLOCK_BYTES = 1024 * 1024
WITHOUT_WORK = {"alembic_version", AuditHead.__tablename__}
"""Tables that hold a row in a database in which nobody has worked yet."""


def file_of(url: str) -> Path:
    """Find the file of a database by its address."""
    return Path(make_url(url).database or "").absolute()


def pack(url: str, packer: Packer, manifest: Manifest) -> None:
    """Copy the database as it stands at one moment; writers go on meanwhile."""
    source = file_of(url)
    # The copy lies beside the database, where the same plain rows lie already, and only for its owner.
    with tempfile.TemporaryDirectory(dir=source.parent, prefix=".backup-") as folder:
        copy = Path(folder) / ENTRY
        with closing(sqlite3.connect(source, timeout=10, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        with closing(sqlite3.connect(copy)) as connection:
            manifest.rows = count_rows(connection)
            manifest.revision = _revision(connection)
        packer.add(ENTRY, _blocks(copy))


def check(blocks: Iterable[bytes]) -> dict[str, int]:
    """Open a copy in memory and count its rows, without a file.

    Raises:
        BackupFault: The database finds itself broken.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(b"".join(blocks))
        _require_sound(connection)
        return count_rows(connection)


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of every table."""
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    names = [name for (name,) in found if not name.startswith("sqlite_")]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - names of our own tables.


def is_filled(url: str) -> bool:
    """Whether somebody has worked in the database at an address."""
    file = file_of(url)
    if not file.exists():
        return False
    with closing(sqlite3.connect(file)) as connection:
        return any(count for name, count in count_rows(connection).items() if name not in WITHOUT_WORK)


def write_beside(url: str, blocks: Iterable[bytes]) -> Path:
    """Write a database beside the one at an address, on the disk to the last byte, and prove that it is sound."""
    path = file_of(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".restore-", suffix=".sqlite")
    with os.fdopen(handle, "wb") as file:
        file.writelines(blocks)
        file.flush()
        os.fsync(file.fileno())
    with closing(sqlite3.connect(name)) as connection:
        _require_sound(connection)
    return Path(name)


def execute(path: Path, statement: str) -> None:
    """Carry out one statement on a database file that nobody uses yet."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def put_in_place(url: str, restored: Path, aside: str) -> None:
    """Let a restored file take the place of the database at an address; the old one is kept under a name of its own.

    Raises:
        BackupFault: Somebody still uses the old one.
    """
    path = file_of(url)
    if path.exists():
        _require_idle(path)
        os.link(path, path.with_name(f"{path.name}.{aside}"))
    # One rename, so that there is no moment without a database.
    restored.replace(path)


def _require_idle(path: Path) -> None:
    """Close the write-ahead log of the old file; a log left behind would be taken for that of the new one."""
    with closing(sqlite3.connect(path, timeout=1)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise BackupFault("The database is in use; stop the portal and its worker first.") from error
    if mode != "delete":
        raise BackupFault("The database is in use; stop the portal and its worker first.")


def _require_sound(connection: sqlite3.Connection) -> None:
    """Ask the database whether it is whole."""
    try:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupFault("The database in this backup cannot be opened.") from error
    if answer != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupFault("The database in this backup is not sound.")


def _revision(connection: sqlite3.Connection) -> str:
    """Read where the schema stands."""
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (sqlite3.OperationalError, TypeError) as error:
        raise BackupFault("This database was never migrated, so there is nothing to keep.") from error


def _blocks(path: Path) -> Iterator[bytes]:
    """Read a file block by block."""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block
