"""Inviting somebody, and the link that works once."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts import operations, queries
from accounts.models import Account, RoleGrant, SignIn
from accounts.operations import LinkNotUsable
from accounts.rules import INVITATION_LASTS, Role
from demo.builders import PASSWORD, Builder
from foundation import audit
from foundation.db import Database
from foundation.errors import Refusal
from foundation.outbox import Letter
from tests.conftest import NOW, Saved
from tests.foundation.together import run_together
from tests.pages import PageClient

ADMIN, NEW = "admin@mail.example", "Neue@mail.example"
CHOSEN = "three invented words"


@pytest.fixture
def admin(saved: Saved, client: PageClient) -> PageClient:
    """An administrator who is signed in."""
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMIN, name="Ada Okafor")
        build.agency("Probation Office")
    client.sign_in(ADMIN, PASSWORD)
    return client


def link(db: Database, number: int = -1) -> str:
    """The path in a letter."""
    with db.sessions() as session:
        bodies = session.scalars(select(Letter.body).order_by(Letter.written_at, Letter.id)).all()
    found = re.findall(r"http://alongside\.test(/invitations/\S+)", "\n".join(bodies))
    return str(found[number])


def test_somebody_is_invited_chooses_a_password_and_is_signed_in(admin: PageClient, db: Database, app: Flask) -> None:
    admin.fill("/accounts/invite", {"name": "Neu", "email": NEW, "role": "coordinator"})
    assert "Neu" in admin.get("/accounts").text
    theirs = PageClient(app, db.engine)
    path = link(db)
    response = theirs.fill(path, {"password": CHOSEN})
    assert theirs.follow(response).status == 200
    assert theirs.get(path, status=410).heading == "This link can no longer be used"
    theirs.client.delete_cookie("alongside")
    theirs.sign_in(NEW.upper(), CHOSEN)
    with db.sessions() as session:
        assert audit.verify(session) is None


def test_the_list_has_one_line_for_each_person_with_all_their_roles(admin: PageClient, saved: Saved) -> None:
    with saved as build:
        build.account(Role.VOLUNTEER, Role.MENTOR, name="Bo Namesake")
        build.account(Role.MENTOR, Role.COORDINATOR, name="Bo Namesake")
    page = admin.get("/accounts")
    lines = [" ".join("".join(row.itertext()).split()) for row in page.tree.findall(".//tbody/tr")]
    theirs = [line for line in lines if line.startswith("Bo Namesake")]
    assert sorted(line.count("Take back") for line in theirs) == [2, 2]
    assert "Those are 3 people." in page.text


def test_a_password_that_is_too_short_is_refused_and_the_link_still_works(admin: PageClient, db: Database) -> None:
    admin.fill("/accounts/invite", {"name": "Neu", "email": NEW, "role": "coordinator"})
    admin.fill(link(db), {"password": "short"}, status=422)
    assert admin.page is not None
    assert "at least 12" in admin.page.errors[0]
    admin.get(link(db))


def test_a_partner_officer_needs_an_agency_and_everything_typed_is_kept(admin: PageClient) -> None:
    admin.fill("/accounts/invite", {"name": "Neu Åse", "email": NEW, "role": "partner officer"}, status=422)
    assert admin.page is not None
    assert admin.page.errors == ["Choose the agency that this officer works for."]
    assert admin.page.form()["name"] == "Neu Åse"
    assert admin.page.form()["role"] == "partner officer"


def test_the_same_invitation_sent_twice_invites_once(admin: PageClient, db: Database) -> None:
    page = admin.get("/accounts/invite")
    typed = {**page.form(), "name": "Neu", "email": NEW, "role": "evaluator"}
    for _ in range(2):
        assert admin.send("/accounts/invite", typed).headers["Location"] == "/accounts"
    with db.sessions() as session:
        assert len(session.scalars(select(Letter)).all()) == 1


def test_an_invitation_runs_out(admin: PageClient, db: Database, clock: time_machine.Traveller) -> None:
    admin.fill("/accounts/invite", {"name": "Neu", "email": NEW, "role": "evaluator"})
    path = link(db)
    clock.shift(INVITATION_LASTS)
    admin.get(path, status=410)


def test_a_second_letter_does_not_open_the_door_again_after_the_first_was_used(build: Builder) -> None:
    account = build.account(Role.EVALUATOR, email=NEW)
    by = build.portal()
    links = [operations.invite(build.session, account=account, base_url="", by=by, at=NOW) for _ in range(2)]
    operations.accept_invitation(build.session, token=links[1], password=CHOSEN, at=NOW)
    with pytest.raises(LinkNotUsable):
        operations.accept_invitation(build.session, token=links[0], password="a stranger's password", at=NOW)
    assert operations.check_password(account, CHOSEN)


def test_a_link_used_by_two_at_once_works_for_one(db: Database, app: Flask, saved: Saved) -> None:
    with saved as build:
        account = build.account(Role.EVALUATOR, email=NEW)
        token = operations.invite(build.session, account=account, base_url="", by=build.portal(), at=NOW)
    won: list[int] = []

    def use(number: int) -> None:
        try:
            with db.transaction() as session:
                operations.accept_invitation(session, token=token, password=f"{CHOSEN} {number}", at=NOW)
            won.append(number)
        except LinkNotUsable:
            pass

    run_together(6, use)
    assert len(won) == 1


def test_an_invented_link_says_that_it_cannot_be_used(client: PageClient) -> None:
    client.get("/invitations/" + "x" * 43, status=410)


def test_roles_are_taken_back_at_once(admin: PageClient, saved: Saved, app: Flask, db: Database) -> None:
    with saved as build:
        scheme = queries.get_scheme(build.session, "knowsley")
        build._schemes["knowsley"] = scheme
        other = build.account(Role.COORDINATOR, email=NEW)
        grant = queries.list_live_roles(build.session, other.person_id)[0].id
    theirs = PageClient(app, db.engine)
    theirs.sign_in(NEW, PASSWORD)
    admin.fill(f"/accounts/{grant}/end", {})
    assert theirs.raw("/home").status_code == 303
    admin.get(f"/accounts/{grant}/end", status=404)


def test_the_only_administrator_stays(admin: PageClient, db: Database) -> None:
    with db.sessions() as session:
        grant = session.scalars(select(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR)).one().id
    admin.fill(f"/accounts/{grant}/end", {}, status=422)
    assert admin.page is not None
    assert "only administrator" in admin.page.errors[0]


def test_a_role_of_another_scheme_is_not_there(admin: PageClient, saved: Saved) -> None:
    with saved as build:
        account = build.account(Role.COORDINATOR, email=NEW, slug="turin")
        grant = queries.list_live_roles(build.session, account.person_id)[0].id
    admin.get(f"/accounts/{grant}/end", status=404)
    assert "turin" not in admin.get("/accounts").text.lower()


def test_somebody_with_roles_in_two_schemes_chooses_where_to_work(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        account = build.account(Role.COORDINATOR, email=NEW)
        build.account(Role.EVALUATOR, person=account.person, slug="turin")
        turin = str(build.scheme("turin").id)
        other = str(build.scheme("the-hague").id)
    client.sign_in(NEW, PASSWORD)
    client.fill("/scheme", {"scheme": other}, status=422)
    page = client.follow(client.fill("/scheme", {"scheme": turin}))
    assert "Turin" in page.response.get_data(as_text=True)
    with db.sessions() as session:
        live = session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all()
        assert [str(row.scheme_id) for row in live] == [turin]


def test_an_address_that_somebody_else_signs_in_with_is_refused(build: Builder) -> None:
    build.account(Role.EVALUATOR, email=NEW)
    with pytest.raises(Refusal, match="Somebody else"):
        operations.open_account(build.session, person=build.person(email=NEW.upper()), by=build.portal(), at=NOW)


def test_a_person_without_an_address_cannot_sign_in(build: Builder) -> None:
    person = build.person()
    person.email = " "
    with pytest.raises(Refusal, match="no email address"):
        operations.open_account(build.session, person=person, by=build.portal(), at=NOW)


def test_a_disabled_account_neither_signs_in_nor_stays_signed_in(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        build.account(Role.EVALUATOR, email=NEW)
    client.sign_in(NEW, PASSWORD)
    with db.transaction() as session:
        session.scalars(select(Account)).one().disabled_at = NOW
    clock.shift(timedelta(seconds=1))
    assert client.raw("/home").status_code == 303
    client.fill("/sign-in", {"email": NEW, "password": PASSWORD}, status=422)
