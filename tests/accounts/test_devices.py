"""Where somebody is signed in, how that ends by itself, and how it is ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from accounts import operations, queries, signing
from accounts.models import Account, SignIn
from accounts.rules import IDLE_OTHERS_LASTS, IDLE_STAFF_LASTS, SEEN_EVERY, Role, device_parts, idle_limit
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.errors import Refusal
from tests.conftest import NOW, Saved
from tests.pages import PageClient, counted

ADA, BEN = "ada@mail.example", "ben@mail.example"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


def device(app: Flask, db: Database, email: str, agent: str = FIREFOX) -> PageClient:
    """A browser on which somebody is signed in."""
    found = PageClient(app, db.engine)
    found.client.environ_base["HTTP_USER_AGENT"] = agent
    found.sign_in(email, PASSWORD)
    return found


def is_signed_in(client: PageClient) -> bool:
    return client.raw("/account").status_code == 200


def make(saved: Saved, *roles: Role, email: str = ADA) -> Account:
    with saved as build:
        return build.account(*roles, email=email, name="Ada Okafor")


@pytest.mark.parametrize(
    ("agent", "parts"),
    [
        (ANDROID, ("Chrome", "Android")),
        (FIREFOX, ("Firefox", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", ("Edge", "Windows")),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/26.0 Chrome/122.0 Safari",
            ("Samsung Internet", "Android"),
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17.6 Safari/605.1.15", ("Safari", "Mac")),
        ("curl/8", ("", "")),
    ],
)
def test_a_device_is_told_by_its_browser_and_system(agent: str, parts: tuple[str, str]) -> None:
    assert device_parts(agent) == parts


def test_somebody_sees_on_which_devices_they_are_signed_in(saved: Saved, app: Flask, db: Database) -> None:
    make(saved, Role.COORDINATOR)
    device(app, db, ADA, ANDROID)
    page = device(app, db, ADA).get("/account/devices")
    assert "Chrome on Android" in page.text
    assert page.text.index("Firefox on Windows This device") < page.text.index("Chrome on Android")
    assert "2 devices" in device(app, db, ADA, "").get("/account").text.replace("3 devices", "2 devices")


def test_one_other_device_is_signed_out(saved: Saved, app: Flask, db: Database) -> None:
    make(saved, Role.COORDINATOR)
    lost, kept, mine = (device(app, db, ADA, agent) for agent in (ANDROID, "", FIREFOX))
    with db.sessions() as session:
        lost_id = session.scalars(select(SignIn.id).where(SignIn.device == ANDROID)).one()
    mine.fill("/account/devices", {"end": str(lost_id)})
    assert (is_signed_in(lost), is_signed_in(kept), is_signed_in(mine)) == (False, True, True)


def test_all_other_devices_are_signed_out(saved: Saved, app: Flask, db: Database) -> None:
    make(saved, Role.COORDINATOR)
    lost, mine = device(app, db, ADA), device(app, db, ADA)
    mine.fill("/account/devices", {"end": "others"})
    assert (is_signed_in(lost), is_signed_in(mine)) == (False, True)
    assert "no other device" in mine.get("/account/devices").text


@pytest.mark.parametrize("named", ["", "everything", "00000000-0000-4000-8000-000000000000"])
def test_a_button_that_names_no_device_ends_none(saved: Saved, app: Flask, db: Database, named: str) -> None:
    make(saved, Role.COORDINATOR)
    other, mine = device(app, db, ADA), device(app, db, ADA)
    mine.fill("/account/devices", {"end": named}, status=404)
    assert is_signed_in(other)


def test_nobody_signs_somebody_else_out(saved: Saved, app: Flask, db: Database) -> None:
    make(saved, Role.COORDINATOR)
    make(saved, Role.MENTOR, email=BEN)
    theirs, mine = device(app, db, BEN, ANDROID), device(app, db, ADA)
    with db.sessions() as session:
        theirs_id = session.scalars(select(SignIn.id).where(SignIn.device == ANDROID)).one()
    assert "Android" not in mine.get("/account/devices").text
    mine.fill("/account/devices", {"end": str(theirs_id)}, status=404)
    mine.fill("/account/devices", {"end": "others"})
    assert is_signed_in(theirs)


@pytest.mark.parametrize("role", Role)
def test_a_sign_in_ends_when_it_lies_unused(
    saved: Saved, app: Flask, db: Database, clock: time_machine.Traveller, role: Role
) -> None:
    make(saved, role)
    mine = device(app, db, ADA)
    clock.shift(idle_limit({role}) - timedelta(seconds=1))
    assert is_signed_in(mine)
    clock.shift(idle_limit({role}))
    assert not is_signed_in(mine)


def test_staff_are_signed_out_sooner_than_volunteers_and_the_strictest_role_decides() -> None:
    assert {idle_limit({Role.VOLUNTEER}), idle_limit({Role.MENTOR, Role.VOLUNTEER})} == {IDLE_OTHERS_LASTS}
    for role in set(Role) - {Role.MENTOR, Role.VOLUNTEER}:
        assert idle_limit({role, Role.MENTOR}) == IDLE_STAFF_LASTS
    assert (timedelta(minutes=30), timedelta(minutes=60)) == (IDLE_STAFF_LASTS, IDLE_OTHERS_LASTS)


def test_a_sign_in_that_is_used_ends_after_twelve_hours_all_the_same(
    saved: Saved, app: Flask, db: Database, clock: time_machine.Traveller
) -> None:
    make(saved, Role.COORDINATOR)
    mine = device(app, db, ADA)
    for _ in range(12 * 3 - 1):
        clock.shift(timedelta(minutes=20))
        assert is_signed_in(mine)
    clock.shift(timedelta(minutes=20))
    assert not is_signed_in(mine)


def writes(app: Flask, db: Database, client: PageClient) -> list[str]:
    """The statements that write while a page is opened."""
    with counted(db.engine) as statements:
        client.get("/account")
    return [statement for statement in statements if statement.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_page_writes_down_once_a_minute_that_a_sign_in_is_in_use_and_nothing_else(
    saved: Saved, app: Flask, db: Database, clock: time_machine.Traveller
) -> None:
    make(saved, Role.COORDINATOR)
    mine = device(app, db, ADA)
    clock.shift(SEEN_EVERY - timedelta(seconds=1))
    assert writes(app, db, mine) == []
    clock.shift(timedelta(seconds=1))
    [written] = writes(app, db, mine)
    assert written.startswith("UPDATE sign_in SET last_seen_at=")
    assert writes(app, db, mine) == []


def test_a_page_stands_when_its_use_cannot_be_written_down(
    saved: Saved, app: Flask, db: Database, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise OperationalError("", {}, Exception("busy"))

    make(saved, Role.COORDINATOR)
    mine = device(app, db, ADA)
    clock.shift(SEEN_EVERY)
    monkeypatch.setattr(signing, "note_use", refuse)
    assert mine.get("/account").status == 200


Change = Callable[[Builder, Account], object]


def give_role(build: Builder, account: Account) -> None:
    operations.grant_role(build.session, person=account.person, role=Role.EVALUATOR, by=build.portal(), at=NOW)


def take_role(build: Builder, account: Account) -> None:
    grant = queries.list_live_roles(build.session, account.person_id)[0]
    operations.end_role(build.session, grant=grant, by=build.portal(), at=NOW, why="")


def change_password(build: Builder, account: Account) -> None:
    operations.set_password(build.session, account=account, password="four quite other words", at=NOW)


def disable(build: Builder, account: Account) -> None:
    operations.disable_account(build.session, account=account, by=build.portal(), at=NOW)


@pytest.mark.parametrize("change", [give_role, take_role, change_password, disable])
def test_a_change_of_what_an_account_may_do_ends_its_sign_ins(
    saved: Saved, app: Flask, db: Database, change: Change
) -> None:
    make(saved, Role.COORDINATOR, Role.TRAINING_LEAD)
    make(saved, Role.COORDINATOR, email=BEN)
    theirs, others = device(app, db, ADA), device(app, db, BEN)
    with saved as build:
        account = queries.find_account(build.session, ADA)
        assert account is not None
        change(build, account)
    assert (is_signed_in(theirs), is_signed_in(others)) == (False, True)
    with db.sessions() as session:
        assert session.scalars(select(SignIn.ended_at).order_by(SignIn.created_at)).all().count(None) == 1


def test_an_administrator_disables_an_account_and_lets_its_owner_in(saved: Saved, app: Flask, db: Database) -> None:
    make(saved, Role.ADMINISTRATOR)
    ben = make(saved, Role.COORDINATOR, email=BEN)
    admin, theirs = device(app, db, ADA), device(app, db, BEN)
    admin.fill(f"/accounts/{ben.id}", {"act": "disable"})
    assert not is_signed_in(theirs)
    theirs.fill("/sign-in", {"email": BEN, "password": PASSWORD}, status=422)
    assert "Disabled" in admin.get("/accounts").text
    admin.fill(f"/accounts/{ben.id}", {"act": "enable"})
    theirs.sign_in(BEN, PASSWORD)


def test_an_administrator_signs_somebody_out_everywhere_who_may_come_back(
    saved: Saved, app: Flask, db: Database
) -> None:
    make(saved, Role.ADMINISTRATOR)
    ben = make(saved, Role.COORDINATOR, email=BEN)
    admin, lost, kept = device(app, db, ADA), device(app, db, BEN, ANDROID), device(app, db, BEN)
    admin.fill(f"/accounts/{ben.id}", {"act": "sign-out"})
    assert (is_signed_in(lost), is_signed_in(kept), is_signed_in(admin)) == (False, False, True)
    kept.sign_in(BEN, PASSWORD)


def test_an_administrator_cannot_disable_their_own_account(saved: Saved, app: Flask, db: Database) -> None:
    ada = make(saved, Role.ADMINISTRATOR)
    admin = device(app, db, ADA)
    admin.fill(f"/accounts/{ada.id}", {"act": "disable"}, status=422)
    assert admin.page is not None
    assert "your own account" in admin.page.errors[0]
    admin.fill(f"/accounts/{ada.id}", {"act": "explode"}, status=422)
    assert is_signed_in(admin)


def test_the_last_administrator_who_can_sign_in_stays(build: Builder) -> None:
    first, second = (build.account(Role.ADMINISTRATOR) for _ in range(2))
    operations.disable_account(build.session, account=first, by=build.portal(), at=NOW)
    build.session.flush()
    with pytest.raises(Refusal, match="only administrator"):
        operations.disable_account(build.session, account=second, by=build.portal(), at=NOW)
    grant = queries.list_live_roles(build.session, second.person_id)[0]
    with pytest.raises(Refusal, match="only administrator"):
        operations.end_role(build.session, grant=grant, by=build.portal(), at=NOW, why="")
    operations.enable_account(build.session, account=first, by=build.portal(), at=NOW)
    build.session.flush()
    operations.end_role(build.session, grant=grant, by=build.portal(), at=NOW, why="")


def test_an_administrator_of_one_scheme_locks_nobody_out_of_another(build: Builder) -> None:
    account = build.account(Role.COORDINATOR)
    build.account(Role.COORDINATOR, slug="turin", person=account.person)
    with pytest.raises(Refusal, match="another scheme"):
        operations.disable_account(build.session, account=account, by=build.portal(), at=NOW)


def test_an_account_of_another_scheme_does_not_exist(saved: Saved, app: Flask, db: Database) -> None:
    make(saved, Role.ADMINISTRATOR)
    with saved as build:
        elsewhere = build.account(Role.COORDINATOR, slug="turin")
    admin = device(app, db, ADA)
    admin.get(f"/accounts/{elsewhere.id}", status=404)
