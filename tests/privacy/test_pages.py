"""The pages of privacy work, as a coordinator, an administrator and a stranger use them."""

import csv
import io
import json
import uuid
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.models import Person
from accounts.rules import Role
from demo.builders import PASSWORD
from foundation.audit import AuditEntry
from foundation.backup import aside, making, marking, restoring
from foundation.db import Base, Database
from foundation.settings import Settings
from mentees.rules import Ban
from mentors.models import Volunteer
from mentors.rules import Stage
from privacy import jobs
from privacy.gathering import Bundle, gather_bundle
from privacy.models import Complaint, Erasure, RetentionRun, SubjectRequest
from privacy.rules import WithheldWhy, pseudonym_of
from tests.conftest import NOW, Saved
from tests.pages import PageClient, parse
from tests.privacy.canaries import EMAIL, MARK, live

STAFF, SECOND, STRANGER = "staff@mail.example", "second@mail.example", "lead@mail.example"


def day(field: str, value: date) -> dict[str, Any]:
    """A day as it is typed."""
    return {field: [str(value.day), str(value.month), str(value.year)]}


@pytest.fixture
def person_id(saved: Saved) -> uuid.UUID:
    """Somebody with a row in every table, and staff of three kinds."""
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF)
        build.account(Role.ADMINISTRATOR, email=SECOND)
        build.account(Role.TRAINING_LEAD, email=STRANGER)
        return live(build).id


def one(db: Database, model: type[Base]) -> Base:
    """The newest row of a table."""
    with db.sessions() as session:
        return session.scalars(select(model)).all()[-1]


def test_a_request_is_found_logged_answered_and_closed(client: PageClient, db: Database, person_id: uuid.UUID) -> None:
    client.sign_in(STAFF, PASSWORD)
    assert f"/data-protection/people/{person_id}" in client.get(f"/data-protection/people?text={MARK}").links()
    path = f"/data-protection/people/{person_id}/requests/new"
    assert client.fill(path, {}, status=422).status_code == 422
    client.fill(path, {**day("received_on", NOW.date() + timedelta(days=1)), "identity": "known"}, status=422)
    client.follow(client.fill(path, {**day("received_on", NOW.date()), "identity": "known"}))
    with db.sessions() as session:
        asked = session.scalars(select(SubjectRequest).where(SubjectRequest.delivered_on.is_(None))).one()
    page = client.get(f"/data-protection/requests/{asked.id}")
    assert "16 December 2026 30 days left" in page.text
    here = f"/data-protection/requests/{asked.id}"
    client.fill(f"{here}/delivery", day("delivered_on", NOW.date()), status=422)
    client.fill(f"{here}/extension", {"why": "It is a great deal."})
    assert "16 February 2027" in client.get(here).text
    client.fill(f"{here}/extension", {"why": "Again."}, status=422)
    answer = client.fill(f"{here}/copy", {}, status=200)
    assert answer.headers["Cache-Control"] == "no-store"
    client.fill(f"{here}/delivery", day("delivered_on", NOW.date()))
    assert "Delivered" in client.get("/data-protection").text
    with db.sessions() as session:
        verbs = list(session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == asked.id)))
    assert verbs == ["log_request", "extend_request", "produce_bundle", "deliver_request"]


def make_copy(client: PageClient, db: Database, person_id: uuid.UUID) -> zipfile.ZipFile:
    """Log a request and make the copy."""
    client.sign_in(STAFF, PASSWORD)
    path = f"/data-protection/people/{person_id}/requests/new"
    client.fill(path, {**day("received_on", NOW.date()), "identity": "document"})
    with db.sessions() as session:
        asked = session.scalars(select(SubjectRequest).where(SubjectRequest.delivered_on.is_(None))).one()
    answer = client.fill(f"/data-protection/requests/{asked.id}/copy", {}, status=200)
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_the_copy_holds_a_page_and_tables_and_names_what_it_leaves_out(
    client: PageClient, db: Database, person_id: uuid.UUID
) -> None:
    packed = make_copy(client, db, person_id)
    page = packed.read("index.html").decode()
    parse(page.replace("{#", ""))
    assert EMAIL in page
    assert "What was talked about." in page
    assert "About the other person alone." not in page
    assert "given to us in confidence" in page
    assert "src=" not in page
    data = json.loads(packed.read("data.json"))
    assert data["tables"]["person"][0]["email"] == EMAIL
    assert "risk_of_harm" in {part["table"] for part in data["withheld"]}
    rows = list(csv.DictReader(io.StringIO(packed.read("tables/meeting.csv").decode("utf-8-sig"))))
    assert sorted(row["note"] for row in rows) == ["", "What was talked about."]
    assert {"index.html", "data.json"} < set(packed.namelist())


