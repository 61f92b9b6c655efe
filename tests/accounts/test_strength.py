"""How much chance there is in what people and browsers hold, and how long each is worth something."""

import base64
import math
import random
import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from accounts import operations
from accounts.models import AppFactor, SignIn
from accounts.operations import hash_token
from accounts.operations.factors import key_of, make_recovery_codes
from accounts.operations.factors.recovery import LETTERS
from accounts.rules import CODE_SECONDS, CODE_STEPS_AROUND, INVITATION_LASTS, RESET_LASTS, Role
from demo.builders import PASSWORD
from foundation.db import Database
from foundation.outbox import Letter
from tests.conftest import NOW, Saved
from tests.pages import PageClient

EMAIL = "ada@mail.example"


def keys_of_apps(saved: Saved, app: Flask, db: Database, number: int) -> list[str]:
    """Let somebody begin to set up an app so many times, and read the keys."""
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    client, keys = PageClient(app, db.engine), []
    client.sign_in_by_form(EMAIL, PASSWORD)
    for _ in range(number):
        # Whoever could guess the seed of a plain generator would guess the key.
        random.seed(1)
        client.fill("/account/factors", {}, form=0)
        with app.app_context(), db.sessions() as session:
            keys.append(key_of(session.scalars(select(AppFactor)).one()))
    return keys


def test_the_key_of_an_app_is_160_bits_that_no_seed_foretells(saved: Saved, app: Flask, db: Database) -> None:
    keys = keys_of_apps(saved, app, db, 3)
    assert len(set(keys)) == 3
    assert {len(base64.b32decode(key)) * 8 for key in keys} == {160}


def test_a_recovery_code_has_60_bits_of_chance_that_no_seed_foretells() -> None:
    sheets = []
    for _ in range(2):
        random.seed(1)
        sheets.append(make_recovery_codes())
    assert not set(sheets[0]) & set(sheets[1])
    code = sheets[0][0].replace("-", "")
    assert set("".join(sheets[0] + sheets[1])) <= {*LETTERS, "-"}
    assert len(code) * math.log2(len(set(LETTERS))) == 60


def test_a_code_of_an_app_is_worth_something_for_a_minute_and_a_half_at_most() -> None:
    assert CODE_SECONDS == 30
    assert CODE_STEPS_AROUND == 1


def test_links_that_open_a_door_run_out() -> None:
    assert timedelta(hours=1) >= RESET_LASTS
    assert timedelta(days=14) >= INVITATION_LASTS


def test_a_link_opens_only_the_door_that_it_was_made_for(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        account = build.account(Role.MENTOR, email=EMAIL)
        invitation = operations.invite(build.session, account=account, base_url="", by=build.portal(), at=NOW)
        operations.ask_reset(build.session, email=EMAIL, at=NOW)
        build.session.flush()
        operations.send_resets(build.session, base_url="", at=NOW)
        bodies = build.session.scalars(select(Letter.body).order_by(Letter.written_at, Letter.id)).all()
    [reset] = re.findall(r"/new-password/(\S+)", "".join(bodies))
    client.get(f"/invitations/{invitation}")
    client.get(f"/new-password/{reset}")
    client.get(f"/invitations/{reset}", status=410)
    client.get(f"/new-password/{invitation}", status=410)
    client.get(f"/applications/{reset}", status=404)
    for token in (invitation, reset):
        with client.client.session_transaction() as cookie:
            cookie["_user_id"] = token
        assert client.raw("/home").status_code == 303


def test_the_token_of_a_cookie_is_256_bits_and_only_its_hash_is_kept(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        build.account(Role.MENTOR, email=EMAIL)
    tokens = []
    for _ in range(2):
        client.sign_in_by_form(EMAIL, PASSWORD)
        with client.client.session_transaction() as cookie:
            tokens.append(cookie["_user_id"])
    assert len(set(tokens)) == 2
    assert {len(base64.urlsafe_b64decode(f"{token}=")) * 8 for token in tokens} == {256}
    with db.sessions() as session:
        kept = set(session.scalars(select(SignIn.token_hash)))
    assert kept == {hash_token(token) for token in tokens}
    assert not kept & set(tokens)
