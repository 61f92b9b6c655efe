"""A portal that would be unsafe does not start, and says everything that is wrong at once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app import create_app
from foundation.key_texts import parse_keys
from foundation.settings import Mode, Settings, UnsafeSettings, create_secrets, read_settings
from tests.conftest import DATA_KEYS

SECRET = "an invented secret that is long enough"

GOOD = {
    "ALONGSIDE_MODE": "production",
    "ALONGSIDE_SECRET_KEY": SECRET,
    "ALONGSIDE_DATABASE_URL": "postgresql+psycopg://portal@db.example/alongside",
    "ALONGSIDE_BASE_URL": "https://alongside.example",
    "ALONGSIDE_SMTP_URL": "smtps://portal:secret@mail.example",
    "ALONGSIDE_MAIL_FROM": "portal@alongside.example",
    "ALONGSIDE_DATA_KEYS": DATA_KEYS,
}

FAULTS = {
    "no secret": ({"ALONGSIDE_SECRET_KEY": ""}, "at least 32"),
    "a short secret": ({"ALONGSIDE_SECRET_KEY": "short"}, "at least 32"),
    "a regular secret": ({"ALONGSIDE_SECRET_KEY": "ab" * 40}, "too regular"),
    "no database": ({"ALONGSIDE_DATABASE_URL": ""}, "ALONGSIDE_DATABASE_URL must be set"),
    "a database in memory": ({"ALONGSIDE_DATABASE_URL": "sqlite://"}, "must begin with"),
    "an unknown database": ({"ALONGSIDE_DATABASE_URL": "mysql://x/y"}, "must begin with"),
    "a database without driver": ({"ALONGSIDE_DATABASE_URL": "postgresql://x/y"}, "must begin with"),
    "no address": ({"ALONGSIDE_BASE_URL": ""}, "https address"),
    "an open line": ({"ALONGSIDE_BASE_URL": "http://alongside.example"}, "https address"),
    "an address without host": ({"ALONGSIDE_BASE_URL": "https://"}, "https address"),
    "an address that is none": ({"ALONGSIDE_BASE_URL": "https://[x"}, "https address"),
    "no mail server": ({"ALONGSIDE_SMTP_URL": ""}, "must name the mail server"),
    "a mail server without scheme": ({"ALONGSIDE_SMTP_URL": "mail.example:25"}, "must be an address like smtp"),
    "a port that is none": ({"ALONGSIDE_SMTP_URL": "smtp://mail.example:99999"}, "must be an address like smtp"),
    "no sender": ({"ALONGSIDE_MAIL_FROM": ""}, "one plain address"),
    "a sender nobody can answer": ({"ALONGSIDE_MAIL_FROM": "alongside@localhost"}, "can answer"),
    "a sender with a line break": ({"ALONGSIDE_MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "one plain address"),
    "no key of the data": ({"ALONGSIDE_DATA_KEYS": ""}, "there is none"),
    "a key without a name": ({"ALONGSIDE_DATA_KEYS": DATA_KEYS.removeprefix("k1:")}, "needs a name"),
    "a short key": ({"ALONGSIDE_DATA_KEYS": "k1:c2hvcnQ="}, "32 random bytes"),
    "a regular key": ({"ALONGSIDE_DATA_KEYS": f"k1:{'A' * 43}="}, "32 random bytes"),
    "a key that is no base64": ({"ALONGSIDE_DATA_KEYS": "k1:what is this?"}, "not URL-safe base64"),
    "a name twice": ({"ALONGSIDE_DATA_KEYS": f"{DATA_KEYS},{DATA_KEYS}"}, "there twice"),
    "a file of keys that is not there": (
        {"ALONGSIDE_DATA_KEYS": "", "ALONGSIDE_DATA_KEYS_FILE": "/nowhere/keys"},
        "there is none",
    ),
    "a second factor that everybody knows": ({"ALONGSIDE_DEMO_FACTOR": "246810"}, "everybody would know"),
    "a second factor that is none": ({"ALONGSIDE_DEMO_FACTOR": "x"}, "six digits"),
    "debugging": ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
}


def faults(environ: dict[str, str], folder: Path) -> list[str]:
    try:
        read_settings({"ALONGSIDE_INSTANCE": str(folder), **environ})
    except UnsafeSettings as unsafe:
        return unsafe.faults
    return []


def test_a_production_that_lacks_nothing_starts(tmp_path: Path) -> None:
    assert faults(GOOD, tmp_path) == []


@pytest.mark.parametrize("name", list(FAULTS))
def test_an_unsafe_production_does_not_start(tmp_path: Path, name: str) -> None:
    change, words = FAULTS[name]
    found = faults({**GOOD, **change}, tmp_path)
    assert any(words in fault for fault in found), found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    everything = faults({"ALONGSIDE_MODE": "production", "FLASK_DEBUG": "1"}, tmp_path)
    assert len(everything) == 7
    with pytest.raises(UnsafeSettings) as unsafe:
        read_settings({"ALONGSIDE_INSTANCE": str(tmp_path), "FLASK_DEBUG": "1"})
    assert all(fault in str(unsafe.value) for fault in everything)


def test_a_portal_that_is_told_nothing_takes_itself_for_production(tmp_path: Path) -> None:
    assert len(faults({}, tmp_path)) >= 5


def test_a_mode_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "it must be one of" in faults({"ALONGSIDE_MODE": "prod"}, tmp_path)[0]


def test_a_laptop_needs_only_its_secrets(tmp_path: Path) -> None:
    path = create_secrets(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    settings = read_settings({"ALONGSIDE_INSTANCE": str(tmp_path), "ALONGSIDE_MODE": "local"})
    assert settings.database_url == f"sqlite:///{tmp_path}/alongside.sqlite"
    assert settings.mode is Mode.LOCAL


def test_secrets_are_made_once_and_never_again(tmp_path: Path) -> None:
    first = create_secrets(tmp_path).read_text()
    assert create_secrets(tmp_path).read_text() == first
    assert len(json.loads(first)["SECRET_KEY"]) >= 48
    assert parse_keys(json.loads(first)["DATA_KEYS"]).keys() == {"k1"}


def test_an_older_instance_gets_its_first_key_and_keeps_its_secret(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text(json.dumps({"SECRET_KEY": SECRET}))
    found = json.loads(create_secrets(tmp_path).read_text())
    assert (found["SECRET_KEY"], list(parse_keys(found["DATA_KEYS"]))) == (SECRET, ["k1"])
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_keys_come_from_the_environment_or_a_file_of_their_own_before_the_secrets(tmp_path: Path) -> None:
    create_secrets(tmp_path)
    own = tmp_path / "keys"
    own.write_text(f"{DATA_KEYS}\n")
    local = {"ALONGSIDE_INSTANCE": str(tmp_path), "ALONGSIDE_MODE": "local"}
    assert read_settings(local).data_keys_source == tmp_path / "secrets.json"
    by_file = read_settings({**local, "ALONGSIDE_DATA_KEYS_FILE": str(own)})
    assert (by_file.data_keys, by_file.data_keys_source) == (DATA_KEYS, own)
    assert read_settings({**local, "ALONGSIDE_DATA_KEYS": DATA_KEYS}).data_keys_source is None
    assert DATA_KEYS not in repr(by_file)


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "{}"])
def test_a_file_of_secrets_that_is_broken_is_a_fault_and_no_crash(tmp_path: Path, text: str) -> None:
    (tmp_path / "secrets.json").write_text(text)
    assert "at least 32" in faults({"ALONGSIDE_MODE": "local"}, tmp_path)[0]


def test_cookies_of_a_production_are_bound_to_encryption_and_to_the_host(settings: Settings) -> None:
    portal = create_app(replace(settings, mode=Mode.PRODUCTION))
    assert portal.config["SESSION_COOKIE_SECURE"]
    assert portal.config["SESSION_COOKIE_HTTPONLY"]
    assert portal.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert not portal.debug
    portal.extensions["database"].engine.dispose()
