"""Nobody is served from a restored database before it is finished, and what was set aside does not lie there unseen."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, inspect, text

from demo.builders import PASSWORD
from foundation import migrating
from foundation.backup import aside, making, marking, restoring
from foundation.backup.sealing import MAGIC, BackupFault
from foundation.db import Database
from foundation.jobs import Queue
from foundation.settings import Settings
from tests.conftest import NOW
from tests.foundation.conftest import contents
from tests.pages import PageClient

CLOSED = "The portal is closed for the moment"


def run(app: Flask, *words: str, answer: str = "") -> str:
    """Carry out a command and give what it says."""
    result = app.test_cli_runner().invoke(args=list(words), input=answer)
    return result.output


@pytest.fixture
def followed(app: Flask) -> Iterator[list[str]]:
    """What followed a restore, so far."""
    called: list[str] = []
    before = app.extensions["after_restore"]
    app.extensions["after_restore"] = (lambda: called.append("erased again"),)
    yield called
    app.extensions["after_restore"] = before


@pytest.fixture
def marked(backup: Path, kept: Settings, db: Database) -> Database:
    """A database that was restored and is not finished."""
    restoring.restore(db.engine, kept, backup, replace=True, at=NOW)
    return db


@pytest.mark.parametrize("path", ["/", "/sign-in", "/people", "/privacy", "/nowhere"])
def test_no_page_is_shown_from_a_restored_database_that_is_not_finished(
    marked: Database, client: PageClient, path: str
) -> None:
    page = client.get(path, status=503)
    assert page.heading == CLOSED
    assert page.response.headers["Retry-After"] == "60"


def test_whoever_was_signed_in_when_the_backup_was_made_is_shown_nothing(
    kept: Settings, db: Database, client: PageClient, tmp_path: Path
) -> None:
    client.sign_in("ada@mail.example", PASSWORD)
    path = making.create(db.engine, kept, tmp_path / "later", NOW)
    restoring.restore(db.engine, kept, path, replace=True, at=NOW)
    page = client.get("/", status=503)
    assert "Ada" not in page.response.get_data(as_text=True)
    answer = client.client.post("/sign-out")
    assert answer.status_code == 503
    marking.clear(db)
    assert client.get("/account").status == 200


def test_a_balancer_is_told_that_the_portal_lives_and_is_not_ready(
    marked: Database, app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = app.test_client()
    assert asking.get("/ready").status_code == 503
    assert "not finished" in capsys.readouterr().out
    assert asking.get("/health").status_code == 200
    with asking.get("/static/alongside.css") as response:
        assert response.status_code == 200
    marking.clear(marked)
    assert asking.get("/ready").status_code == 200


def test_the_worker_does_nothing_before_the_restore_is_finished(
    marked: Database, app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    queue = Queue(app, tmp_path / "other.sqlite", "secret", {"letters": lambda: done.append("sent")})
    queue.run_sweeps()
    assert done == []
    assert "not finished" in capsys.readouterr().out
    marking.clear(marked)
    queue.run_sweeps()
    assert done == ["sent"]


def test_a_worker_whose_database_is_away_does_nothing_and_goes_on(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    queue = Queue(app, tmp_path / "other.sqlite", "secret", {"letters": lambda: done.append("sent")})
    before = app.extensions["database"]
    app.extensions["database"] = Database("sqlite:////nowhere/at/all.sqlite")
    try:
        queue.run_sweeps()
    finally:
        app.extensions["database"] = before
    assert done == []
    assert "cannot look" in capsys.readouterr().out


def test_an_older_backup_serves_nobody_until_it_is_migrated_and_the_erasures_are_done_again(
    kept: Settings, app: Flask, db: Database, client: PageClient, followed: list[str]
) -> None:
    migrating.downgrade(db.engine, "0001")
    path = making.create(db.engine, kept, kept.instance / "old", NOW)
    said = run(app, "backup", "restore", str(path), "--replace")
    assert "revision 0001" in said
    assert "backup finish" in said
    assert "can start" not in said
    assert (migrating.current_revision(db.engine), followed) == ("0001", [])
    assert client.get("/", status=503).heading == CLOSED
    # Whoever remembers the migration alone has not erased anybody again.
    run(app, "database", "upgrade")
    assert client.get("/sign-in", status=503).heading == CLOSED
    assert "can start" in run(app, "backup", "finish")
    assert (migrating.current_revision(db.engine), followed) == (migrating.newest_revision(), ["erased again"])
    assert client.get("/sign-in").status == 200


def test_finishing_migrates_by_itself(kept: Settings, app: Flask, db: Database, followed: list[str]) -> None:
    migrating.downgrade(db.engine, "0003")
    path = making.create(db.engine, kept, kept.instance / "old", NOW)
    run(app, "backup", "restore", str(path), "--replace")
    assert "can start" in run(app, "backup", "finish")
    assert migrating.current_revision(db.engine) == migrating.newest_revision()
    assert (followed, marking.is_unfinished(db.engine)) == (["erased again"], False)


def test_a_backup_of_this_release_is_finished_by_the_restore_itself(
    backup: Path, app: Flask, db: Database, client: PageClient, followed: list[str]
) -> None:
    assert "can start" in run(app, "backup", "restore", str(backup), "--replace")
    assert (followed, marking.is_unfinished(db.engine)) == (["erased again"], False)
    assert client.get("/sign-in").status == 200


def test_a_restore_whose_following_fails_stays_closed(
    backup: Path, app: Flask, db: Database, followed: list[str]
) -> None:
    def fail() -> None:
        raise RuntimeError("the power went out")

    app.extensions["after_restore"] = (fail,)
    run(app, "backup", "restore", str(backup), "--replace")
    assert marking.is_unfinished(db.engine)
    app.extensions["after_restore"] = (lambda: followed.append("erased again"),)
    assert "can start" in run(app, "backup", "finish")
    assert not marking.is_unfinished(db.engine)


def test_without_the_ledger_of_erasures_a_restore_is_not_finished(
    backup: Path, app: Flask, db: Database, kept: Settings
) -> None:
    said = run(app, "backup", "restore", str(backup), "--replace")
    assert "no ledger of erasures" in said
    assert marking.is_unfinished(db.engine)
    (kept.instance / "erasures.jsonl").touch()
    assert "can start" in run(app, "backup", "finish")
    assert not marking.is_unfinished(db.engine)


def test_a_worker_has_a_ledger_before_anybody_is_erased(app: Flask, settings: Settings) -> None:
    app.extensions["queue"].run_sweeps()
    ledger = settings.instance / "erasures.jsonl"
    assert ledger.read_bytes() == b""
    assert ledger.stat().st_mode & 0o777 == 0o600


def test_a_database_that_is_not_finished_is_not_backed_up(marked: Database, kept: Settings) -> None:
    with pytest.raises(BackupFault, match="not finished"):
        making.create(marked.engine, kept, kept.instance / "backups", NOW)


def test_a_portal_that_was_left_running_is_closed_by_the_next_request(
    backup: Path, kept: Settings, db: Database, client: PageClient
) -> None:
    assert client.get("/sign-in").status == 200
    db.engine.dispose()
    restoring.restore(db.engine, kept, backup, replace=True, at=NOW)
    assert client.get("/sign-in", status=503).heading == CLOSED


def test_the_mark_leaves_nothing_behind(marked: Database) -> None:
    marking.clear(marked)
    marking.clear(marked)
    assert marking.MARK not in inspect(marked.engine).get_table_names()


# ------------------------------------------------------------------------------------------------ what is set aside


def test_a_restore_says_where_the_data_of_before_lies_and_how_to_remove_it(
    backup: Path, app: Flask, db: Database, kept: Settings, followed: list[str]
) -> None:
    said = run(app, "backup", "restore", str(backup), "--replace")
    places = aside.list_aside(db.engine, kept)
    assert len(places) == 2
    assert all(str(place) in said and place.set_aside_at == NOW for place in places)
    assert "backup discard" in said


def test_discarding_removes_what_was_set_aside_and_nothing_else(
    backup: Path, app: Flask, db: Database, kept: Settings, followed: list[str]
) -> None:
    run(app, "backup", "restore", str(backup), "--replace")
    own = [kept.instance / "letters.before-restore-me", kept.instance / "letters.before-restore-20261399T000000"]
    for path in own:
        path.mkdir()
    before = contents(db.engine)
    assert "Aborted" in run(app, "backup", "discard", answer="n\n")
    assert len(aside.list_aside(db.engine, kept)) == 2
    assert run(app, "backup", "discard", "--yes").count("was removed") == 2
    assert aside.list_aside(db.engine, kept) == []
    assert contents(db.engine) == before
    assert all(path.exists() for path in own)
    assert "Nothing was set aside" in run(app, "backup", "discard", "--yes")
    # The triggers of the trail are those of the restored database, and outlive the old ones.
    with pytest.raises(Exception, match="append"), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry"))


def test_nothing_is_discarded_before_the_restore_is_finished(marked: Database, app: Flask, kept: Settings) -> None:
    assert "not finished" in run(app, "backup", "discard", "--yes")
    assert len(aside.list_aside(marked.engine, kept)) == 2


def test_what_was_set_aside_is_not_in_the_next_backup(
    marked: Database, kept: Settings, fresh: tuple[Engine, Settings], tmp_path: Path
) -> None:
    marking.clear(marked)
    path = making.create(marked.engine, kept, tmp_path / "next", NOW)
    engine, settings = fresh
    restoring.restore(engine, settings, path, replace=False, at=NOW)
    assert aside.list_aside(engine, settings) == []
    assert [file.name for file in settings.letters_folder.rglob("*")] == ["one.eml"]


# --------------------------------------------------------------------------------------------------- what is kept


def test_of_older_backups_only_so_many_are_kept_and_nothing_of_somebody_else_goes(
    backup: Path, kept: Settings, db: Database
) -> None:
    folder = backup.parent
    later = [making.create(db.engine, kept, folder, NOW + timedelta(days=days)) for days in (1, 2, 3)]
    foreign = {
        "alongside-20200101T000000Z.backup": b"somebody's own file under such a name",
        "alongside-copy.backup": MAGIC,
        "alongside-20200102T000000Z.backup.old": MAGIC,
        "notes.txt": b"",
    }
    for name, content in foreign.items():
        (folder / name).write_bytes(content)
    assert making.remove_old(later[-1], keep=2) == [later[0], backup]
    assert {path.name for path in folder.iterdir()} == {*foreign, later[1].name, later[2].name}


def test_the_backup_just_made_stays_although_the_clock_went_back(backup: Path, kept: Settings, db: Database) -> None:
    made = making.create(db.engine, kept, backup.parent, NOW - timedelta(days=400))
    assert making.remove_old(made, keep=1) == [backup]
    assert making.verify(made, kept.backup_key).rows


def test_no_old_backup_goes_where_a_new_one_could_not_be_made(
    backup: Path, app: Flask, kept: Settings, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise BackupFault("planted")

    clock.shift(60)
    monkeypatch.setattr(making, "verify", fail)
    assert "planted" in run(app, "backup", "create", "--folder", str(backup.parent), "--keep", "1")
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
