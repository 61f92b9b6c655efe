"""Choosing, changing and forgetting a password."""

import re
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from accounts import operations
from accounts.models import Account, PasswordReset
from accounts.operations import passwords
from accounts.operations.easy_passwords import is_easy
from accounts.rules import MOST_RESETS, RESET_LASTS, RESETS_KEPT, SHORTEST_PASSWORD, Role
from demo.builders import PASSWORD, Builder
from foundation import audit
from foundation.db import Database
from foundation.errors import Refusal
from foundation.outbox import Letter
from tests.conftest import NOW, Saved
from tests.house.sources import ROOT
from tests.pages import PageClient, counted

ADA, NOBODY = "ada@mail.example", "nobody@mail.example"
CHOSEN = "three quite other words"


def staff(saved: Saved) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=ADA, name="Ada Okafor")


def ask(client: PageClient, email: str) -> bytes:
    """Ask for a link; give the page that follows, without its marks."""
    answer = client.fill("/forgotten-password", {"email": email})
    client.follow(answer)
    assert client.page is not None
    return re.sub(rb'value="[^"]*"', b"", client.page.response.data)


def links(app: Flask, db: Database) -> list[str]:
    """Let the worker work, and give the paths in the letters, oldest first."""
    app.extensions["queue"].run_sweeps()
    with db.sessions() as session:
        bodies = session.scalars(select(Letter.body).order_by(Letter.written_at, Letter.id)).all()
    return [str(path) for body in bodies for path in re.findall(r"http://alongside\.test(/new-password/\S+)", body)]


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "qwertyuiopas",
        "passwordpassword",
        "Password1234!",
        "P4ssw0rd2026!!",
        "abcdefghijklm",
        "mlkjihgfedcba",
        "rehabilitation",
        "1qaz2wsx3edc",
    ],
)
def test_a_password_that_is_tried_first_is_easy(password: str) -> None:
    assert len(password) >= SHORTEST_PASSWORD
    assert is_easy(password)


@pytest.mark.parametrize("password", [PASSWORD, CHOSEN, "correct horse battery", "7 blue kettles", "ωραία μέρα σήμερα"])
def test_words_that_nobody_puts_together_are_not_easy(password: str) -> None:
    assert not is_easy(password)


@pytest.mark.parametrize("password", ["ada okafor 1984", "Knowsley2026!", "Okafor-Knowsley-1", "ada@mail.example"])
def test_what_is_known_of_the_person_is_easy(build: Builder, password: str) -> None:
    account = build.account(Role.COORDINATOR, email=ADA, name="Ada Okafor")
    with pytest.raises(Refusal, match="easy to guess"):
        operations.set_password(build.session, account=account, password=password, at=NOW)


def test_a_password_is_long_rather_than_complicated(build: Builder) -> None:
    account = build.account(Role.COORDINATOR)
    with pytest.raises(Refusal, match="at least 12"):
        operations.set_password(build.session, account=account, password="7 kettles!!", at=NOW)
    for fine in ("seven kettles", "seven kettles " * 40, "zeven ketels \u00fc \u4e16\u754c"):
        operations.set_password(build.session, account=account, password=fine, at=NOW)
        assert operations.check_password(account, fine)


def test_a_forgotten_password_is_replaced_by_a_link(saved: Saved, client: PageClient, app: Flask, db: Database) -> None:
    staff(saved)
    signed_in = PageClient(app, db.engine)
    signed_in.sign_in(ADA, PASSWORD)
    ask(client, ADA.upper())
    [path] = links(app, db)
    client.fill(path, {"password": "too short"}, status=422)
    page = client.follow(client.fill(path, {"password": CHOSEN}))
    assert page.heading == "Sign in", "the link itself signs nobody in, so that a second factor is still asked for"
    assert signed_in.raw("/account").status_code == 303
    client.fill("/sign-in", {"email": ADA, "password": PASSWORD}, status=422)
    client.sign_in(ADA, CHOSEN)
    assert client.get(path, status=410).heading == "This link can no longer be used"
    with db.sessions() as session:
        assert audit.verify(session) is None


