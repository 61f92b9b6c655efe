"""Keys of the data: a portal with other keys does not start, and new ones are taken into use while it serves."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import connect, create_app
from demo.builders import Builder
from foundation import data_keys, encryption, keyring
from foundation.data_keys import DataKey, WrongKeys, count_values, move_values
from foundation.db import Database
from foundation.key_texts import KeysUnfit, format_keys, new_key, parse_keys, read_source, write_source
from foundation.keyring import Keyring
from foundation.settings import Settings
from mentees.models import Mentee
from tests.conftest import DATA_KEYS, NOW, Saved

OTHER_KEY = bytes(range(32))
"""A key that the database does not know; the same in every process, since names of tests hold it."""

K1 = parse_keys(DATA_KEYS)["k1"]


@pytest.fixture
def key_file(app: Flask, settings: Settings, tmp_path: Path) -> Path:
    """The portal takes its keys from a file."""
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps({"SECRET_KEY": "kept", "DATA_KEYS": DATA_KEYS}))
    connect(app, replace(settings, data_keys_source=file))
    return file


@pytest.fixture
def filled(key_file: Path, app: Flask, saved: Saved) -> Database:
    """A database in which something confidential stands."""
    with saved as build:
        for number in range(3):
            build.mentee(about=f"secret {number}")
    found = app.extensions["database"]
    assert isinstance(found, Database)
    return found


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["keys", *arguments])


def abouts(db: Database) -> list[str]:
    with db.sessions() as session:
        return sorted(mentee.about for mentee in session.scalars(select(Mentee)))


def under(db: Database) -> set[str]:
    """Names of the keys under which something lies."""
    with db.sessions() as session:
        counts = count_values(session, encryption.keyring())
    return {name for found in counts.values() for name, count in found.items() if count}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a rotation not wait for other processes, of which there are none."""
    monkeypatch.setattr(keyring, "LOOK_AGAIN_SECONDS", 0.0)


def test_a_rotation_makes_a_new_key_and_moves_everything_to_it(filled: Database, app: Flask, key_file: Path) -> None:
    before = abouts(filled)
    assert under(filled) == {"k1"}
    result = run(app, "rotate")
    assert result.exit_code == 0, result.output
    assert "“k2” is the current key" in result.output
    assert under(filled) == {"k2"}
    assert abouts(filled) == before
    found = json.loads(key_file.read_text())
    assert (found["SECRET_KEY"], list(parse_keys(found["DATA_KEYS"]))) == ("kept", ["k2", "k1"])
    assert key_file.stat().st_mode & 0o777 == 0o600
    with filled.sessions() as session:
        assert list(session.scalars(select(DataKey.name).order_by(DataKey.name))) == ["k1", "k2"]


def test_a_rotation_that_was_stopped_goes_on_with_the_same_key(
    filled: Database, app: Flask, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_keys, "BATCH", 1)
    write_source(key_file, format_keys({"k2": new_key(), "k1": K1}))
    encryption.keyring().look_again()
    steps = move_values(filled)
    for _step in range(3):
        next(steps)
    assert under(filled) == {"k1", "k2"}
    assert len(abouts(filled)) == 3
    assert "k3" not in run(app, "rotate").output
    assert under(filled) == {"k2"}


def test_a_process_that_still_writes_under_the_old_key_is_caught_up_with(filled: Database, app: Flask) -> None:
    old = Keyring({"k1": K1})
    assert run(app, "rotate").exit_code == 0
    new = encryption.keyring()
    encryption.use(old)
    with filled.transaction() as session:
        session.add(DataKey(name="other", check_value="x", began_at=NOW, retired_at=NOW))
        late = Builder(session, at=NOW).mentee(slug="turin", about="late")
    encryption.use(new)
    assert under(filled) == {"k1", "k2"}
    assert "k1" in run(app, "retire", "k1").output
    assert run(app, "rotate").exit_code == 0
    assert under(filled) == {"k2"}
    with filled.sessions() as session:
        assert session.get_one(Mentee, late.id).about == "late"


