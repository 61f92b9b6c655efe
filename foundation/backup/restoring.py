"""Put a backup back: all of it or nothing, and never over somebody's work unless told."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine

from foundation.backup import postgresql, sqlite
from foundation.backup.archive import Manifest, Unpacker
from foundation.backup.aside import name_at
from foundation.backup.making import LETTERS, verify_open
from foundation.backup.marking import MARKING
from foundation.backup.sealing import BackupFault, unsealed
from foundation.migrating import is_known
from foundation.settings import Settings

_FILLED = "Somebody has worked in this database; --replace would set it aside and restore."


def restore(engine: Engine, settings: Settings, path: Path, *, replace: bool, at: datetime) -> Manifest:
    """Restore the database and the letters from a backup; the portal and its worker must not run meanwhile.

    The database carries the mark that keeps everybody out until ``marking.clear``.

    Args:
        engine: The database to fill.
        settings: Where everything lies.
        path: The backup.
        replace: Whether a database in which somebody has worked is set aside; otherwise it is left alone.
        at: Now; it names what is set aside.

    Raises:
        BackupFault: The backup cannot be trusted, does not fit, or would cover somebody's work. Nothing was changed.
    """
    with path.open("rb") as file:
        manifest = verify_open(file, settings.backup_key)
        _require_fitting(engine, manifest)
        file.seek(0)
        aside = name_at(at)
        with tempfile.TemporaryDirectory(dir=settings.instance, prefix=".restore-") as folder:
            letters = Path(folder) / "letters"
            letters.mkdir(mode=0o700)
            _Restoring(engine, settings, file, manifest, letters, aside, replace).run()
    return manifest


def _require_fitting(engine: Engine, manifest: Manifest) -> None:
    """Refuse a backup of the other kind of database, or one that a newer portal has made."""
    if manifest.kind != engine.dialect.name:
        raise BackupFault(f"This is a backup of {manifest.kind}, and the database here is {engine.dialect.name}.")
    if not is_known(manifest.revision):
        raise BackupFault(f"This backup stands at {manifest.revision}, which only a newer Alongside knows.")


@dataclass(frozen=True)
class _Restoring:
    """One restore: a verified file, where its content goes, and under which name the old is kept."""

    engine: Engine
    settings: Settings
    file: BinaryIO
    manifest: Manifest
    letters: Path
    aside: str
    replace: bool

    def run(self) -> None:
        """Restore in the manner of the database."""
        if self.manifest.kind == "sqlite":
            self._restore_sqlite()
        else:
            self._restore_postgresql()

    def _entries(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Read the backup a second time; every chunk is proven again."""
        return Unpacker(unsealed(self.file, self.settings.backup_key)).entries()

    def _require_room(self, *, is_filled: bool) -> None:
        """Refuse to cover somebody's work unless told."""
        if is_filled and not self.replace:
            raise BackupFault(_FILLED)

    def _restore_sqlite(self) -> None:
        """Restore beside the present file, and let the new one take the place at the very end."""
        url = self.settings.database_url
        self._require_room(is_filled=sqlite.is_filled(url))
        restored: Path | None = None
        try:
            for name, blocks in self._entries():
                if name == sqlite.ENTRY:
                    restored = sqlite.write_beside(url, blocks)
                else:
                    self._write_letter(name, blocks)
            if restored is None:
                raise BackupFault("There is no database in this backup.")
            sqlite.execute(restored, MARKING)
            self.engine.dispose()
            with self._letters_in_place() as put_letters:
                put_letters()
                sqlite.put_in_place(url, restored, self.aside)
        finally:
            if restored is not None:
                restored.unlink(missing_ok=True)

    def _restore_postgresql(self) -> None:
        """Restore in one transaction, which ends after the letters have found their place."""
        # The letters are the outer block: should the transaction fail to end well, they go back too.
        with self._letters_in_place() as put_letters, self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
            is_filled = postgresql.is_filled(connection)
            self._require_room(is_filled=is_filled)
            postgresql.make_room(connection, self.aside if is_filled else None)
            keys = postgresql.prepare(connection, self.manifest.revision)
            for name, blocks in self._entries():
                if name.startswith(postgresql.FOLDER):
                    table = name.removeprefix(postgresql.FOLDER)
                    postgresql.fill(connection, table, self.manifest.columns[table], blocks)
                else:
                    self._write_letter(name, blocks)
            postgresql.finish(connection, keys)
            connection.exec_driver_sql(MARKING)
            put_letters()

    def _write_letter(self, name: str, blocks: Iterator[bytes]) -> None:
        """Write one letter into the new folder, and nothing outside of it."""
        path = (self.letters / name.removeprefix(LETTERS)).resolve()
        if not name.startswith(LETTERS) or not path.is_relative_to(self.letters.resolve()):
            raise BackupFault(f"“{name}” has no place in a backup.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(blocks)

    @contextmanager
    def _letters_in_place(self) -> Iterator[Callable[[], None]]:
        """Offer to exchange the folder of letters; the exchange is undone if the block then fails."""
        present = self.settings.letters_folder
        kept = present.with_name(f"{present.name}.{self.aside}")

        def put() -> None:
            if present.exists():
                present.rename(kept)
            self.letters.rename(present)

        try:
            yield put
        except BaseException:
            if not self.letters.exists():
                present.rename(self.letters)
            if kept.exists():
                kept.rename(present)
            raise