def test_a_link_works_once_even_when_its_page_is_sent_again(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    ask(client, ADA)
    [path] = links(app, db)
    values = {**client.get(path).form(), "password": CHOSEN}
    client.send(path, values)
    client.send(path, {**values, "password": "yet another password"}, status=422)
    client.sign_in(ADA, CHOSEN)


def test_a_link_works_for_an_hour(
    saved: Saved, client: PageClient, app: Flask, db: Database, clock: time_machine.Traveller
) -> None:
    staff(saved)
    ask(client, ADA)
    [path] = links(app, db)
    clock.shift(RESET_LASTS - timedelta(seconds=1))
    values = client.get(path).form()
    clock.shift(timedelta(seconds=1))
    client.get(path, status=410)
    client.send(path, {**values, "password": CHOSEN}, status=422)


def test_a_newer_link_closes_the_older_one(saved: Saved, client: PageClient, app: Flask, db: Database) -> None:
    staff(saved)
    ask(client, ADA)
    [older] = links(app, db)
    ask(client, ADA)
    newer = next(path for path in links(app, db) if path != older)
    client.get(older, status=410)
    client.get(newer)


def test_a_link_does_not_open_an_account_that_was_disabled_meanwhile(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    ask(client, ADA)
    [path] = links(app, db)
    with db.transaction() as session:
        session.scalars(select(Account)).one().disabled_at = NOW
    client.get(path, status=410)
    ask(client, ADA)
    assert links(app, db) == [path]


def test_known_and_unknown_addresses_get_the_same_answer_by_the_same_work(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    answers, work = [], []
    for email in (ADA, NOBODY):
        with counted(db.engine) as statements:
            answers.append(ask(client, email))
        work.append(statements)
    assert answers[0] == answers[1]
    assert work[0] == work[1]
    assert len(links(app, db)) == 1


def test_nobody_is_flooded_with_letters_and_old_wishes_are_forgotten(
    saved: Saved, client: PageClient, app: Flask, db: Database, clock: time_machine.Traveller
) -> None:
    staff(saved)
    for _ in range(MOST_RESETS + 2):
        ask(client, ADA)
    assert len(links(app, db)) == MOST_RESETS
    clock.shift(RESETS_KEPT)
    app.extensions["queue"].run_sweeps()
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PasswordReset)) == 0


def test_the_letter_names_nobody_and_says_nothing_but_the_link(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    ask(client, ADA)
    links(app, db)
    with db.sessions() as session:
        letter = session.scalars(select(Letter)).one()
    assert "Okafor" not in letter.body + letter.subject
    assert "oordinator" not in letter.body + letter.subject


def test_somebody_changes_their_password_and_stays_signed_in_here_alone(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    other = PageClient(app, db.engine)
    other.sign_in(ADA, PASSWORD)
    client.sign_in(ADA, PASSWORD)
    old_cookie = client.client.get_cookie("alongside")
    client.fill("/account/password", {"current": "not my password", "password": CHOSEN}, status=422)
    assert client.page is not None
    assert client.page.errors == ["This is not the password you have now."]
    client.fill("/account/password", {"current": PASSWORD, "password": "Okafor123456"}, status=422)
    page = client.follow(client.fill("/account/password", {"current": PASSWORD, "password": CHOSEN}))
    assert page.heading == "Your account"
    assert other.raw("/account").status_code == 303
    assert old_cookie is not None
    other.client.set_cookie("alongside", old_cookie.value)
    assert other.raw("/account").status_code == 303, "a copy of the cookie from before is worth nothing"
    other.sign_in(ADA, CHOSEN)


def test_somebody_hears_by_letter_that_their_password_was_changed_and_nothing_of_the_first(build: Builder) -> None:
    def told() -> list[str]:
        build.session.flush()
        written = build.session.scalars(select(Letter).order_by(Letter.written_at)).all()
        return [letter.to_address for letter in written if "password of your account was changed" in letter.body]

    account = build.account(Role.COORDINATOR, email=ADA)
    assert told() == []
    operations.set_password(build.session, account=account, password=CHOSEN, at=NOW)
    assert told() == [ADA]


def test_a_password_is_never_made_to_be_changed_for_its_age(
    saved: Saved, client: PageClient, clock: time_machine.Traveller
) -> None:
    staff(saved)
    clock.shift(timedelta(days=3 * 365))
    client.sign_in(ADA, PASSWORD)
    assert client.get("/home").heading.startswith("Hello")


def test_a_password_counts_exactly_as_it_was_typed_to_its_last_letter(build: Builder) -> None:
    account = build.account(Role.COORDINATOR)
    chosen = " Seven kettles, " + "long " * 100 + "and blue "
    operations.set_password(build.session, account=account, password=chosen, at=NOW)
    assert operations.check_password(account, chosen)
    for other in (chosen.strip(), chosen.lower(), chosen[:-1], chosen[:72], chosen + " ", chosen.replace(",", "")):
        assert not operations.check_password(account, other)


def test_every_long_password_of_the_list_of_stolen_ones_is_easy() -> None:
    stolen = FREQUENCY_LISTS["passwords"]
    assert len(stolen) > 3000
    long = [password for password in stolen if len(password) >= SHORTEST_PASSWORD]
    assert long
    assert [password for password in long if not is_easy(password)] == []


@pytest.mark.parametrize(
    ("path", "is_signed_in"), [("/sign-in", False), ("/account/password", True)], ids=["sign in", "change"]
)
def test_fields_of_passwords_are_masked_and_may_be_shown_pasted_and_filled_by_a_manager(
    saved: Saved, client: PageClient, path: str, is_signed_in: bool
) -> None:
    staff(saved)
    if is_signed_in:
        client.sign_in(ADA, PASSWORD)
    page = client.get(path)
    fields = [field for field in page.tree.findall(".//input") if "assword" in field.get("autocomplete", "")]
    assert {field.get("autocomplete") for field in fields} >= {"current-password"}
    assert {field.get("type") for field in fields} == {"password"}
    assert not [name for field in fields for name in field.attrib if name in {"maxlength", "readonly", "pattern"}]
    assert len(page.tree.findall(".//*[@data-module='govuk-password-input']")) == len(fields)
    scripts = [file.read_text("utf-8") for file in sorted((ROOT / "static").glob("*.js"))]
    assert scripts
    assert not any("paste" in script for script in scripts)


def test_a_weaker_hash_is_made_anew_at_the_next_sign_in(
    saved: Saved, client: PageClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(saved)

    def kept() -> str:
        with db.sessions() as session:
            return str(session.scalars(select(Account.password_hash)).one())

    before = kept()
    client.sign_in_by_form(ADA, PASSWORD)
    assert kept() == before
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    client.fill("/sign-in", {"email": ADA, "password": "not the password"}, status=422)
    assert kept() == before
    client.sign_in_by_form(ADA, PASSWORD)
    assert "m=16,t=2" in kept()
    client.sign_in_by_form(ADA, PASSWORD)
