"""What was typed when a sign-in ended comes back filled, for its sender alone."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from accounts.models import SignIn
from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation import clock as now
from foundation import kept_forms
from foundation.audit import READ, AuditEntry
from foundation.db import Database, OnlyShown, show_only, transaction
from foundation.kept_forms import KEPT_LASTS, MOST_KEPT, MOST_KEPT_BYTES, KeptForm, Typed, is_secret
from mentees.models import Mentee
from mentors.rules import Stage
from tests.accounts.factoring import give_app, walk_in
from tests.conftest import NOW, Saved
from tests.mentees.test_pages import REFERRAL
from tests.pages import Page, PageClient
from tests.training.test_pages import minutes, presence

ADA, BEN = "ada@mail.example", "ben@mail.example"
REFER = "/referrals/new"
A_LONG_BREAK = timedelta(hours=2)
STILL_HERE = "What you typed is still here"


def staff(build: Builder) -> None:
    give_app(build, build.account(Role.COORDINATOR, email=ADA, name="Ada Okafor"))
    give_app(build, build.account(Role.COORDINATOR, email=BEN, name="Ben Lunt"))


def send_too_late(
    client: PageClient, clock: time_machine.Traveller, path: str, typed: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """Fill in a form, take a long break, and send it; give what was sent and where it leads."""
    sent = {**client.get(path).form(), **typed}
    clock.shift(A_LONG_BREAK)
    return sent, client.send(path, sent).headers["Location"]


def sign_in_at(client: PageClient, location: str, email: str) -> Page:
    """Sign in on the page that somebody was led to, and follow."""
    return walk_in(client, location, email, at=now.now())


def kept_count(db: Database) -> int:
    with db.sessions() as session:
        return session.scalar(select(func.count()).select_from(KeptForm)) or 0


def same(one: object, other: object) -> bool:
    """Whether a browser would send the same, whether it is written as one value or as a list of one."""
    return (one if isinstance(one, list) else [one]) == (other if isinstance(other, list) else [other])


def forms_to_lose(build: Builder) -> dict[str, dict[str, Any]]:
    """Forms of many kinds, each with what somebody types."""
    course = build.course("Boundaries")
    first, second = (build.volunteer(Stage.TRAINING) for _ in range(2))
    applied = build.volunteer()
    match = build.match()
    sheet = {
        "course": str(course.id),
        "duration_minutes": "900",
        presence(first): "absent",
        minutes(second): "forty",
    }
    return {
        REFER: {**REFERRAL, "release_on": ["31", "2", "2027"]},
        "/training/evenings/new": sheet,
        f"/volunteers/{applied.id}/move": {"why": "Met <b>on</b> Monday & wrote “yes”.\nSecond line"},
        f"/matches/{match.id}/meetings/new": {"minutes": "other", "other_minutes": "70", "note": "Cooked."},
        f"/people/{match.mentee_id}/exclusion-areas/new": {"place": "L1 1AA"},
    }


def test_what_was_typed_comes_back_on_forms_of_every_kind(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
        forms = forms_to_lose(build)
    client.sign_in(ADA, PASSWORD)
    for path, typed in forms.items():
        sent, location = send_too_late(client, clock, path, typed)
        with db.sessions() as session:
            before = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.verb != READ))
        page = sign_in_at(client, location, ADA)
        assert STILL_HERE in page.text, path
        assert page.errors == []
        shown = page.form()
        for name, value in sent.items():
            if name in shown and name != "csrf_token":
                assert same(shown[name], value), (path, name)
        assert {name for name in typed if name not in shown} == set(), path
        with db.sessions() as session:
            # Signing in and showing the second factor are all that was carried out, beside what was read.
            done = AuditEntry.verb != READ
            assert session.scalar(select(func.count()).select_from(AuditEntry).where(done)) == (before or 0) + 2


def test_a_form_that_came_back_is_sent_and_carried_out_once(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    _sent, location = send_too_late(client, clock, REFER, REFERRAL)
    page = sign_in_at(client, location, ADA)
    again = parse_qs(urlsplit(location).query)["next"][0]
    values = page.form()
    for _ in range(2):
        client.send(again, values)
    assert kept_count(db) == 0
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Mentee)) == 1


def test_opening_a_kept_form_changes_nothing_and_can_be_repeated(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    _sent, location = send_too_late(client, clock, REFER, REFERRAL)
    again = parse_qs(urlsplit(location).query)["next"][0]
    sign_in_at(client, location, ADA)
    for _ in range(2):
        assert client.get(again).form()["name"] == REFERRAL["name"]
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Mentee)) == 0


def test_somebody_else_who_signs_in_there_never_sees_it(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    _sent, location = send_too_late(client, clock, REFER, REFERRAL)
    page = sign_in_at(client, location, BEN)
    assert STILL_HERE not in page.text
    assert page.form()["name"] == ""
    client.send(parse_qs(urlsplit(location).query)["next"][0], page.form(), status=422)
    assert kept_count(db) == 1, "sending a form of their own does not take away what is not theirs"


def test_it_is_gone_after_half_an_hour_and_the_worker_removes_it(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller, app: Flask
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    _sent, location = send_too_late(client, clock, REFER, REFERRAL)
    clock.shift(KEPT_LASTS - timedelta(seconds=1))
    app.extensions["queue"].run_sweeps()
    assert kept_count(db) == 1
    clock.shift(timedelta(seconds=1))
    page = sign_in_at(client, location, ADA)
    assert page.form()["name"] == ""
    assert "is gone now" in page.text
    app.extensions["queue"].run_sweeps()
    assert kept_count(db) == 0


def test_a_form_from_nobody_known_is_not_kept_and_the_page_says_so(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        staff(build)
    page = client.follow(client.send(REFER, REFERRAL))
    assert page.heading == "Sign in"
    assert "could not be kept" in page.text
    assert kept_count(db) == 0


def test_a_form_that_another_site_sends_is_not_kept(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    clock.shift(A_LONG_BREAK)
    client.client.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    client.send(REFER, REFERRAL)
    assert kept_count(db) == 0


def test_a_form_whose_mark_against_forgery_ended_too_is_kept(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    _sent, location = send_too_late(client, clock, REFER, {**REFERRAL, "csrf_token": "lapsed"})
    assert sign_in_at(client, location, ADA).form()["name"] == REFERRAL["name"]


def test_a_page_in_another_window_can_still_be_sent_after_the_same_person_signed_in_again(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    open_page = {**client.get(REFER).form(), **REFERRAL}
    clock.shift(A_LONG_BREAK)
    sign_in_at(client, "/sign-in", ADA)
    client.send(REFER, open_page)
    open_page = {**client.get(REFER).form(), **REFERRAL}
    clock.shift(A_LONG_BREAK)
    sign_in_at(client, "/sign-in", BEN)
    client.send(REFER, open_page, status=400)


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "csrf_token", "carried_token", "code", "recovery-code", "totp_code", "passcode"],
)
def test_a_field_with_a_secret_is_never_kept(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["postcode", "home_postcode", "name", "decoded", "key", "why"])
def test_other_fields_are_kept(name: str) -> None:
    assert not is_secret(name)


def test_nothing_that_was_typed_stands_readable_in_the_database(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    send_too_late(client, clock, REFER, REFERRAL)
    with db.sessions() as session:
        row = session.scalars(select(KeptForm)).one()
    assert b"Sam Doe" not in row.sealed
    assert b"referrals" not in row.sealed


def test_a_sealed_form_opens_for_its_own_row_and_account_alone(saved: Saved, app: Flask, db: Database) -> None:
    typed = Typed("/x", (("a", "b"), ("a", "c")), had_files=False)
    with saved as build:
        owner, other = build.account().id, build.account().id
        row = kept_forms.keep(build.session, owner_id=owner, typed=typed, at=NOW)
        assert row is not None
        assert kept_forms.unseal(row) == typed
        assert kept_forms.unseal(KeptForm(id=row.id, owner_id=other, sealed=row.sealed)) is None
        assert kept_forms.unseal(KeptForm(owner_id=owner, sealed=row.sealed)) is None


def test_few_forms_are_kept_and_none_that_is_too_large(saved: Saved, app: Flask, db: Database) -> None:
    with saved as build:
        owner = build.account().id
        for number in range(MOST_KEPT + 2):
            typed = Typed(f"/{number}", (), had_files=False)
            kept_forms.keep(build.session, owner_id=owner, typed=typed, at=NOW + timedelta(seconds=number))
            build.session.flush()
        large = Typed("/", (("a", "x" * MOST_KEPT_BYTES),), had_files=False)
        assert kept_forms.keep(build.session, owner_id=owner, typed=large, at=NOW) is None
    with db.sessions() as session, app.app_context():
        rows = session.scalars(select(KeptForm).order_by(KeptForm.kept_at)).all()
        assert [found.path for row in rows if (found := kept_forms.unseal(row))] == ["/2", "/3", "/4", "/5", "/6"]


@pytest.mark.parametrize("kept", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_address_that_names_nothing_kept_shows_the_page_alone(saved: Saved, client: PageClient, kept: str) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    page = client.get(f"{REFER}?kept={kept}")
    assert page.heading == client.get(REFER).heading
    client.get(f"/sign-out?kept={kept}")


def test_a_view_that_would_carry_a_kept_form_out_cannot(app: Flask, saved: Saved) -> None:
    with app.test_request_context("/"):
        show_only()
        with pytest.raises(OnlyShown), transaction():
            raise AssertionError


def test_a_sign_in_that_ran_out_long_ago_names_nobody(
    saved: Saved, client: PageClient, db: Database, clock: time_machine.Traveller
) -> None:
    with saved as build:
        staff(build)
    client.sign_in(ADA, PASSWORD)
    clock.shift(timedelta(days=2))
    client.send(REFER, REFERRAL)
    assert kept_count(db) == 0
    with db.sessions() as session:
        assert session.scalars(select(SignIn)).one().ended_at is None