def test_a_value_that_somebody_changes_meanwhile_is_not_overwritten(filled: Database, key_file: Path) -> None:
    write_source(key_file, format_keys({"k2": new_key(), "k1": K1}))
    encryption.keyring().look_again()
    table = next(table for table in data_keys.sealed_tables() if table.name == "mentee")
    with filled.transaction() as session:
        rows = data_keys._read_batch(session, table, None)
        for mentee in session.scalars(select(Mentee)):
            mentee.about = "changed"
        session.flush()
        for row in rows:
            data_keys._move_row(session, table, row)
    assert abouts(filled) == ["changed"] * 3


def test_another_process_picks_the_new_key_up_by_itself(filled: Database, app: Flask, key_file: Path) -> None:
    other = Keyring(parse_keys(read_source(key_file)), key_file)
    assert run(app, "rotate").exit_code == 0
    with filled.sessions() as session:
        sealed = session.connection().exec_driver_sql("SELECT about, id FROM mentee").first()
    assert sealed is not None
    row = str(sealed[1]).replace("-", "")
    assert json.loads(other.open(sealed[0], f"mentee.about:{row}")).startswith("secret")
    assert other.current == "k2"


def test_an_old_key_is_retired_only_when_nothing_lies_under_it(filled: Database, app: Flask, key_file: Path) -> None:
    assert "not an old key" in run(app, "retire", "k1").output
    assert "not an old key" in run(app, "retire", "k7").output
    write_source(key_file, format_keys({"k2": new_key(), "k1": K1}))
    encryption.keyring().look_again()
    refused = run(app, "retire", "k1")
    assert refused.exit_code != 0
    assert "values lie under “k1”" in refused.output
    assert run(app, "rotate").exit_code == 0
    assert run(app, "retire", "k1").exit_code == 0
    assert list(parse_keys(read_source(key_file))) == ["k2"]
    assert abouts(filled) == ["secret 0", "secret 1", "secret 2"]
    data_keys.require_right_keys(filled)


def test_the_status_tells_how_many_values_lie_under_each_key(filled: Database, app: Flask, key_file: Path) -> None:
    write_source(key_file, format_keys({"k2": new_key(), "k1": K1}))
    encryption.keyring().look_again()
    lines = [line.split() for line in run(app, "status").output.splitlines()]
    assert [(line[0], line[1]) for line in lines] == [("k2", "current"), ("k1", "old")]
    assert int(lines[0][2]) == 0
    assert int(lines[1][2]) > 20
    encryption.use(Keyring({"k2": new_key()}))
    assert ["?", "unknown"] in [line.split()[:2] for line in run(app, "status").output.splitlines()]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("", "is not among ALONGSIDE_DATA_KEYS"),
        (format_keys({"k2": OTHER_KEY}), "“k1”, which is not among"),
        (format_keys({"k1": OTHER_KEY}), "is another one than"),
    ],
)
def test_a_portal_with_other_keys_does_not_start_and_says_so_plainly(
    filled: Database, settings: Settings, keys: str, words: str
) -> None:
    with pytest.raises(WrongKeys, match="does not start") as refused:
        create_app(replace(settings, data_keys=keys))
    assert words in str(refused.value)


def test_a_database_that_knows_no_key_takes_the_first_portals(settings: Settings, app: Flask, db: Database) -> None:
    with db.transaction() as session:
        for row in session.scalars(select(DataKey)):
            session.delete(row)
    create_app(settings)
    with db.sessions() as session:
        row = session.scalars(select(DataKey)).one()
        assert (row.name, row.check_value) == ("k1", encryption.keyring().check_value("k1"))
    data_keys.adopt(db, NOW)


def test_a_file_that_has_become_unfit_leaves_the_known_keys_in_use(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(DATA_KEYS)
    ring = Keyring(parse_keys(DATA_KEYS), file)
    for text in ("", "k2:x", "{"):
        file.write_text(text)
        ring.look_again()
        assert ring.names == ["k1"]
    file.unlink()
    assert ring.current == "k1"
    with pytest.raises(KeysUnfit):
        ring.open("k5:aaaa", "x")


def test_keys_from_the_environment_are_moved_to_as_they_stand(filled: Database, app: Flask) -> None:
    encryption.use(Keyring({"k5": new_key(), "k1": K1}))
    result = run(app, "rotate")
    assert result.exit_code == 0, result.output
    assert under(filled) == {"k5"}
    assert abouts(filled) == ["secret 0", "secret 1", "secret 2"]
