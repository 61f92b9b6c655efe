"""Second factors as people set them up, show them and take them away."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from accounts import operations
from accounts.models import Account, AppFactor, FactorGuess, RecoveryCode, SignIn
from accounts.operations import factors
from accounts.policy import Actor
from accounts.rules import FACTOR_IS_FRESH, MOST_GUESSES, PASSWORD_IS_FRESH, RECOVERY_CODES, URGED_AGAIN, Role
from demo.builders import PASSWORD
from foundation import audit
from foundation.audit import AuditEntry
from foundation.db import Database
from foundation.errors import Refusal
from foundation.outbox import Letter
from tests.accounts.factoring import WRONG, code_at, give_app, give_passkey, key_on, show_code
from tests.conftest import NOW, Saved
from tests.foundation.together import run_together
from tests.pages import Page, PageClient

EMAIL = "ada@mail.example"


def staff(saved: Saved, *, has_app: bool = True, role: Role = Role.COORDINATOR) -> None:
    with saved as build:
        account = build.account(role, email=EMAIL, name="Ada Okafor")
        if has_app:
            give_app(build, account)


def letters(db: Database) -> list[Letter]:
    with db.sessions() as session:
        return list(session.scalars(select(Letter).order_by(Letter.written_at, Letter.id)))


def has_letter(db: Database, words: str) -> bool:
    return any(words in letter.body for letter in letters(db))


def verbs(db: Database) -> list[str]:
    with db.sessions() as session:
        return list(session.scalars(select(AuditEntry.verb).order_by(AuditEntry.position)))


def begin_app(client: PageClient) -> str:
    """Press the button that sets up an app, and read the key."""
    return key_on(client.follow(client.fill("/account/factors", {}, form=0)))


def codes_of(client: PageClient) -> list[str]:
    """Make recovery codes and read them."""
    page = Page(client.fill("/account/factors/recovery-codes", {}, status=200), [])
    return ["".join(code.itertext()) for code in page.tree.findall(".//main//ol//code")]


def test_a_coordinator_without_a_factor_sets_up_an_app_before_anything_else(
    saved: Saved, client: PageClient, db: Database
) -> None:
    staff(saved, has_app=False)
    page = client.sign_in_by_form(EMAIL, PASSWORD)
    assert page.heading == "Second factor"
    key = begin_app(client)
    page = client.follow(client.fill("/account/factors/app", {"code": code_at(key=key)}))
    assert page.heading == "Recovery codes"
    assert "Ada Okafor" in client.get("/home").heading
    assert {"begin_app", "confirm_app", "pass_factor"} <= set(verbs(db))
    assert has_letter(db, "authenticator app was set up")
    assert key not in "".join(letter.body for letter in letters(db))


def test_an_app_counts_only_once_a_code_has_confirmed_it(saved: Saved, client: PageClient) -> None:
    staff(saved, has_app=False)
    client.sign_in_by_form(EMAIL, PASSWORD)
    begin_app(client)
    client.fill("/account/factors/app", {"code": "000000"}, status=422)
    assert client.page is not None
    assert "not the code that your app shows" in client.page.errors[0]
    assert client.raw("/home").headers["Location"].startswith("/account/factors")


def test_the_key_is_sealed_in_the_database(saved: Saved, client: PageClient, db: Database) -> None:
    staff(saved, has_app=False)
    client.sign_in_by_form(EMAIL, PASSWORD)
    key = begin_app(client)
    with db.sessions() as session:
        assert key.encode() not in session.scalars(select(AppFactor)).one().sealed_key


def test_the_code_of_the_app_completes_a_sign_in_and_leads_where_the_person_was_going(
    saved: Saved, client: PageClient
) -> None:
    staff(saved)
    page = client.follow(client.fill("/sign-in?next=/volunteers", {"email": EMAIL, "password": PASSWORD}))
    assert page.heading == "Confirm that it is you"
    typed = {**page.form(), "code": f"{code_at()[:3]} {code_at()[3:]}"}
    assert client.follow(client.send("/sign-in/second-factor", typed)).heading == "Volunteers"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_that_is_a_little_off_does_no_harm(saved: Saved, client: PageClient, steps: int) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    assert "Ada" in show_code(client, code_at(steps=steps)).heading


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_time_is_refused(saved: Saved, client: PageClient, steps: int) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    assert "not right or has been used" in show_code(client, code_at(steps=steps), status=422).errors[0]


def test_a_code_is_accepted_once(saved: Saved, client: PageClient, app: Flask, db: Database) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    show_code(client, code_at())
    other = PageClient(app, db.engine)
    other.sign_in_by_form(EMAIL, PASSWORD)
    show_code(other, code_at(), status=422)
    # Nor is the one before it, which whoever looked over a shoulder may know.
    show_code(other, code_at(steps=-1), status=422)
    show_code(other, code_at(steps=1))


def test_the_code_that_confirmed_an_app_opens_nothing_any_more(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved, has_app=False)
    client.sign_in_by_form(EMAIL, PASSWORD)
    key = begin_app(client)
    client.fill("/account/factors/app", {"code": code_at(key=key)})
    other = PageClient(app, db.engine)
    other.sign_in_by_form(EMAIL, PASSWORD)
    show_code(other, code_at(key=key), status=422)


def test_two_browsers_with_the_same_code_at_once_are_one_too_many(app: Flask, saved: Saved, db: Database) -> None:
    staff(saved)
    accepted: list[int] = []

    def use(number: int) -> None:
        with app.app_context():
            try:
                with db.transaction() as session:
                    account = session.scalars(select(Account)).one()
                    factors.check_app_code(session, account=account, code=code_at(), at=NOW)
                accepted.append(number)
            except factors.WrongCode:
                pass

    run_together(8, use)
    assert len(accepted) == 1


def test_the_password_alone_gives_a_token_that_is_worth_nothing_once_the_factor_is_shown(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    half = client.client.get_cookie("alongside")
    assert half is not None
    show_code(client, code_at())
    thief = PageClient(app, db.engine)
    thief.client.set_cookie("alongside", half.value)
    assert thief.raw("/home").headers["Location"].startswith("/sign-in?")


def test_after_ten_wrong_codes_the_right_one_waits_five_minutes(
    saved: Saved, client: PageClient, clock: time_machine.Traveller, db: Database
) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    for _number in range(MOST_GUESSES):
        show_code(client, WRONG, status=422)
    assert "Too many wrong codes" in show_code(client, code_at(), status=422).errors[0]
    assert [letter.subject for letter in letters(db)] == ["Wrong codes on your Alongside account"]
    clock.shift(timedelta(minutes=6))
    show_code(client, code_at(NOW + timedelta(minutes=6)))
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(FactorGuess)) == 0


def test_a_new_sign_in_brings_no_new_tries(saved: Saved, app: Flask, db: Database) -> None:
    staff(saved)
    for number in range(MOST_GUESSES + 1):
        client = PageClient(app, db.engine)
        client.sign_in_by_form(EMAIL, PASSWORD)
        refused = show_code(client, WRONG, status=422).errors[0]
        assert ("Too many" in refused) is (number == MOST_GUESSES)


def test_wrong_codes_from_many_browsers_at_once_never_count_more_than_ten(
    app: Flask, saved: Saved, db: Database
) -> None:
    staff(saved)
    let_through: list[int] = []

    def guess(number: int) -> None:
        with app.app_context():
            try:
                with db.transaction() as session:
                    factors.note_factor_guess(session, account=session.scalars(select(Account)).one(), at=NOW)
                let_through.append(number)
            except factors.TooManyCodes:
                pass

    run_together(24, guess)
    assert len(let_through) == MOST_GUESSES


def test_recovery_codes_are_shown_once_and_each_opens_once(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    client.sign_in(EMAIL, PASSWORD)
    codes = codes_of(client)
    assert len(set(codes)) == RECOVERY_CODES
    assert not any(code in client.get("/account/factors/recovery-codes").text for code in codes)
    with db.sessions() as session:
        assert all(row.code_hash.startswith("$argon2id$") for row in session.scalars(select(RecoveryCode)))
    for number, code in enumerate((codes[3], codes[3].upper().replace("-", " "))):
        other = PageClient(app, db.engine)
        other.sign_in_by_form(EMAIL, PASSWORD)
        status = 422 if number else 303
        other.fill("/sign-in/second-factor", {"recovery_code": code}, status=status)
    client.sign_in(EMAIL, PASSWORD)
    assert f"{RECOVERY_CODES - 1} recovery codes left" in client.get("/account/factors").text
    assert has_letter(db, "recovery code was used")


def test_new_recovery_codes_end_the_old_ones(saved: Saved, client: PageClient, app: Flask, db: Database) -> None:
    staff(saved)
    client.sign_in(EMAIL, PASSWORD)
    old, new = codes_of(client)[0], codes_of(client)[0]
    other = PageClient(app, db.engine)
    other.sign_in_by_form(EMAIL, PASSWORD)
    other.fill("/sign-in/second-factor", {"recovery_code": old}, status=422)
    other.fill("/sign-in/second-factor", {"recovery_code": new})


def test_a_recovery_code_of_somebody_else_opens_nothing(saved: Saved, client: PageClient) -> None:
    with saved as build:
        for email in (EMAIL, "bo@mail.example"):
            give_app(build, build.account(Role.COORDINATOR, email=email))
    client.sign_in("bo@mail.example", PASSWORD)
    code = codes_of(client)[0]
    client.client.delete_cookie("alongside")
    client.sign_in_by_form(EMAIL, PASSWORD)
    client.fill("/sign-in/second-factor", {"recovery_code": code}, status=422)


def test_an_empty_page_is_refused_in_words(saved: Saved, client: PageClient) -> None:
    staff(saved)
    client.sign_in_by_form(EMAIL, PASSWORD)
    assert show_code(client, "", status=422).errors == ["Enter the code"]


def test_changing_a_factor_asks_for_one_that_was_shown_just_now(
    saved: Saved, client: PageClient, clock: time_machine.Traveller
) -> None:
    staff(saved)
    client.sign_in(EMAIL, PASSWORD)
    clock.shift(FACTOR_IS_FRESH + timedelta(seconds=1))
    for path in ("app/remove", "recovery-codes", "passkey", "app"):
        asked = client.raw(f"/account/factors/{path}").headers["Location"]
        assert asked == f"/sign-in/second-factor?next=/account/factors/{path}"
    later = NOW + FACTOR_IS_FRESH + timedelta(seconds=1)
    client.get("/account/factors/recovery-codes")
    typed = {"code": code_at(later), "next": "/account/factors/recovery-codes"}
    assert client.follow(client.fill("/sign-in/second-factor", typed)).heading == "Recovery codes"


def test_a_form_that_was_opened_before_the_factor_grew_old_changes_nothing(
    saved: Saved, client: PageClient, clock: time_machine.Traveller, db: Database
) -> None:
    with saved as build:
        account = build.account(Role.COORDINATOR, email=EMAIL)
        give_app(build, account)
        give_passkey(build, account)
    client.sign_in(EMAIL, PASSWORD)
    page = client.get("/account/factors/app/remove")
    clock.shift(FACTOR_IS_FRESH + timedelta(seconds=1))
    assert "second-factor" in client.send("/account/factors/app/remove", page.form()).headers["Location"]
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(AppFactor)) == 1


def test_the_first_factor_asks_for_a_password_that_was_typed_just_now(
    saved: Saved, client: PageClient, clock: time_machine.Traveller
) -> None:
    staff(saved, has_app=False, role=Role.MENTOR)
    client.sign_in_by_form(EMAIL, PASSWORD)
    clock.shift(PASSWORD_IS_FRESH + timedelta(seconds=1))
    page = client.follow(client.fill("/account/factors", {}, form=0))
    assert page.heading == "Sign in"
    assert "password once more" in page.text
    answer = client.send("/sign-in", {**page.form(), "email": EMAIL, "password": PASSWORD})
    assert client.follow(answer).heading == "Second factor"
    begin_app(client)


def test_the_last_factor_stays_where_the_role_asks_for_one(saved: Saved, client: PageClient) -> None:
    staff(saved)
    client.sign_in(EMAIL, PASSWORD)
    client.fill("/account/factors/app/remove", {}, status=422)
    assert client.page is not None
    assert "this is your only one" in client.page.errors[0]


def test_a_mentor_may_do_without_again_and_keeps_no_recovery_codes(
    saved: Saved, client: PageClient, db: Database
) -> None:
    staff(saved, role=Role.MENTOR)
    client.sign_in(EMAIL, PASSWORD)
    codes_of(client)
    client.fill("/account/factors/app/remove", {})
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
        assert session.scalar(select(func.count()).select_from(AppFactor)) == 0
    assert has_letter(db, "was removed")


def test_one_of_two_factors_may_go_and_the_other_devices_with_it(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    with saved as build:
        account = build.account(Role.COORDINATOR, email=EMAIL)
        give_app(build, account)
        passkey = give_passkey(build, account)
    other = PageClient(app, db.engine)
    other.sign_in(EMAIL, PASSWORD)
    client.sign_in(EMAIL, PASSWORD)
    client.fill(f"/account/factors/passkeys/{passkey.id}/remove", {})
    client.get("/home")
    assert other.raw("/home").headers["Location"].startswith("/sign-in?")
    assert verbs(db).count("remove_factor") == 1


def test_a_passkey_of_somebody_else_is_not_there(saved: Saved, client: PageClient) -> None:
    staff(saved)
    with saved as build:
        passkey = give_passkey(build, build.account(Role.COORDINATOR, email="bo@mail.example"))
    client.sign_in(EMAIL, PASSWORD)
    client.get(f"/account/factors/passkeys/{passkey.id}/remove", status=404)


def test_a_new_app_takes_the_place_of_the_old_one(saved: Saved, client: PageClient, db: Database) -> None:
    staff(saved)
    client.sign_in(EMAIL, PASSWORD)
    key = begin_app(client)
    client.fill("/account/factors/app", {"code": code_at(key=key)})
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(AppFactor)) == 1
    client.client.delete_cookie("alongside")
    client.sign_in_by_form(EMAIL, PASSWORD)
    show_code(client, code_at(steps=1), status=422)
    show_code(client, code_at(steps=1, key=key))


def test_a_mentor_is_urged_and_may_say_not_now(saved: Saved, client: PageClient, clock: time_machine.Traveller) -> None:
    staff(saved, has_app=False, role=Role.MENTOR)
    page = client.sign_in_by_form(EMAIL, PASSWORD)
    assert "Protect your account" in page.text
    assert "Protect" not in client.follow(client.fill("/home", {}, form=0)).text
    clock.shift(URGED_AGAIN)
    assert "Protect your account" in client.sign_in_by_form(EMAIL, PASSWORD).text


def test_a_mentor_with_a_factor_is_asked_for_it(saved: Saved, client: PageClient) -> None:
    staff(saved, role=Role.MENTOR)
    assert client.sign_in_by_form(EMAIL, PASSWORD).heading == "Confirm that it is you"


def test_an_administrator_resets_a_lost_factor_with_a_reason(
    saved: Saved, client: PageClient, app: Flask, db: Database
) -> None:
    staff(saved)
    with saved as build:
        give_app(build, build.account(Role.ADMINISTRATOR, email="root@mail.example"))
    lost = PageClient(app, db.engine)
    lost.sign_in(EMAIL, PASSWORD)
    client.sign_in("root@mail.example", PASSWORD)
    link = next(link for link in client.get("/accounts").links() if "reset-factors" in link)
    client.fill(link, {"why": ""}, status=422)
    client.fill(link, {"why": "Lost on the bus; I called her at the office."})
    assert lost.raw("/home").headers["Location"].startswith("/sign-in?")
    assert lost.sign_in_by_form(EMAIL, PASSWORD).heading == "Second factor"
    assert has_letter(db, "An administrator has reset")
    with db.sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "reset_factors")).one()
        opened = audit.open_entry(session, entry)
        assert opened is not None
        assert opened.why == "Lost on the bus; I called her at the office."


def test_nobody_resets_their_own_factor(saved: Saved, client: PageClient) -> None:
    staff(saved, role=Role.ADMINISTRATOR)
    client.sign_in(EMAIL, PASSWORD)
    link = next(link for link in client.get("/accounts").links() if "reset-factors" in link)
    client.fill(link, {"why": "I would like to."}, status=422)
    assert client.page is not None
    assert "Ask another administrator" in client.page.errors[0]


def test_a_sign_in_that_was_ended_meanwhile_is_not_made_whole(saved: Saved, app: Flask, db: Database) -> None:
    staff(saved)
    with app.app_context(), db.transaction() as session:
        account = session.scalars(select(Account)).one()
        operations.begin_sign_in(session, account=account, at=NOW, device="", origin="")
        session.flush()
        sign_in = session.scalars(select(SignIn)).one()
        sign_in.ended_at = NOW
        with pytest.raises(Refusal, match="signed out"):
            factors.pass_factor(session, sign_in=sign_in, by=Actor(account.person_id, sign_in.scheme_id), at=NOW)
