"""Who may open a page stands on its view."""

from typing import Any

import pytest
from flask import Flask

from accounts.rules import Permission
from foundation import access


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """A portal of the test's own, since pages are planted into it."""
    return own_app


def test_every_route_declares_who_may_use_it(app: Flask) -> None:
    assert [name for name, view in app.view_functions.items() if access.access_of(view) is None] == []


def test_a_portal_with_a_route_that_declares_nothing_does_not_start(app: Flask) -> None:
    app.view_functions["planted.page"] = lambda: "open to whom?"
    with pytest.raises(access.AccessNotDeclared, match=r"planted\.page"):
        access.require_declarations(app)


def test_a_route_that_is_added_to_a_running_portal_without_declaration_is_refused(app: Flask) -> None:
    app._got_first_request = False
    app.add_url_rule("/planted", view_func=lambda: "open to whom?", endpoint="planted")
    assert app.test_client().get("/planted").status_code == 403


def test_a_declaration_that_names_no_permission_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        access.requires()


def test_every_permission_that_a_page_asks_for_is_one_of_the_table(app: Flask) -> None:
    asked = {
        permission
        for view in app.view_functions.values()
        if (declared := access.access_of(view)) is not None
        for permission in declared.permissions
    }
    assert asked <= set(Permission)


def test_nobody_who_is_not_signed_in_opens_a_page_that_is_not_public(app: Flask) -> None:
    client = app.test_client()
    opened = []
    for rule in app.url_map.iter_rules():
        declared = access.access_of(app.view_functions[rule.endpoint])
        if declared is None or declared.is_public or "GET" not in (rule.methods or ()):
            continue
        arguments: dict[str, Any] = dict.fromkeys(rule.arguments, "00000000-0000-4000-8000-000000000000")
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **arguments) if _fits(rule.arguments) else None
        if path is not None and client.get(path).status_code != 303:
            opened.append(path)
    assert opened == []


def _fits(names: set[str]) -> bool:
    """Whether all parts of an address are ids, for which an invented one will do."""
    return all(name.endswith("_id") for name in names)
