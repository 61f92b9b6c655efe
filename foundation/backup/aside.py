"""What a restore has set aside: the database and letters of before, with everybody's data, until they are removed."""

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from foundation.backup import sqlite
from foundation.settings import Settings

_NAME = re.compile(r"before-restore-([0-9]{8}T[0-9]{6})")
_SCHEMAS = text("SELECT nspname FROM pg_catalog.pg_namespace ORDER BY nspname")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Aside:
    """One thing that was set aside.

    Attributes:
        set_aside_at: When.
        path: The file or folder; None for a schema of PostgreSQL.
        schema: The schema; empty for a file or folder.
    """

    set_aside_at: datetime
    path: Path | None = None
    schema: str = ""

    def __str__(self) -> str:
        """Say where it lies, for whoever owns the machine."""
        return f"schema “{self.schema}” of the database" if self.path is None else str(self.path)


def name_at(at: datetime) -> str:
    """Make the name under which a restore sets aside what it finds."""
    return f"before-restore-{at.astimezone(UTC):{_STAMP}}"


def list_aside(engine: Engine, settings: Settings) -> list[Aside]:
    """List what restores have set aside in the database and in the instance folder of this machine, oldest first."""
    places = [settings.letters_folder]
    found = []
    if engine.dialect.name == "sqlite":
        places.append(sqlite.file_of(settings.database_url))
    else:
        names = text(
            "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname LIKE 'before-restore-%' ORDER BY nspname"
        )
        with engine.connect() as connection:
            schemas = [str(name) for name in connection.execute(names).scalars()]
        found = [Aside(at, schema=name) for name in schemas if (at := _read(name))]
    for place in places:
        # Only what bears the exact name that a restore gives; whatever else lies there is somebody's own.
        kept = [path for path in place.parent.glob(f"{place.name}.*") if path.name.startswith(f"{place.name}.")]
        found += [Aside(at, path=path) for path in kept if (at := _read(path.name.removeprefix(f"{place.name}.")))]
    return sorted(found, key=lambda one: (one.set_aside_at, str(one)))


def list_moments(engine: Engine, settings: Settings) -> list[datetime]:
    """List when restores have set something aside that still lies there, oldest first."""
    return sorted({one.set_aside_at for one in list_aside(engine, settings)})


def discard(engine: Engine, settings: Settings) -> list[Aside]:
    """Remove all of it, and tell what went; on a disk that keeps old blocks or snapshots these still hold it."""
    found = list_aside(engine, settings)
    for one in found:
        if one.path is None:
            with engine.begin() as connection:
                connection.exec_driver_sql(f'DROP SCHEMA "{one.schema}" CASCADE')
        elif one.path.is_dir():
            shutil.rmtree(one.path)
        else:
            one.path.unlink()
    return found


def _read(name: str) -> datetime | None:
    """Read when something was set aside from its name; None where a restore has not made it."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