def bundle_of(db: Database, person_id: uuid.UUID) -> Bundle:
    with db.sessions() as session:
        person = session.get_one(Person, person_id)
        scheme_id = session.scalars(select(SubjectRequest.scheme_id)).first()
        return gather_bundle(session, person, scheme_id=scheme_id)


def test_nothing_that_was_given_in_confidence_or_is_secret_is_in_a_copy(db: Database, person_id: uuid.UUID) -> None:
    bundle = bundle_of(db, person_id)
    given = {f"{section.table}.{column}" for section in bundle.sections for column in section.columns}
    assert not {name for name in given if "hash" in name or "token" in name or name.endswith((".id", "_id"))}
    assert not given & {"risk_of_harm.level", "contact_ban.name", "letter.body", "legal_hold.why"}
    withheld = {(part.table, part.why) for part in bundle.withheld}
    assert {
        ("risk_of_harm", WithheldWhy.IN_CONFIDENCE),
        ("meeting", WithheldWhy.SOMEBODY_ELSE),
        ("audit_entry", WithheldWhy.TRAIL),
    } <= withheld


def test_a_copy_says_nothing_of_a_ban_that_only_mentions_the_person(db: Database, saved: Saved) -> None:
    with saved as build:
        banned = build.volunteer(Stage.SCREENING, name="Bob Banned").person
        build.mentee(bans=(Ban("Bob Banned", "A reason"),))
    with db.sessions() as session:
        bundle = gather_bundle(session, session.get_one(Person, banned.id), scheme_id=None)
    assert "contact_ban" not in {section.table for section in bundle.sections}
    assert "contact_ban" not in {part.table for part in bundle.withheld}


def test_a_copy_holds_only_what_the_scheme_that_was_asked_has(db: Database, saved: Saved) -> None:
    with saved as build:
        here, there = build.volunteer(why="Here."), build.volunteer(slug="turin", why="There.")
        there.person_id = here.person_id
    with db.sessions() as session:
        bundle = gather_bundle(session, session.get_one(Person, here.person_id), scheme_id=here.scheme_id)
    [volunteers] = [section for section in bundle.sections if section.table == "volunteer"]
    assert [row[volunteers.columns.index("why")] for row in volunteers.rows] == ["Here."]


def test_one_asks_and_another_confirms_and_the_pages_say_so(
    app: Flask, client: PageClient, db: Database, person_id: uuid.UUID
) -> None:
    client.sign_in(STAFF, PASSWORD)
    client.fill(f"/data-protection/people/{person_id}/erasure", {"why": "the person asked"})
    here = f"/data-protection/erasures/{one(db, Erasure).id}"
    assert "A second person has to confirm this" in client.get(here).text
    client.sign_in(SECOND, PASSWORD)
    client.fill(here, {}, status=422)
    client.fill(here, {"is_sure": "y"})
    assert "clearing the last traces" in client.get(here).text
    with app.app_context():
        jobs.finish_erasures()
    page = client.get(here)
    assert "Nothing is left" in page.text
    assert pseudonym_of(person_id) in page.text


def test_an_erasure_can_be_withdrawn(client: PageClient, db: Database, person_id: uuid.UUID) -> None:
    client.sign_in(STAFF, PASSWORD)
    client.fill(f"/data-protection/people/{person_id}/erasure", {"why": "the person asked"})
    client.fill(f"/data-protection/erasures/{one(db, Erasure).id}/withdrawal", {})
    assert "Withdrawn" in client.get("/data-protection").text


def test_a_hold_is_set_shown_and_lifted(client: PageClient, db: Database, person_id: uuid.UUID) -> None:
    client.sign_in(STAFF, PASSWORD)
    here = f"/data-protection/people/{person_id}"
    client.fill(f"{here}/hold", {"why": ""}, status=422)
    page = client.follow(client.fill(f"{here}/hold", {"why": "Claim 7 at the county court."}))
    assert "A legal hold is set" in page.text
    client.fill(f"{here}/erasure", {"why": "the person asked"}, status=422)
    [lifting] = [link for link in page.links() if link.endswith("/lifting")]
    assert "A legal hold is set" not in client.follow(client.fill(lifting, {})).text


