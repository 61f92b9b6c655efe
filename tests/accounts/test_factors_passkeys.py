"""Passkeys are added, used as a second factor and used alone; a question is answered once, soon, by who was asked."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from accounts.models import Account, Passkey, PasskeyChallenge
from accounts.operations.factors import Portal
from accounts.rules import CHALLENGE_LASTS, MOST_PASSKEYS, Role
from demo.builders import PASSWORD
from foundation.db import Database
from tests.accounts.authenticator import PRESENT, VERIFIED, Authenticator
from tests.accounts.factoring import give_app, give_passkey
from tests.conftest import NOW, Saved
from tests.pages import Page, PageClient

EMAIL = "ada@mail.example"
ADDING, CONFIRMING, ALONE = "/account/factors/passkey", "/sign-in/second-factor", "/sign-in/passkey"


def ask(client: PageClient, path: str) -> dict[str, Any]:
    """Fetch the question of a page as our script does."""
    token = client.get(path).form(0)["csrf_token"]
    response = client.client.post(f"{path}/challenge", headers={"X-CSRFToken": token})
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    found: dict[str, Any] = json.loads(response.get_data())
    return found


def send(client: PageClient, path: str, answer: str, *, status: int = 303, **typed: str) -> Page:
    """Send the answer of a passkey, and give the page that follows."""
    response = client.fill(path, {"credential": answer, **typed}, status=status, form=0)
    if status == 303:
        return client.follow(response)
    assert client.page is not None
    return client.page


def staff(saved: Saved) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL, name="Ada Okafor")


def with_passkey(saved: Saved, client: PageClient) -> Authenticator:
    """A coordinator who has added a passkey and signed out again."""
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    phone = Authenticator()
    send(client, ADDING, phone.register(ask(client, ADDING)), name="My phone")
    client.client.delete_cookie("alongside")
    return phone


def test_a_coordinator_adds_a_passkey_and_is_in(saved: Saved, client: PageClient, db: Database) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    phone = Authenticator()
    options = ask(client, ADDING)
    assert options["rp"]["id"] == "alongside.test"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert "My phone" in send(client, ADDING, phone.register(options), name="My phone").text
    assert client.raw("/home").status_code == 200
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 0


def test_a_passkey_is_asked_for_after_the_password(saved: Saved, client: PageClient, db: Database) -> None:
    phone = with_passkey(saved, client)
    assert client.sign_in_by_form(EMAIL, PASSWORD).heading == "Confirm that it is you"
    page = send(client, CONFIRMING, phone.answer(ask(client, CONFIRMING)))
    assert page.heading.startswith("Hello")
    with db.sessions() as session:
        passkey = session.scalars(select(Passkey)).one()
        assert (passkey.sign_count, passkey.last_used_at) == (1, NOW)


def test_a_passkey_alone_signs_in(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    options = ask(client, ALONE)
    assert options["allowCredentials"] == []
    assert send(client, ALONE, phone.answer(options)).heading.startswith("Hello")


def test_an_answer_is_accepted_once(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    client.sign_in_by_form(EMAIL, PASSWORD)
    answer = phone.answer(ask(client, CONFIRMING))
    send(client, CONFIRMING, answer)
    send(client, CONFIRMING, answer, status=422)


def test_an_answer_that_comes_late_is_refused(saved: Saved, client: PageClient, clock: time_machine.Traveller) -> None:
    phone = with_passkey(saved, client)
    answer = phone.answer(ask(client, ALONE))
    clock.shift(CHALLENGE_LASTS)
    send(client, ALONE, answer, status=422)


def test_another_browser_than_the_one_that_was_asked_cannot_answer(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    phone = with_passkey(saved, client)
    thief = PageClient(app, db.engine)
    # Whoever tricks somebody into answering a question of their own browser gets in nowhere, and the other way about.
    send(thief, ALONE, phone.answer(ask(client, ALONE)), status=422)
    client.sign_in_by_form(EMAIL, PASSWORD)
    thief.sign_in_by_form(EMAIL, PASSWORD)
    send(thief, CONFIRMING, phone.answer(ask(client, CONFIRMING)), status=422)
    send(client, CONFIRMING, phone.answer(ask(client, CONFIRMING)))


def test_an_answer_to_one_kind_of_question_is_none_to_another(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    alone = ask(client, ALONE)
    client.sign_in_by_form(EMAIL, PASSWORD)
    send(client, CONFIRMING, phone.answer(alone), status=422)


def test_the_passkey_of_somebody_else_does_not_complete_a_sign_in(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    with saved as build:
        give_passkey(build, build.account(Role.COORDINATOR, email="bo@mail.example"))
    client.sign_in_by_form("bo@mail.example", PASSWORD)
    page = send(client, CONFIRMING, phone.answer(ask(client, CONFIRMING)), status=422)
    assert page.errors == ["This passkey belongs to another account."]


@pytest.mark.parametrize("flags", [0, PRESENT, VERIFIED])
def test_a_device_that_nobody_has_unlocked_is_refused(saved: Saved, client: PageClient, flags: int) -> None:
    phone = with_passkey(saved, client)
    phone.flags = flags
    send(client, ALONE, phone.answer(ask(client, ALONE)), status=422)


def test_a_page_that_only_pretends_to_be_the_portal_gets_nothing(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    phone.origin = "http://alongside.test.evil.example"
    send(client, ALONE, phone.answer(ask(client, ALONE)), status=422)


def test_a_copied_passkey_is_seen_by_its_counter(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    phone.count = 5
    send(client, ALONE, phone.answer(ask(client, ALONE)))
    client.client.delete_cookie("alongside")
    phone.count = 3
    send(client, ALONE, phone.answer(ask(client, ALONE)), status=422)


def test_a_signature_of_another_key_is_refused(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    phone.key = Authenticator().key
    send(client, ALONE, phone.answer(ask(client, ALONE)), status=422)


def test_a_person_who_was_shut_out_cannot_sign_in_by_passkey(saved: Saved, client: PageClient, db: Database) -> None:
    phone = with_passkey(saved, client)
    with db.transaction() as session:
        session.scalars(select(Account)).one().disabled_at = NOW
    send(client, ALONE, phone.answer(ask(client, ALONE)), status=422)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 5000,
        '{"response": 1}',
        '{"response": {"clientDataJSON": "e30"}}',
        '{"id": "a\\u0000b", "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiJhXHUwMDAwIn0"}}',
        '{"response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOltdfQ"}}',
        "\N{SLIGHTLY SMILING FACE}",
    ],
)
def test_what_is_no_answer_is_refused_in_words(saved: Saved, client: PageClient, answer: str) -> None:
    page = send(client, ALONE, answer, status=422)
    assert page.errors == ["The passkey was not accepted. Try again, or use another way."]


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_an_answer_with_a_part_that_is_missing_or_strange_is_refused(
    saved: Saved, client: PageClient, part: str
) -> None:
    phone = with_passkey(saved, client)
    for strange in (None, "", "AAAA", 7, {"a": 1}):
        answer = json.loads(phone.answer(ask(client, ALONE)))
        answer["response"][part] = strange
        send(client, ALONE, json.dumps(answer), status=422)


def test_an_attestation_that_is_none_is_refused(saved: Saved, client: PageClient, db: Database) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    for strange in (None, "", "AAAA", "oA", 7):
        answer = json.loads(Authenticator().register(ask(client, ADDING)))
        answer["response"]["attestationObject"] = strange
        send(client, ADDING, json.dumps(answer), status=422, name="My phone")
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_the_same_passkey_cannot_be_added_twice(saved: Saved, client: PageClient) -> None:
    phone = with_passkey(saved, client)
    client.sign_in(EMAIL, PASSWORD)
    options = ask(client, ADDING)
    assert len(options["excludeCredentials"]) == 1
    response = client.fill(ADDING, {"credential": phone.register(options), "name": "Again"}, status=409, form=0)
    assert response.status_code == 409


def test_nobody_collects_passkeys_without_end(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = build.account(Role.COORDINATOR, email=EMAIL)
        give_app(build, account)
        for number in range(MOST_PASSKEYS):
            give_passkey(build, account).credential_id = f"id-{number}"
    client.sign_in(EMAIL, PASSWORD)
    token = client.get(ADDING).form(0)["csrf_token"]
    assert client.client.post(f"{ADDING}/challenge", headers={"X-CSRFToken": token}).status_code == 422


def test_questions_that_nobody_answered_do_not_pile_up(
    saved: Saved, client: PageClient, clock: time_machine.Traveller, db: Database
) -> None:
    for _number in range(3):
        ask(client, ALONE)
    clock.shift(CHALLENGE_LASTS + timedelta(seconds=1))
    ask(client, ALONE)
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 1


def test_a_question_is_given_only_to_our_own_page(saved: Saved, client: PageClient) -> None:
    assert client.client.post(f"{ALONE}/challenge").status_code == 400


@pytest.mark.parametrize(
    ("base_url", "host", "can"),
    [
        ("https://portal.example", "portal.example", True),
        ("http://localhost:8000", "localhost", True),
        ("http://127.0.0.1:8000", "127.0.0.1", False),
        ("http://[::1]:8000", "::1", False),
        ("", "", False),
    ],
)
def test_passkeys_need_a_portal_with_a_name(base_url: str, host: str, can: bool) -> None:
    portal = Portal(base_url)
    assert (portal.host, portal.has_passkeys) == (host, can)
    assert not can or portal.origin == base_url
    assert not Portal(base_url, reached_as="127.0.0.1").has_passkeys


@pytest.mark.parametrize(("host", "count"), [("localhost", 1), ("127.0.0.1", 0), ("[::1]:8000", 0)])
def test_a_passkey_is_offered_at_the_door_only_where_one_can_work(client: PageClient, host: str, count: int) -> None:
    page = client.client.get("/sign-in", headers={"Host": host})
    assert page.text.count("Sign in with a passkey") == count
