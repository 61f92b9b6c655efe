"""Clearing from the disk what deleted rows leave behind: pages of the database, its log, and the files of letters."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine


def scrub(engine: Engine) -> bool:
    """Rewrite the database without what was deleted.

    SQLite overwrites deleted rows (secure_delete), but a page that was split may keep a stale copy, and the log keeps
    old pages; so the file is rewritten and the log cut to nothing. PostgreSQL takes dead rows out of its pages; its
    log of changes goes with the next checkpoints, and backups by their own retention.

    Returns:
        Whether everything was cleared; False while somebody reads the old log, and then it is tried again.
    """
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
        return True
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        # The rewriting must not leave a copy in a folder for temporary files.
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("VACUUM")
        is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.close()
    finally:
        raw.close()
    return not is_busy


def remove_letters(folder: Path, letter_ids: Iterable[str]) -> None:
    """Take the files of some letters out of the folder, where there are any."""
    for letter_id in letter_ids:
        (folder / f"{letter_id}.eml").unlink(missing_ok=True)
