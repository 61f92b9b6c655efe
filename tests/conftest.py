"""What tests share: a database of their own, a portal on it, a clock that stands still, and people to act."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from demo.builders import Builder
from foundation.db import Database, database
from foundation.settings import Mode, Settings
from tests.databases import KINDS, Templates
from tests.pages import PageClient

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
"""A Monday; every test that asks for a portal lives then."""


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The migrated templates of this process."""
    return Templates(tmp_path_factory.mktemp("databases"))


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, templates: Templates) -> Iterator[str]:
    """The address of a fresh database; the test runs on each kind."""
    with templates.copy(request.param) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a portal for one test."""
    return Settings(
        mode=Mode.TEST,
        instance=tmp_path,
        secret_key="an invented secret that is long enough for tests",
        database_url=database_url,
        base_url="http://alongside.test",
        smtp_url="",
        mail_from="portal@alongside.test",
    )


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands at ``NOW`` until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def app(settings: Settings, clock: time_machine.Traveller) -> Iterator[Flask]:
    """A portal on its own database, at ``NOW``."""
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
