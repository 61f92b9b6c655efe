"""The world of the security tests, built once for each kind of database and lent to test after test."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import connect
from tests.conftest import NOW, settings_for
from tests.databases import KINDS, administering, migrate
from tests.security.world import World, build_world
from tests.servers import start_postgresql, with_database


@contextmanager
def own_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of a migrated database that nobody else is lent, and throw it away in the end."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'security.sqlite'}"
        migrate(url)
        yield url
        return
    server, name = start_postgresql(), f"security_{uuid.uuid4().hex}"
    with administering(server) as engine, engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    migrate(with_database(server, name))
    yield with_database(server, name)
    with administering(server) as engine, engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session", params=KINDS)
def built_world(
    request: pytest.FixtureRequest, lent_portal: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path, str]]:
    """A world with its folder and its address; only ``world`` uses it."""
    folder = tmp_path_factory.mktemp("security")
    with own_database(request.param, folder) as url:
        connect(lent_portal, settings_for(folder, url))
        with time_machine.travel(NOW, tick=False):
            built = build_world(lent_portal)
        engine = built.database.engine
        yield built, folder, url
        # The portal has been lent to others since; what is closed is the engine of this database.
        engine.dispose()


@pytest.fixture
def world(built_world: tuple[World, Path, str], clock: time_machine.Traveller) -> World:
    """The world, at ``NOW``; a test that changes anything asks under ``nothing_is_kept``."""
    built, folder, url = built_world
    connect(built.app, settings_for(folder, url))
    return built
