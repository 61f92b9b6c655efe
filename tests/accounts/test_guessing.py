"""Guessing stops after ten tries, whatever the way, and keeps nobody out of a device that is known."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from accounts import operations
from accounts.models import SignInGuess
from accounts.operations import TooManyGuesses
from accounts.rules import GUESS_WINDOW, MOST_GUESSES, Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from tests.conftest import NOW, Saved
from tests.foundation.together import run_together
from tests.pages import PageClient

ADA, BEN, NOBODY = "ada@mail.example", "ben@mail.example", "nobody@mail.example"
DEVICE = "alongside-device"


def staff(build: Builder) -> None:
    build.account(Role.COORDINATOR, email=ADA, name="Ada Okafor")
    build.account(Role.MENTOR, email=BEN, name="Ben Lunt")


def guess(client: PageClient, email: str, times: int = 1) -> list[str]:
    """Try a wrong password several times; give the last answer's errors."""
    form = client.get("/sign-in").form()
    for _ in range(times):
        client.send("/sign-in", {**form, "email": email, "password": "not the password"}, status=422)
    assert client.page is not None
    return client.page.errors


def is_refused(client: PageClient, email: str) -> bool:
    """Whether even the right password is not looked at."""
    form = client.get("/sign-in").form()
    answer = client.client.post("/sign-in", data={**form, "email": email, "password": PASSWORD})
    return b"Too many tries" in answer.data


def browser(app: Flask, db: Database, address: str = "192.0.2.1") -> PageClient:
    found = PageClient(app, db.engine)
    found.client.environ_base["REMOTE_ADDR"] = address
    return found


@pytest.mark.parametrize("email", [ADA, NOBODY])
def test_ten_tries_from_ten_addresses_are_ten_tries(saved: Saved, app: Flask, db: Database, email: str) -> None:
    with saved as build:
        staff(build)
    for number in range(MOST_GUESSES):
        assert "not right" in guess(browser(app, db, f"192.0.2.{number}"), email)[0]
    assert "Too many tries" in guess(browser(app, db, "198.51.100.7"), email)[0]
    assert is_refused(browser(app, db), email)


def test_parallel_tries_are_all_counted(db: Database, app: Flask) -> None:
    let_through: list[int] = []

    def attempt(number: int) -> None:
        try:
            with db.transaction() as session:
                operations.note_guess(session, email=ADA, at=NOW)
            let_through.append(number)
        except TooManyGuesses:
            pass

    run_together(16, attempt)
    assert len(let_through) == MOST_GUESSES


def test_a_stranger_does_not_keep_somebody_out_of_a_device_that_they_know(
    saved: Saved, app: Flask, db: Database
) -> None:
    with saved as build:
        staff(build)
    known, stranger = browser(app, db), browser(app, db)
    known.sign_in_by_form(ADA, PASSWORD)
    known.client.delete_cookie("alongside")
    guess(stranger, ADA, MOST_GUESSES + 1)
    assert is_refused(browser(app, db), ADA)
    known.sign_in_by_form(ADA, PASSWORD)
    assert is_refused(stranger, ADA), "that the person signs in gives a stranger no new tries"


def test_a_known_device_has_ten_tries_of_its_own(saved: Saved, app: Flask, db: Database) -> None:
    with saved as build:
        staff(build)
    known = browser(app, db)
    known.sign_in_by_form(ADA, PASSWORD)
    known.client.delete_cookie("alongside")
    guess(known, ADA, MOST_GUESSES)
    assert is_refused(known, ADA)
    browser(app, db).sign_in_by_form(ADA, PASSWORD)


def test_a_device_is_known_to_those_who_signed_in_on_it_and_to_nobody_else(
    saved: Saved, app: Flask, db: Database
) -> None:
    with saved as build:
        staff(build)
    shared, stranger = browser(app, db), browser(app, db)
    for email in (ADA, BEN):
        shared.sign_in_by_form(email, PASSWORD)
        shared.client.delete_cookie("alongside")
    stranger.sign_in_by_form(BEN, PASSWORD)
    stranger.client.delete_cookie("alongside")
    guess(browser(app, db), ADA, MOST_GUESSES)
    assert is_refused(stranger, ADA)
    assert not is_refused(shared, ADA)


@pytest.mark.parametrize("value", ["", "nonsense", "W10.x.y"])
def test_a_mark_that_the_portal_did_not_sign_makes_no_device_known(
    saved: Saved, app: Flask, db: Database, value: str
) -> None:
    with saved as build:
        staff(build)
    forger = browser(app, db)
    forger.client.set_cookie(DEVICE, value)
    guess(forger, ADA, MOST_GUESSES)
    assert is_refused(forger, ADA)


def test_a_right_password_takes_back_its_own_try_alone(saved: Saved, app: Flask, db: Database) -> None:
    with saved as build:
        staff(build)
    guess(browser(app, db), ADA, 3)
    browser(app, db).sign_in_by_form(ADA, PASSWORD)
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(SignInGuess)) == 3


def test_old_tries_are_removed_by_the_worker(
    saved: Saved, app: Flask, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    guess(browser(app, db), ADA)
    clock.shift(GUESS_WINDOW - timedelta(seconds=1))
    guess(browser(app, db), ADA)
    clock.shift(timedelta(seconds=1))
    app.extensions["queue"].run_sweeps()
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(SignInGuess)) == 1
