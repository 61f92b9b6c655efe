"""The administrator's page of the audit trail: filtered, in pages, and without anybody's words."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from accounts import policy
from accounts.policy import OPEN_REASONS, Actor
from accounts.rules import Role
from app import METADATA
from demo.builders import PASSWORD
from foundation import audit
from foundation.db import Database
from mentees.models import Mentee
from tests.conftest import NOW, Saved
from tests.foundation.test_audit import tamper
from tests.pages import Page, PageClient
from tests.reports.rows import course, day, evening

EMAIL = "admin@mail.example"


@pytest.fixture
def mentee(saved: Saved) -> Mentee:
    """Somebody whom the trail tells of, and an administrator who may read it."""
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=EMAIL, name="Ada Admin")
        return build.mentee(name="Sam Doe", about="a secret")


@pytest.fixture
def admin(client: PageClient, mentee: Mentee) -> PageClient:
    """An administrator who is signed in."""
    client.sign_in(EMAIL, PASSWORD)
    return client


def rows(page: Page) -> list[str]:
    return [" ".join("".join(row.itertext()).split()) for row in page.tree.findall(".//main//tbody/tr")]


def note(db: Database, mentee: Mentee, count: int, *, verb: str = "describe", days: int = 0) -> None:
    """Let the portal do something to somebody's record, some days ago."""
    by = Actor(None, mentee.scheme_id, origin="job")
    with db.transaction() as session:
        found = session.get_one(Mentee, mentee.id)
        for number in range(count):
            found.about = f"{verb} {number}"
            audit.record(session, by=by, at=NOW - timedelta(days=days), verb=verb, subject=found, why="A reason.")
            session.flush()


def test_the_page_tells_who_did_what_and_neither_names_nor_words_of_those_it_is_about(
    admin: PageClient, mentee: Mentee, db: Database
) -> None:
    note(db, mentee, 1)
    page = admin.get("/audit")
    assert "The chain holds" in page.text
    first = rows(page)[0]
    assert "describe" in first
    assert f"{mentee.person_id.hex[:8]}" in first
    assert "(under the key of the person)" in first
    assert [word for word in ("Sam Doe", "secret", "A reason.") if word in page.text] == []
    assert len(page.statements) <= 12


def test_entries_are_found_by_who_what_record_time_and_person(admin: PageClient, mentee: Mentee, db: Database) -> None:
    note(db, mentee, 2, days=10)
    assert len(rows(admin.get("/audit?verb=describe"))) == 2
    assert len(rows(admin.get("/audit?verb=describe&kind=mentee&days=30"))) == 2
    assert rows(admin.get("/audit?verb=describe&days=7")) == []
    assert rows(admin.get("/audit?verb=describe&kind=scheme")) == []
    assert rows(admin.get("/audit?verb=describe&name=Ada")) == []
    made = rows(admin.get("/audit?kind=account"))
    assert len(made) > 0
    assert rows(admin.get("/audit?kind=account&name=ada adm")) == []
    about = admin.get(f"/audit?about={mentee.person_id}&days=all")
    assert "Only entries about one person" in about.text
    assert len(rows(about)) == len([row for row in rows(about) if mentee.person_id.hex[:8] in row]) > 2
    assert rows(admin.get(f"/audit?about={uuid.uuid4()}")) == []
    assert "No entry fits" in admin.get("/audit?name=nobody").text


def test_the_pages_are_50_entries_long_and_keep_the_filter(admin: PageClient, mentee: Mentee, db: Database) -> None:
    note(db, mentee, 120)
    page = admin.get("/audit?verb=describe&page=2")
    assert len(rows(page)) == 50
    assert "Page 2 of 3" in page.text
    assert "120 entries, newest first" in page.text
    assert any("page=3" in link and "verb=describe" in link for link in page.links())
    assert len(rows(admin.get("/audit?verb=describe&page=99"))) == 20
    for nonsense in ("0", "-1", "two", "9" * 30, ""):
        assert len(rows(admin.get(f"/audit?verb=describe&page={nonsense}"))) == 50


@pytest.mark.parametrize("asked", ["verb=nonsense", "days=5", "kind=%00", "name=" + "x" * 101])
def test_what_was_not_offered_is_refused(admin: PageClient, asked: str) -> None:
    admin.get(f"/audit?{asked}", status=422)


def test_a_person_that_is_none_is_left_out(admin: PageClient) -> None:
    assert "Only entries about" not in admin.get("/audit?about=x").text


def test_readings_are_marked_and_name_their_page(
    app: Flask, admin: PageClient, mentee: Mentee, db: Database, clock: time_machine.Traveller
) -> None:
    with db.transaction() as session:
        audit.record_reading(
            session,
            by=Actor(None, mentee.scheme_id),
            at=NOW,
            page="mentees.person",
            subject_kind="mentee",
            subject_id=mentee.id,
            person_id=mentee.person_id,
        )
    (row,) = rows(admin.get("/audit?verb=read"))
    assert "mentees.person" in row


def test_what_was_done_is_told_in_words_and_keeps_its_code(admin: PageClient) -> None:
    page = admin.get("/audit?kind=sign_in")
    assert "Signed in Sign-in begin_sign_in · sign_in" in " ".join(rows(page))
    choices = [option.text or "" for option in page.tree.findall(".//select[@name='verb']/option")]
    assert choices[0] == "Everything"
    assert choices[1:] == sorted(choices[1:], key=str.casefold)
    assert "Signed in" in choices


def test_another_scheme_is_not_seen(admin: PageClient, saved: Saved) -> None:
    with saved as build:
        build.mentee(slug="turin")
    before = len(rows(admin.get("/audit?verb=refer")))
    with saved as build:
        build.mentee(slug="turin")
    assert len(rows(admin.get("/audit?verb=refer"))) == before


def test_a_chain_that_fails_is_told_where(admin: PageClient, db: Database) -> None:
    tamper(db.engine, "UPDATE audit_entry SET verb = 'x' WHERE position = 2")
    assert "At entry 2" in admin.get("/audit").text


WITHDRAWN, ASKED = "Lee came drunk.", "The probation office asked for it."


def test_the_reasons_of_only_these_kinds_of_records_are_read_in_the_trail() -> None:
    open_kinds = {name for name in METADATA.tables if policy.may_read_reason(name)}
    assert open_kinds == {
        "account",
        "agency",
        "break_glass",
        "invitation",
        "role_grant",
        "rule_set",
        "scheme",
        "sign_in",
    }


def reasons_read(admin: PageClient, saved: Saved) -> set[str]:
    """Tell which of two reasons the page shows: why an evening was taken back, and why an agency was set up."""
    with saved as build:
        held = evening(build, course(build), day(-1))
        for subject, why in ((held, WITHDRAWN), (build.agency("Probation"), ASKED)):
            audit.record(build.session, by=build.portal(), at=NOW, verb="change", subject=subject, why=why)
    text = admin.get("/audit?verb=change").text
    assert "training_event" in text
    return {why for why in (WITHDRAWN, ASKED) if why in text}


def test_the_reason_of_what_was_done_to_a_record_with_people_in_it_is_not_shown(
    admin: PageClient, saved: Saved
) -> None:
    assert reasons_read(admin, saved) == {ASKED}


def test_a_kind_of_record_too_many_whose_reasons_are_open_is_found_on_the_page(
    admin: PageClient, saved: Saved, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "may_read_reason", lambda kind: kind in OPEN_REASONS | {"training_event"})
    assert reasons_read(admin, saved) == {ASKED, WITHDRAWN}
