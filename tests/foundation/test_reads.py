"""Reading what is confidential is written down before it is shown, and is not shown where that fails."""

import uuid

import pytest
from flask import Flask, redirect
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug import Response

from accounts.rules import Role
from demo.builders import PASSWORD
from foundation import access, audit, reads
from foundation.audit import READ, AuditEntry
from foundation.db import Database, reading
from mentees.models import Mentee
from mentees.queries import list_mentees
from tests.conftest import Saved
from tests.pages import PageClient

EMAIL = "staff@mail.example"


@pytest.fixture
def mentee(saved: Saved) -> Mentee:
    """Somebody of whom a coordinator may read everything."""
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        return build.mentee(about="a secret")


@pytest.fixture
def staff(client: PageClient, mentee: Mentee) -> PageClient:
    """A coordinator who is signed in."""
    client.sign_in(EMAIL, PASSWORD)
    return client


def entries(db: Database) -> list[AuditEntry]:
    with db.sessions() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.verb == READ).order_by(AuditEntry.position)))


def test_a_page_about_a_person_writes_one_entry_that_says_who_read_what_where(
    staff: PageClient, mentee: Mentee, db: Database
) -> None:
    assert "a secret" in staff.get(f"/people/{mentee.id}").text
    (entry,) = entries(db)
    assert (entry.subject_kind, entry.subject_id) == ("mentee", mentee.id)
    assert (entry.about_person_id, entry.page) == (mentee.person_id, "mentees.person")
    assert (entry.origin, entry.changed, entry.why) == ("127.0.0.1", [], "")
    with db.sessions() as session:
        actor = session.scalars(select(AuditEntry.by_person_id).where(AuditEntry.id == entry.id)).one()
        assert actor is not None
        assert audit.verify(session) is None
    staff.get(f"/people/{mentee.id}")
    assert len(entries(db)) == 2


def test_lists_and_pages_of_level_one_write_nothing(staff: PageClient, mentee: Mentee, db: Database) -> None:
    for path in ("/people", "/volunteers", "/", f"/referrals/{mentee.id}", "/matching"):
        staff.get(path)
    assert entries(db) == []


def test_what_is_not_shown_is_not_a_reading(staff: PageClient, mentee: Mentee, db: Database) -> None:
    staff.get(f"/people/{uuid.uuid4()}", status=404)
    assert entries(db) == []


def test_a_reading_that_cannot_be_written_down_is_not_shown(
    staff: PageClient, mentee: Mentee, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError("INSERT", {}, RuntimeError("disk full"))

    monkeypatch.setattr(audit, "record_reading", fail)
    answer = staff.raw(f"/people/{mentee.id}")
    assert answer.status_code == 503
    assert b"a secret" not in answer.data
    assert entries(db) == []


@pytest.fixture
def planted(own_app: Flask) -> Flask:
    """A portal with pages that read in unusual ways."""

    @access.public
    def column() -> str:
        return str(reading().scalars(select(Mentee.about)).one())

    @access.public
    def lazily() -> str:
        return reading().scalars(select(Mentee)).one().about

    @access.public
    def leading_on() -> Response:
        return redirect(f"/{len(reading().scalars(select(Mentee)).one().about)}")

    for view in (column, lazily, leading_on):
        own_app.add_url_rule(f"/planted/{view.__name__}", endpoint=f"planted.{view.__name__}", view_func=view)
    return own_app


@pytest.mark.parametrize(("name", "count"), [("column", 1), ("lazily", 1), ("leading_on", 0)])
def test_whatever_way_a_page_reads_it_is_seen(planted: Flask, mentee: Mentee, name: str, count: int) -> None:
    db = planted.extensions["database"]
    planted.test_client().get(f"/planted/{name}")
    found = entries(db)
    assert [entry.page for entry in found] == [f"planted.{name}"] * count
    assert {entry.about_person_id for entry in found} <= {mentee.person_id}


def test_what_a_list_query_gives_holds_nothing_that_counts_as_read(saved: Saved, app: Flask) -> None:
    with saved as build:
        build.mentee(about="a secret")
        with reads._watching() as opened:
            assert len(list_mentees(build.session, build.portal()).rows) == 1
        assert opened == {}
