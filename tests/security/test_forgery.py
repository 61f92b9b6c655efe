"""Nothing changes that nobody asked for: not by a form from elsewhere, not by opening a page."""

from collections.abc import Callable

import pytest

from foundation import clock
from foundation.db import transaction
from foundation.outbox import write_letter
from reports import queries as board_queries
from tests.security.forgery import forgeries, writing_pages
from tests.security.matrix import read_table
from tests.security.world import World

TABLE = read_table()
FORMS = [line for line in TABLE if line.method == "POST"]
SOME_FORMS = [line for line in FORMS if line.address.startswith(("/people", "/accounts", "/training", "/volunteers"))]
SOME_PAGES = [line for line in TABLE if line.method == "GET" and line.case in {"any", "own"}]


def test_a_form_sent_from_elsewhere_changes_nothing(world: World) -> None:
    sent, changing, found = forgeries(world, SOME_FORMS[::2])
    assert found == []
    assert sent > changing > 0


def test_a_portal_that_takes_forms_from_elsewhere_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", False)
    assert forgeries(world, SOME_FORMS[::2])[2] != []


def test_opening_a_page_changes_nothing(world: World) -> None:
    opened, found = writing_pages(world, SOME_PAGES[::2])
    assert found == []
    assert opened > 20


def test_a_page_that_writes_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: Callable[..., object] = board_queries.board

    def writing_board(*given: object) -> object:
        with transaction() as session:
            write_letter(session, to="a@mail.example", subject="Seen", body="Seen", at=clock.now())
        return shown(*given)

    monkeypatch.setattr(board_queries, "board", writing_board)
    lines = [line for line in TABLE if line.address == "/board"]
    assert writing_pages(world, lines)[1] != []
