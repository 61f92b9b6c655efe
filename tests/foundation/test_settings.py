"""A portal that would be unsafe does not start, and says everything that is wrong at once."""

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request

from app import create_app
from foundation import access
from foundation import settings as module
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
    "a short key for backups": ({"ALONGSIDE_BACKUP_KEY": "short"}, "ALONGSIDE_BACKUP_KEY must have at least 32"),
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
    "a token that is guessed": ({"ALONGSIDE_METRICS_TOKEN": "short"}, "METRICS_TOKEN must have at least 32"),
    "a second factor that is none": ({"ALONGSIDE_DEMO_FACTOR": "x"}, "six digits"),
    "a secret of an example": ({"ALONGSIDE_SECRET_KEY": "change-me-change-me-change-me-0123456789"}, "placeholder"),
    "a secret that says what it is": ({"ALONGSIDE_SECRET_KEY": "replace_me with something 0123456789"}, "placeholder"),
    "a slip in a name": ({"ALONGSIDE_SECRETKEY": SECRET}, "ALONGSIDE_SECRETKEY is no setting"),
    "the demonstration": ({"ALONGSIDE_DEMO": "1"}, "ALONGSIDE_DEMO is no setting"),
    "a host of one's own": ({"ALONGSIDE_BASE_URL": "https://localhost"}, "people can reach"),
    "a loop back": ({"ALONGSIDE_BASE_URL": "https://127.0.0.1:8000"}, "people can reach"),
    "an address with a folder": ({"ALONGSIDE_BASE_URL": "https://alongside.example/portal"}, "a host alone"),
    "an address with a person": ({"ALONGSIDE_BASE_URL": "https://ada@alongside.example"}, "a host alone"),
    "every host": ({"ALONGSIDE_HOSTS": "*"}, "plain names of hosts"),
    "every host below": ({"ALONGSIDE_HOSTS": ".example"}, "plain names of hosts"),
    "an address as host": ({"ALONGSIDE_HOSTS": "https://alongside.example"}, "plain names of hosts"),
    "proxies without number": ({"ALONGSIDE_TRUSTED_PROXIES": "all"}, "a number from 0"),
    "too many proxies": ({"ALONGSIDE_TRUSTED_PROXIES": "99"}, "a number from 0"),
    "fewer than no proxies": ({"ALONGSIDE_TRUSTED_PROXIES": "-1"}, "a number from 0"),
    "a database here and there": ({"ALONGSIDE_DATABASE_URL": "sqlite:///portal.sqlite"}, "from the root"),
    "an easy password": ({"ALONGSIDE_DATABASE_URL": "postgresql+psycopg://a:postgres@db/x"}, "would try first"),
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


def test_secrets_that_others_can_read_are_refused(tmp_path: Path) -> None:
    create_secrets(tmp_path).chmod(0o640)
    assert "secrets.json can be read" in str(faults(GOOD, tmp_path))
    create_secrets(tmp_path).chmod(0o600)
    assert faults(GOOD, tmp_path) == []


def test_keys_in_a_file_of_their_own_that_others_can_read_are_refused(tmp_path: Path) -> None:
    own = tmp_path / "keys"
    own.write_text(DATA_KEYS)
    given = {**GOOD, "ALONGSIDE_DATA_KEYS": "", "ALONGSIDE_DATA_KEYS_FILE": str(own)}
    own.chmod(0o644)
    assert "keys can be read by others" in str(faults(given, tmp_path))
    own.chmod(0o600)
    assert faults(given, tmp_path) == []


def test_no_secret_shows_when_the_settings_are_printed(tmp_path: Path) -> None:
    given = {
        **GOOD,
        "ALONGSIDE_BACKUP_KEY": f"backup {SECRET}",
        "ALONGSIDE_DATABASE_URL": "postgresql+psycopg://portal:hidden-word@db.example/alongside",
        "ALONGSIDE_SMTP_URL": "smtps://portal:hidden-word@mail.example",
    }
    printed = repr(read_settings({"ALONGSIDE_INSTANCE": str(tmp_path), **given}))
    assert not any(text in printed for text in (SECRET, DATA_KEYS, "hidden-word"))


def test_a_database_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite").touch(0o644)
    tmp_path.chmod(0o755)
    given = {**GOOD, "ALONGSIDE_DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite"}
    assert "can be read by others" in str(faults(given, tmp_path))
    (tmp_path / "portal.sqlite").chmod(0o600)
    assert faults(given, tmp_path) == []


def test_every_setting_that_is_read_is_told_and_every_one_told_is_read() -> None:
    source = inspect.getsource(module)
    assert set(re.findall(r'environ\.get\("(ALONGSIDE_\w+)"', source)) == set(module.NAMES)


@pytest.fixture
def production(settings: Settings) -> Iterator[Flask]:
    """A production behind one proxy, with a page that tells whom it takes the visitor for."""
    portal = create_app(
        replace(settings, mode=Mode.PRODUCTION, hosts=("alongside.example", "10.0.0.7"), trusted_proxies=1)
    )

    @portal.get("/planted")
    @access.public
    def planted() -> str:
        return f"{request.remote_addr} {request.is_secure}"

    yield portal
    portal.extensions["database"].engine.dispose()


@pytest.mark.parametrize("host", ["evil.example", "alongside.example.evil.example", "", "a b"])
@pytest.mark.parametrize("path", ["/", "/home", "/nowhere", "/health", "/static/icon.svg"])
def test_a_request_for_another_host_is_refused(production: Flask, host: str, path: str) -> None:
    with production.test_client().get(path, headers={"Host": host}, base_url="https://x") as response:
        assert response.status_code == 400
        assert host not in response.get_data(as_text=True) or not host
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["alongside.example", "10.0.0.7"])
def test_a_request_for_a_host_of_ours_is_answered(production: Flask, host: str) -> None:
    assert production.test_client().get("/sign-in", base_url=f"https://{host}").status_code == 200


def test_a_visitor_cannot_forge_the_address_that_a_proxy_reports(production: Flask) -> None:
    forged = {"X-Forwarded-For": "1.1.1.1, 9.9.9.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    found = production.test_client().get("/planted", headers=forged, base_url="http://alongside.example")
    assert found.get_data(as_text=True) == "9.9.9.9 True"


def test_without_a_proxy_of_ours_no_forwarded_address_is_believed(own_app: Flask) -> None:
    @own_app.get("/planted")
    @access.public
    def planted() -> str:
        return str(request.remote_addr)

    assert own_app.test_client().get("/planted", headers={"X-Forwarded-For": "9.9.9.9"}).data == b"127.0.0.1"


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
