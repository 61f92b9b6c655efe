"""What tests share: a database of their own, a portal on it, a clock that stands still, and people to act."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

from accounts.operations import passwords
from app import connect, create_app
from demo.builders import Builder
from foundation import db as db_module
from foundation import encryption
from foundation.db import Database, database
from foundation.key_texts import parse_keys
from foundation.keyring import Keyring
from foundation.settings import Mode, Settings
from tests.databases import KINDS, Templates
from tests.pages import PageClient

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
"""A Monday; every test that asks for a portal lives then."""


DATA_KEYS = "k1:kx3GMtkKVXLBVpbiKqZNZ07ReK5GPG0m0jGxw2mBUZM="
"""An invented key of the data that all tests share."""

REAL_HASHER = passwords.HASHER
"""How passwords are hashed outside of tests."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser, so that no long journey starts when all else is done; the rest stays in its order."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash passwords with the least work, since hundreds of tests sign somebody in; one looks at the real hasher."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def shared_keys() -> None:
    """Give the tests' own process the key under which their databases are made."""
    encryption.use(Keyring(parse_keys(DATA_KEYS)))


@pytest.fixture(scope="session", autouse=True)
def lasting_engines() -> Iterator[None]:
    """Keep one engine for each address, since a new one compiles every statement anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db_module, "make_engine", cache(db_module.make_engine))
        yield


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The migrated templates of this process."""
    return Templates(tmp_path_factory.mktemp("databases"))


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, templates: Templates) -> Iterator[str]:
    """The address of a fresh database; the test runs on each kind."""
    with templates.lend(request.param) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a portal for one test."""
    return settings_for(tmp_path, database_url)


def settings_for(instance: Path, database_url: str) -> Settings:
    """Make the settings of a portal that tests use."""
    return Settings(
        mode=Mode.TEST,
        instance=instance,
        secret_key="an invented secret that is long enough for tests",
        database_url=database_url,
        base_url="http://alongside.test",
        smtp_url="",
        mail_from="portal@alongside.test",
        data_keys=DATA_KEYS,
    )


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands at ``NOW`` until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def lent_portal(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The one portal of this process; making it and compiling its pages takes longer than most tests."""
    return make_portal(tmp_path_factory.mktemp("portal"))


def make_portal(instance: Path) -> Flask:
    """Make a portal that waits for the database of a test."""
    portal = create_app(settings_for(instance, f"sqlite:///{instance / 'unused.sqlite'}"))
    portal.extensions["database"].engine.dispose()
    return portal


@pytest.fixture
def app(lent_portal: Flask, settings: Settings, clock: time_machine.Traveller) -> Iterator[Flask]:
    """The portal of this process on a database of the test's own, at ``NOW``; nothing is planted into it."""
    connect(lent_portal, settings)
    yield lent_portal
    lent_portal.extensions["database"].engine.dispose()


@pytest.fixture
def own_app(settings: Settings, clock: time_machine.Traveller) -> Iterator[Flask]:
    """A portal that only this test has, for those that plant pages into it."""
    portal = create_app(settings)
    yield portal
    portal.extensions["database"].engine.dispose()


@pytest.fixture
def db(app: Flask) -> Database:
    """The portal's database, for what a test looks up or changes around the pages."""
    found = app.extensions["database"]
    assert isinstance(found, Database)
    return found


@pytest.fixture
def session(app: Flask, db: Database) -> Iterator[Session]:
    """A writing transaction that is undone in the end; for tests of operations, without pages."""
    with app.app_context(), db.sessions() as opened:
        opened.connection(execution_options={"writes": True})
        yield opened
        opened.rollback()


@pytest.fixture
def build(session: Session) -> Builder:
    """Builds people and records through the operations, inside the test's transaction."""
    return Builder(session, at=NOW)


@pytest.fixture
def client(app: Flask, db: Database) -> PageClient:
    """A browser that checks every page it opens."""
    return PageClient(app, db.engine)


class Saved:
    """Builds in a transaction of its own and saves, for tests that then open pages."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __enter__(self) -> Builder:
        """Open the transaction."""
        self._context = self._app.app_context()
        self._context.push()
        self._transaction = database().transaction()
        return Builder(self._transaction.__enter__(), at=NOW)

    def __exit__(self, *error: object) -> None:
        """Save."""
        try:
            self._transaction.__exit__(*error)  # type: ignore[arg-type] # the interpreter's own triple.
        finally:
            self._context.pop()


@pytest.fixture
def saved(app: Flask) -> Saved:
    """Use as ``with saved as build:``; what is built is saved when the block ends."""
    return Saved(app)