def test_a_complaint_is_logged_acknowledged_and_answered(
    client: PageClient, db: Database, person_id: uuid.UUID
) -> None:
    client.sign_in(STAFF, PASSWORD)
    typed = {"complainant": "Bea", "about": "data", "what": "Too slow.", **day("received_on", NOW.date())}
    client.fill("/data-protection/complaints/new", {"what": "Too slow."}, status=422)
    page = client.follow(client.fill("/data-protection/complaints/new", typed))
    assert "Tell them by 15 December 2026 29 days left" in page.text
    with db.sessions() as session:
        complaint = next(row for row in session.scalars(select(Complaint)) if row.complainant == "Bea")
    here = f"/data-protection/complaints/{complaint.id}"
    client.fill(f"{here}/acknowledgement", day("on", NOW.date() - timedelta(days=1)), status=422)
    client.fill(f"{here}/acknowledgement", day("on", NOW.date()))
    assert "ico.org.uk" in client.get(f"{here}/answer").text
    client.fill(f"{here}/answer", {"outcome": "upheld", "answer": "Sorry.", **day("on", NOW.date())})
    assert "Upheld" in client.get("/data-protection/complaints").text
    client.fill(f"{here}/answer", {"outcome": "upheld", "answer": "Sorry.", **day("on", NOW.date())}, status=422)


def test_an_administrator_is_warned_of_data_that_a_restore_has_set_aside(
    client: PageClient, person_id: uuid.UUID, app: Flask, db: Database, settings: Settings, tmp_path: Path
) -> None:
    client.sign_in(SECOND, PASSWORD)
    assert "aside" not in client.get("/data-protection").text
    settings = replace(settings, backup_key="an invented backup key that is long enough")
    app.config["SETTINGS"] = settings
    path = making.create(db.engine, settings, tmp_path / "backups", NOW)
    restoring.restore(db.engine, settings, path, replace=True, at=NOW)
    marking.clear(db)
    assert "A backup was put back on 16 November 2026, 10:00." in client.get("/data-protection").text
    aside.discard(db.engine, settings)
    assert "aside" not in client.get("/data-protection").text


def test_an_administrator_sees_numbers_and_no_complaint(client: PageClient, person_id: uuid.UUID) -> None:
    client.sign_in(SECOND, PASSWORD)
    assert "Requests for a copy" not in client.get("/data-protection").text
    for path in ("/complaints", "/people", f"/people/{person_id}", f"/people/{person_id}/erasure"):
        client.get(f"/data-protection{path}", status=403)


def test_nobody_else_does_privacy_work(client: PageClient, person_id: uuid.UUID) -> None:
    client.sign_in(STRANGER, PASSWORD)
    for path in ("", "/retention", "/complaints", "/people"):
        client.get(f"/data-protection{path}", status=403)


def test_the_notice_stands_open_and_names_who_watches(client: PageClient, saved: Saved) -> None:
    with saved as build:
        build.scheme()
    page = client.get("/privacy")
    assert "Information Commissioner's Office" in page.text
    assert "6 years after" in page.text
    with saved as build:
        build.scheme("turin", country="IT", time_zone="Europe/Rome")
    assert client.get("/privacy").links() == ["/privacy/knowsley", "/privacy/turin"]
    assert "Garante" in client.get("/privacy/turin").text
    assert "/privacy/turin" in client.get("/apply/turin").links()
    client.get("/privacy/nowhere", status=404)


def test_what_is_too_old_goes_when_a_second_person_says_so(
    client: PageClient, db: Database, saved: Saved, person_id: uuid.UUID, clock: time_machine.Traveller
) -> None:
    with saved as build:
        volunteer = build.session.scalars(select(Volunteer).where(Volunteer.person_id == person_id)).one()
        build.move(volunteer, Stage.LEFT)
    clock.move_to(datetime(2032, 11, 20, 10, tzinfo=NOW.tzinfo), tick=False)
    client.sign_in(STAFF, PASSWORD)
    page = client.follow(client.fill("/data-protection/retention", {}))
    assert f"{MARK} Ada" in page.text
    assert "somebody else than who made the preview" in page.text
    here = f"/data-protection/retention/{one(db, RetentionRun).id}"
    client.sign_in(SECOND, PASSWORD)
    page = client.get(here)
    assert MARK not in page.text
    client.fill(here, {"is_sure": "y"})
    assert "Carried out" in client.get(here).text
    with db.sessions() as session:
        assert session.get_one(Person, person_id).name == pseudonym_of(person_id)
