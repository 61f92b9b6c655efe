"""A backup is whole or refused, and a restore brings back every row or changes nothing."""

import io
import threading
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

from app import METADATA
from foundation import audit, migrating
from foundation.backup import making, postgresql, restoring, sealing, sqlite
from foundation.backup.sealing import BackupFault, Sealer, unsealed
from foundation.db import Database
from foundation.settings import Settings
from tests.conftest import NOW, Saved
from tests.foundation.conftest import KEY, contents


def test_a_restore_on_another_machine_brings_back_every_row_and_letter(
    backup: Path, fresh: tuple[Engine, Settings], db: Database
) -> None:
    engine, settings = fresh
    manifest = restoring.restore(engine, settings, backup, replace=False, at=NOW)
    assert contents(engine) == contents(db.engine)
    assert manifest.rows["audit_entry"] > 5
    assert (settings.letters_folder / "one.eml").read_text() == "an invented letter"
    assert migrating.current_revision(engine) == migrating.newest_revision()


def test_a_restored_portal_has_its_keys_its_triggers_and_a_chain_that_holds(
    backup: Path, fresh: tuple[Engine, Settings], db: Database
) -> None:
    engine, settings = fresh
    restoring.restore(engine, settings, backup, replace=False, at=NOW)
    for table in METADATA.tables:
        names = [{key["name"] for key in inspect(one).get_foreign_keys(table)} for one in (engine, db.engine)]
        assert names[0] == names[1]
    with pytest.raises(Exception, match="append"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry"))
    with Session(engine) as session:
        assert audit.verify(session) is None


def test_no_table_counts_by_a_sequence_that_a_restore_would_forget(db: Database) -> None:
    if db.engine.dialect.name == "postgresql":
        assert inspect(db.engine).get_sequence_names() == []


def test_a_backup_taken_while_somebody_writes_is_of_one_moment(
    kept: Settings, db: Database, fresh: tuple[Engine, Settings], saved: Saved, tmp_path: Path
) -> None:
    started, stop = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with saved as build:
                build.scheme(f"town-{number}")
            number += 1
            started.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert started.wait(10)
    try:
        path = making.create(db.engine, kept, tmp_path / "busy", NOW)
    finally:
        stop.set()
        writer.join()
    engine, settings = fresh
    restoring.restore(engine, settings, path, replace=False, at=NOW)
    # Every scheme is made with its entries in the audit trail, whose head counts them: a torn copy would differ.
    with Session(engine) as session:
        assert audit.verify(session) is None


def test_a_filled_database_is_left_alone_unless_told(backup: Path, kept: Settings, db: Database) -> None:
    before = contents(db.engine)
    with pytest.raises(BackupFault, match="has worked"):
        restoring.restore(db.engine, kept, backup, replace=False, at=NOW)
    assert contents(db.engine) == before


def test_replacing_brings_the_old_state_back_and_keeps_the_newer_aside(
    backup: Path, kept: Settings, db: Database, saved: Saved
) -> None:
    before = contents(db.engine)
    with saved as build:
        build.scheme("later")
    (kept.letters_folder / "two.eml").write_text("a later letter")
    restoring.restore(db.engine, kept, backup, replace=True, at=NOW)
    assert contents(db.engine) == before
    assert [path.name for path in kept.letters_folder.iterdir()] == ["one.eml"]
    assert len(list(kept.instance.glob("letters.before-restore-*/two.eml"))) == 1
    _require_later_scheme_aside(db.engine)


def _require_later_scheme_aside(engine: Engine) -> None:
    """Look for the scheme that was set aside, where each kind of database keeps it."""
    if engine.dialect.name == "sqlite":
        (aside,) = Path(engine.url.database or "").parent.glob("*.before-restore-*")
        other = create_engine(f"sqlite:///{aside}")
        with other.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM scheme WHERE slug = 'later'")).scalar_one() == 1
        other.dispose()
        return
    with engine.connect() as connection:
        (name,) = [name for name in inspect(connection).get_schema_names() if name.startswith("before-restore")]
        found = connection.execute(text(f"SELECT count(*) FROM \"{name}\".scheme WHERE slug = 'later'"))
        assert found.scalar_one() == 1


def test_a_restore_that_fails_at_the_very_end_changes_nothing(
    backup: Path, kept: Settings, db: Database, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    with saved as build:
        build.scheme("later")
    before = contents(db.engine)

    def fail(*_given: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr(sqlite, "put_in_place", fail)
    monkeypatch.setattr(postgresql, "finish", fail)
    with pytest.raises(RuntimeError, match="power"):
        restoring.restore(db.engine, kept, backup, replace=True, at=NOW)
    assert contents(db.engine) == before
    assert (kept.letters_folder / "one.eml").exists()
    assert list(kept.instance.glob("*before-restore*")) == []


def test_a_byte_that_was_changed_anywhere_is_found(backup: Path) -> None:
    whole = backup.read_bytes()
    places = {*range(70), *range(70, len(whole), max(1, len(whole) // 60)), len(whole) - 1}
    for place in sorted(places):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1
        with pytest.raises(BackupFault):
            making.verify_open(io.BytesIO(bytes(spoilt)), KEY)


def test_a_backup_that_was_cut_off_anywhere_is_found(backup: Path) -> None:
    whole = backup.read_bytes()
    chunk = sealing.CHUNK_BYTES + sealing.TAG_BYTES
    ends = {0, 1, sealing.HEADER_BYTES, sealing.HEADER_BYTES + chunk, len(whole) - 1, len(whole) // 2}
    for end in sorted(end for end in ends if end < len(whole)):
        with pytest.raises(BackupFault):
            making.verify_open(io.BytesIO(whole[:end]), KEY)


def test_chunks_in_another_order_are_found() -> None:
    file = io.BytesIO()
    sealer = Sealer(file, KEY)
    sealer.write(bytes(3 * sealing.CHUNK_BYTES + 5))
    sealer.close()
    whole = file.getvalue()
    assert b"".join(unsealed(io.BytesIO(whole), KEY)) == bytes(3 * sealing.CHUNK_BYTES + 5)
    start, size = sealing.HEADER_BYTES, sealing.CHUNK_BYTES + sealing.TAG_BYTES
    first, second, rest = whole[start : start + size], whole[start + size : start + 2 * size], whole[start + 2 * size :]
    for spoilt in (second + first + rest, first + rest, second + rest, first + first + second + rest):
        with pytest.raises(BackupFault):
            list(unsealed(io.BytesIO(whole[:start] + spoilt), KEY))


@pytest.mark.parametrize("key", ["another invented key that is long enough", ""])
def test_another_key_opens_nothing(backup: Path, key: str) -> None:
    with pytest.raises(BackupFault):
        making.verify(backup, key)


def test_nothing_of_what_is_kept_can_be_read_in_the_file(backup: Path) -> None:
    assert b"ada@mail.example" not in backup.read_bytes()
    assert b"invented letter" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_a_spoilt_backup_is_not_restored_in_part(backup: Path, fresh: tuple[Engine, Settings]) -> None:
    engine, settings = fresh
    whole = bytearray(backup.read_bytes())
    whole[-1] ^= 1
    backup.write_bytes(bytes(whole))
    with pytest.raises(BackupFault):
        restoring.restore(engine, settings, backup, replace=False, at=NOW)
    assert inspect(engine).get_table_names() == []
    assert not settings.letters_folder.exists()


def test_the_commands_create_verify_keep_and_restore(
    kept: Settings, app: Flask, db: Database, clock: time_machine.Traveller
) -> None:
    called = []
    app.extensions["after_restore"] = (lambda: called.append("followed"),)
    runner = app.test_cli_runner()
    for _ in range(3):
        assert "was read back" in runner.invoke(args=["backup", "create", "--keep", "2"]).output
        clock.shift(60)
    paths = sorted((kept.instance / "backups").iterdir())
    assert len(paths) == 2
    assert "Whole" in runner.invoke(args=["backup", "verify", str(paths[0])]).output
    refused = runner.invoke(args=["backup", "restore", str(paths[0])])
    assert refused.exit_code == 1
    assert "Nothing was changed" in refused.output
    assert called == []
    assert "can start" in runner.invoke(args=["backup", "restore", str(paths[0]), "--replace"]).output
    assert len(called) == 1
