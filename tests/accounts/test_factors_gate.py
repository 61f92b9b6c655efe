"""A password alone opens nothing where a second factor is asked for, whichever way somebody tries."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import IntegerConverter

from accounts import operations
from accounts.models import Account, AppFactor, SignIn
from accounts.rules import FACTOR_ROLES, Role
from accounts.signing import ASKED, SETTING_UP
from demo.builders import PASSWORD
from foundation import access
from foundation.db import Database
from foundation.settings import Mode
from tests.accounts.factoring import code_at, give_app, show_code
from tests.conftest import NOW, Saved
from tests.pages import PageClient

EMAIL = "ada@mail.example"
ANY_ID = "00000000-0000-4000-8000-000000000000"
OPEN = {
    ASKED: {"accounts.second_factor"},
    SETTING_UP: {"accounts.factors", "accounts.factor_app", "accounts.factor_passkey"},
}
"""The pages that somebody opens while their sign-in waits, beside the public ones."""


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every address that is not public, with its endpoint and each of its methods."""
    for rule in app.url_map.iter_rules():
        declared = access.access_of(app.view_functions[rule.endpoint])
        if declared is None or declared.is_public:
            continue
        options = {name: getattr(converter, "items", None) for name, converter in rule._converters.items()}
        numbers = {name for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)}
        values: dict[str, Any] = {
            name: min(offered) if offered else ANY_ID if name.endswith("_id") else 1 if name in numbers else "x"
            for name, offered in options.items()
        }
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{**values, **(rule.defaults or {})})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, path


def refused(client: PageClient, waits_at: str) -> dict[str, str]:
    """What every address answers that must not open to somebody who waits; empty where all are refused."""
    token = client.get("/sign-in").form()["csrf_token"]
    opened = {}
    for endpoint, method, path in addresses(client.app):
        if endpoint.removesuffix("_post") in OPEN[waits_at] or endpoint.startswith(tuple(OPEN[waits_at])):
            continue
        response = client.client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
        with client.app.test_request_context():
            home = client.app.url_for(waits_at)
        if response.status_code != 303 or response.headers["Location"].split("?")[0] != home:
            opened[f"{method} {path}"] = f"{response.status_code} {response.headers.get('Location', '')}"
    return opened


@pytest.mark.parametrize(("has_app", "waits_at"), [(True, ASKED), (False, SETTING_UP)])
def test_half_a_sign_in_opens_no_page_but_the_ones_that_complete_it(
    has_app: bool, waits_at: str, saved: Saved, client: PageClient
) -> None:
    with saved as build:
        account = build.account(*FACTOR_ROLES, Role.MENTOR, Role.VOLUNTEER, email=EMAIL)
        if has_app:
            give_app(build, account)
    client.sign_in_by_form(EMAIL, PASSWORD)
    assert refused(client, waits_at) == {}


def test_the_walk_finds_what_opens_to_a_whole_sign_in(saved: Saved, client: PageClient) -> None:
    with saved as build:
        give_app(build, build.account(*FACTOR_ROLES, email=EMAIL))
    client.sign_in(EMAIL, PASSWORD)
    assert len(refused(client, ASKED)) > 50


def test_half_a_sign_in_sees_no_menu_and_no_permission(saved: Saved, client: PageClient) -> None:
    with saved as build:
        give_app(build, build.account(*FACTOR_ROLES, email=EMAIL))
    page = client.sign_in_by_form(EMAIL, PASSWORD)
    assert page.tree.find(".//nav[@aria-label='Menu']") is None
    links = [link.get("href", "") for link in page.tree.findall(".//a")]
    assert not [
        link for link in links if link.startswith(("/volunteers", "/people", "/accounts", "/home", "/account/"))
    ]


