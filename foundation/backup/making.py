"""Make a backup and verify one, without stopping the portal."""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine

from foundation.backup import marking, postgresql, sqlite
from foundation.backup.archive import Manifest, Packer, Unpacker
from foundation.backup.sealing import MAGIC, BackupFault, Sealer, unsealed
from foundation.settings import Settings

LETTERS = "letters/"
NAME = re.compile(r"alongside-[0-9]{8}T[0-9]{6}Z\.backup")


def create(engine: Engine, settings: Settings, folder: Path, at: datetime) -> Path:
    """Write the database and the letters into one encrypted file, and read it back before it gets its name.

    Raises:
        BackupFault: There is no key, no migrated database, one that a restore has not finished, or what was written
            does not verify.
    """
    if marking.is_unfinished(engine):
        raise BackupFault("A backup was put back here and is not finished; run `flask backup finish` first.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"alongside-{at:%Y%m%dT%H%M%S}Z.backup"
    if path.exists():
        raise BackupFault(f"{path.name} exists already.")
    partial = path.with_suffix(".partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            _write(file, engine, settings, at)
            file.flush()
            os.fsync(file.fileno())
        verify(partial, settings.backup_key)
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _write(file: BinaryIO, engine: Engine, settings: Settings, at: datetime) -> None:
    """Write the whole content of a backup."""
    sealer = Sealer(file, settings.backup_key)
    manifest = Manifest(kind=engine.dialect.name, made_at=at.isoformat(), revision="")
    packer = Packer(sealer.write, manifest)
    if manifest.kind == "sqlite":
        sqlite.pack(settings.database_url, packer, manifest)
    else:
        postgresql.pack(engine, packer, manifest)
    _pack_letters(packer, settings.letters_folder)
    packer.finish()
    sealer.close()


def _pack_letters(packer: Packer, folder: Path) -> None:
    """Add every letter that lies in the instance's folder."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            # Somebody tidied the folder meanwhile.
            continue
        packer.add(LETTERS + path.relative_to(folder).as_posix(), [content])


def verify(path: Path, key: str) -> Manifest:
    """Read a whole backup and hold it against its manifest, without restoring anything.

    Raises:
        BackupFault: It cannot be trusted as a whole.
    """
    with path.open("rb") as file:
        return verify_open(file, key)


def verify_open(file: BinaryIO, key: str) -> Manifest:
    """Verify an open file from its beginning, so that a restore then reads the very same one."""
    file.seek(0)
    unpacker = Unpacker(unsealed(file, key))
    rows: dict[str, int] = {}
    for name, blocks in unpacker.entries():
        rows |= _count(name, blocks)
    if unpacker.manifest is None or rows != unpacker.manifest.rows:
        raise BackupFault("The number of rows in this backup is not the one that its manifest names.")
    return unpacker.manifest


def _count(name: str, blocks: Iterator[bytes]) -> dict[str, int]:
    """Count the rows of an entry by table, and use it up."""
    if name == sqlite.ENTRY:
        return sqlite.check(blocks)
    if name.startswith(postgresql.FOLDER):
        return {name.removeprefix(postgresql.FOLDER): postgresql.count_rows(blocks)}
    for _block in blocks:
        pass
    return {}


def remove_old(made: Path, keep: int) -> list[Path]:
    """Remove older backups beside the one that was just made, and tell which went.

    The one just made is known to be whole, so it stays whatever the clock says. A file of somebody else stays too.

    Args:
        made: The newest backup.
        keep: How many stay, this one among them.
    """
    others = [path for path in made.parent.iterdir() if path != made and _is_backup(path)]
    old = sorted(others, reverse=True)[keep - 1 :]
    for path in old:
        path.unlink()
    return old


def _is_backup(path: Path) -> bool:
    """Whether a file bears the name and the beginning that ``create`` gives."""
    if not NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
