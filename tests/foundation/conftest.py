"""What the tests of backups share: a portal in which somebody has worked, its backup, and a place to restore it to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text

from accounts.rules import Role
from app import METADATA
from foundation.backup import making
from foundation.db import Database
from foundation.settings import Settings
from tests.conftest import NOW, Saved
from tests.databases import administering

KEY = "an invented backup key that is long enough"


def contents(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, as text, in an order that does not change."""
    with engine.connect() as connection:
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
            for name, table in METADATA.tables.items()
        }


@pytest.fixture
def kept(app: Flask, settings: Settings, saved: Saved) -> Settings:
    """The settings of a portal in which somebody has worked, with a letter."""
    with saved as build:
        build.account(Role.PARTNER_OFFICER, Role.COORDINATOR, email="ada@mail.example")
        build.scheme("turin", country="IT", time_zone="Europe/Rome").charity = "Città\tnuova\n\\N"
    settings = replace(settings, backup_key=KEY)
    app.config["SETTINGS"] = settings
    settings.letters_folder.mkdir()
    (settings.letters_folder / "one.eml").write_text("an invented letter")
    return settings


@pytest.fixture
def backup(kept: Settings, db: Database, tmp_path: Path) -> Path:
    """A backup of that portal."""
    return making.create(db.engine, kept, tmp_path / "backups", NOW)


@pytest.fixture
def fresh(kept: Settings, db: Database, tmp_path: Path) -> Iterator[tuple[Engine, Settings]]:
    """An empty place to restore to, on another machine as it were."""
    instance = tmp_path / "other"
    instance.mkdir()
    if db.engine.dialect.name == "sqlite":
        engine = create_engine(f"sqlite:///{instance / 'alongside.sqlite'}")
        yield engine, replace(kept, instance=instance, database_url=str(engine.url))
    else:
        with administering(db.engine.url.render_as_string(hide_password=False)) as admin, admin.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS drill WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE drill"))
            engine = create_engine(db.engine.url.set(database="drill"))
            yield engine, replace(kept, instance=instance)
            engine.dispose()
            connection.execute(text("DROP DATABASE drill WITH (FORCE)"))
    engine.dispose()
