"""What a load balancer is told: the truth, and nothing more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from foundation.data_keys import DataKey
from foundation.db import Database
from tests.conftest import NOW

GONE = {
    "sqlite": "sqlite:////nowhere/at/all.sqlite",
    "postgresql": "postgresql+psycopg://127.0.0.1:1/none",
}
NO = {"status": "not ready"}


@pytest.fixture
def lend(app: Flask) -> Iterator[Flask]:
    """A portal that is given another database, which is closed in the end."""
    before = app.extensions["database"]
    yield app
    app.extensions["database"].engine.dispose()
    app.extensions["database"] = before


def asked(app: Flask, path: str) -> tuple[int, object]:
    """The answer to a stranger."""
    response = app.test_client().get(path)
    return response.status_code, response.get_json()


def test_a_portal_that_can_work_says_so(app: Flask) -> None:
    assert asked(app, "/health") == (200, {"status": "ok"})
    assert asked(app, "/ready") == (200, {"status": "ready"})


@pytest.mark.parametrize("kind", GONE)
def test_without_its_database_a_portal_lives_and_is_not_ready(
    lend: Flask, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lend.extensions["database"] = Database(GONE[kind])
    assert asked(lend, "/health") == (200, {"status": "ok"})
    assert asked(lend, "/ready") == (503, NO)
    assert "OperationalError" in capsys.readouterr().out


def test_a_portal_whose_database_is_not_migrated_is_not_ready(
    lend: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lend.extensions["database"] = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert asked(lend, "/ready") == (503, NO)
    assert "the database stands at None" in capsys.readouterr().out


def test_a_portal_whose_keys_do_not_fit_is_not_ready(
    app: Flask, db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with db.transaction() as session:
        session.add(DataKey(name="k9", check_value="planted", began_at=NOW))
    assert asked(app, "/ready") == (503, NO)
    assert "k9" in capsys.readouterr().out
    with db.transaction() as session:
        session.execute(update(DataKey).where(DataKey.name == "k9").values(retired_at=NOW))
    assert asked(app, "/ready") == (200, {"status": "ready"})