@pytest.mark.parametrize("role", sorted(Role))
def test_each_role_waits_for_a_factor_or_is_only_urged(role: Role, saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(role, email=EMAIL)
    client.sign_in_by_form(EMAIL, PASSWORD)
    waits = client.raw("/home").status_code == 303
    assert waits is (role not in {Role.VOLUNTEER, Role.MENTOR})


def test_a_half_sign_in_cannot_set_up_another_factor_to_get_around_the_one_it_lacks(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        give_app(build, build.account(Role.COORDINATOR, email=EMAIL))
    token = client.sign_in_by_form(EMAIL, PASSWORD).form()["csrf_token"]
    for path in ("app/begin", "app", "passkey", "passkey/challenge", "recovery-codes", "app/remove", "not-now"):
        answer = client.send(f"/account/factors/{path}", {"csrf_token": token})
        assert answer.headers["Location"] == "/sign-in/second-factor"
    with db.sessions() as session:
        assert len(session.scalars(select(AppFactor)).all()) == 1


def test_working_in_another_scheme_is_no_way_around(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        account = build.account(Role.VOLUNTEER, email=EMAIL)
        build.scheme("turin", country="IT", time_zone="Europe/Rome")
        build.account(Role.COORDINATOR, person=account.person, slug="turin")
    # Being staff anywhere is enough, so that the scheme in which somebody is not asked leads to no other.
    assert client.sign_in_by_form(EMAIL, PASSWORD).heading == "Second factor"
    assert client.raw("/scheme").headers["Location"].startswith("/account/factors")


def test_changing_the_scheme_keeps_what_was_shown(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        account = build.account(Role.COORDINATOR, email=EMAIL)
        give_app(build, account)
        scheme = build.scheme("turin", country="IT", time_zone="Europe/Rome")
        build.account(Role.COORDINATOR, person=account.person, slug="turin")
    client.sign_in(EMAIL, PASSWORD)
    client.follow(client.fill("/scheme", {"scheme": str(scheme.id)}))
    assert client.raw("/volunteers").status_code == 200
    with db.sessions() as session:
        assert {row.factor_at for row in session.scalars(select(SignIn))} == {NOW}


def test_a_link_to_choose_a_password_is_no_way_around(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = build.account(Role.COORDINATOR, email=EMAIL)
        give_app(build, account)
        token = operations.invite(build.session, account=account, base_url="", by=build.portal(), at=NOW)
    page = client.follow(client.fill(f"/invitations/{token}", {"password": "three other invented words"}))
    assert page.heading == "Confirm that it is you"


def test_a_volunteer_who_becomes_staff_signs_in_anew_and_sets_a_factor_up(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = build.account(Role.VOLUNTEER, email=EMAIL)
    assert client.sign_in_by_form(EMAIL, PASSWORD).heading.startswith("Hello")
    with saved as build:
        build.account(Role.COORDINATOR, person=build.session.get_one(Account, account.id).person)
    assert client.raw("/volunteers").headers["Location"].startswith("/sign-in?")
    assert client.sign_in_by_form(EMAIL, PASSWORD).response.request.path == "/account/factors"


def test_a_device_that_is_signed_in_without_a_factor_is_signed_out_when_one_is_set_up_elsewhere(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    with saved as build:
        build.account(Role.MENTOR, email=EMAIL)
    old = PageClient(app, db.engine)
    old.sign_in_by_form(EMAIL, PASSWORD)
    client.sign_in_by_form(EMAIL, PASSWORD)
    page = client.follow(client.fill("/account/factors", {}, form=0))
    from_page = next("".join(key.itertext()) for key in page.tree.findall(".//strong[@class='house-code']"))
    client.fill("/account/factors/app", {"code": code_at(key=from_page.replace(" ", ""))})
    assert old.raw("/home").headers["Location"].startswith("/sign-in?")


def test_signing_out_and_the_language_are_open_to_half_a_sign_in(saved: Saved, client: PageClient) -> None:
    with saved as build:
        give_app(build, build.account(Role.COORDINATOR, email=EMAIL))
    page = client.sign_in_by_form(EMAIL, PASSWORD)
    assert client.raw("/language/nl").status_code == 303
    token = page.tree.find(".//header//input")
    assert token is not None
    client.send("/sign-out", {"csrf_token": token.get("value")})
    assert client.raw("/sign-in/second-factor").headers["Location"].startswith("/sign-in?")


@pytest.fixture
def demo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """A trial portal with a printed second factor."""
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", type(settings)(**{**vars(settings), "demo_factor": "246810"}))
    assert settings.mode is Mode.TEST
    return "246810"


def test_in_a_trial_portal_the_printed_code_stands_in_for_a_factor(demo: str, saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    page = client.sign_in_by_form(EMAIL, PASSWORD)
    assert demo in page.text
    show_code(client, "246811", status=422)
    assert show_code(client, demo).heading.startswith("Hello")


def test_who_has_a_factor_of_their_own_is_asked_for_it_in_a_trial_portal_too(
    demo: str, saved: Saved, client: PageClient
) -> None:
    with saved as build:
        give_app(build, build.account(Role.COORDINATOR, email=EMAIL))
    assert demo not in client.sign_in_by_form(EMAIL, PASSWORD).text
    show_code(client, demo, status=422)
    show_code(client, code_at())


def test_a_portal_that_is_no_trial_accepts_no_printed_code(saved: Saved, client: PageClient) -> None:
    with saved as build:
        give_app(build, build.account(Role.COORDINATOR, email=EMAIL))
    client.sign_in_by_form(EMAIL, PASSWORD)
    for code in ("246810", ""):
        show_code(client, code, status=422)
