"""Signing in and out."""

from datetime import timedelta

import time_machine
from argon2 import Type, extract_parameters
from sqlalchemy import select

from accounts.models import SignIn
from accounts.rules import MOST_GUESSES, Role
from demo.builders import PASSWORD
from foundation.db import Database
from tests.conftest import REAL_HASHER, Saved
from tests.pages import Page, PageClient

EMAIL = "ada@mail.example"


def sign_out(client: PageClient, page: Page) -> None:
    """Press the button at the top of a page."""
    token = page.tree.find(".//header//input")
    assert token is not None
    client.send("/sign-out", {"csrf_token": token.get("value")})


def test_a_coordinator_signs_in_and_out(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL, name="Ada Okafor")
    client.sign_in(EMAIL, PASSWORD)
    page = client.get("/home")
    sign_out(client, page)
    assert client.raw("/home").status_code == 303
    with db.sessions() as session:
        assert session.scalars(select(SignIn)).one().ended_at is not None


def test_a_copied_cookie_is_worth_nothing_after_signing_out(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    page = client.sign_in(EMAIL, PASSWORD)
    cookie = client.client.get_cookie("alongside")
    assert cookie is not None
    sign_out(client, page)
    client.client.set_cookie("alongside", cookie.value)
    assert client.raw("/home").status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    answers = []
    for email in (EMAIL, "nobody@mail.example"):
        client.fill("/sign-in", {"email": email, "password": "something else entirely"}, status=422)
        assert client.page is not None
        answers.append(client.page.errors)
    assert answers[0] == answers[1] == ["Email address or password is not right."]


def test_guessing_stops_after_ten_tries_and_goes_on_after_five_minutes(
    saved: Saved, client: PageClient, clock: time_machine.Traveller
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    for _ in range(MOST_GUESSES):
        client.fill("/sign-in", {"email": EMAIL, "password": "a wrong password"}, status=422)
    client.fill("/sign-in", {"email": EMAIL.upper(), "password": PASSWORD}, status=422)
    assert client.page is not None
    assert "Too many tries" in client.page.errors[0]
    clock.shift(timedelta(minutes=6))
    client.sign_in(EMAIL, PASSWORD)


def test_a_sign_in_ends_after_twelve_hours(saved: Saved, client: PageClient, clock: time_machine.Traveller) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    client.sign_in(EMAIL, PASSWORD)
    clock.shift(timedelta(hours=12, minutes=1))
    assert client.raw("/home").status_code == 303


def test_a_hostile_next_address_never_leaves_the_portal(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    for hostile in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx"):
        response = client.fill("/sign-in", {"email": EMAIL, "password": PASSWORD, "next": hostile})
        assert response.headers["Location"] in {"/home", "http://localhost/home"}
        client.client.delete_cookie("alongside")


def test_passwords_are_hashed_at_or_above_the_floor() -> None:
    used = extract_parameters(REAL_HASHER.hash(PASSWORD))
    assert used.type is Type.ID
    assert (used.memory_cost >= 19 * 1024, used.time_cost >= 2, used.parallelism) == (True, True, 1)
