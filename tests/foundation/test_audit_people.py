"""What the trail says of people lies under a key of theirs, which can be destroyed while the chain stays whole."""

import json
import uuid

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError

from accounts.models import Person
from accounts.policy import Actor
from demo.builders import Builder
from foundation import audit, roles
from foundation.audit import AuditEntry, PersonKey, anchors
from foundation.db import Database
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import Ban, CaseStage
from tests.conftest import NOW, Saved
from tests.foundation.test_audit import disarm

BY = Actor(None, None, origin="test")


@pytest.fixture
def mentee_id(saved: Saved) -> uuid.UUID:
    """Somebody of whom the trail tells already."""
    with saved as build:
        return build.mentee(name="Sam Doe", about="a secret").id


def change(db: Database, mentee_id: uuid.UUID, about: str, why: str = "") -> uuid.UUID:
    """Change something personal, and give the id of the entry."""
    with db.transaction() as session:
        mentee = session.get_one(Mentee, mentee_id)
        mentee.about = about
        return audit.record(session, by=BY, at=NOW, verb="describe", subject=mentee, why=why).id


def test_before_after_and_why_are_kept_under_the_key_of_the_person(db: Database, mentee_id: uuid.UUID) -> None:
    entry_id = change(db, mentee_id, "another secret", "They asked for it.")
    with db.sessions() as session:
        entry = session.get_one(AuditEntry, entry_id)
        shown = json.dumps([entry.before, entry.after, entry.why])
        assert "secret" not in shown
        assert "asked" not in shown
        assert (entry.changed, entry.is_why_sealed) == (["about"], True)
        assert entry.about_person_id == session.get_one(Mentee, mentee_id).person_id
        opened = audit.open_entry(session, entry)
    assert opened is not None
    assert (opened.before, opened.after) == ({"about": "a secret"}, {"about": "another secret"})
    assert opened.why == "They asked for it."


def test_every_record_about_somebody_is_about_the_same_person(build: Builder) -> None:
    mentee = build.mentee(CaseStage.REFERRED, bans=(Ban("Kim Lee", "licence"),))
    mentees.move_case(build.session, mentee=mentee, to=CaseStage.WAITING, why="Fits.", by=build.portal(), at=NOW)
    entries = build.session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    about = {entry.subject_kind: entry.about_person_id for entry in entries}
    assert about["mentee"] == about["risk_of_harm"] == about["contact_ban"] == mentee.person_id
    assert about["scheme"] is None
    opened = [audit.open_entry(build.session, entry) for entry in entries if entry.subject_kind == "contact_ban"]
    assert opened[0] is not None
    assert (opened[0].after["name"], opened[0].after["why"]) == ("Kim Lee", "licence")


def test_a_secret_is_kept_nowhere_in_the_trail_not_even_sealed(saved: Saved, db: Database) -> None:
    with saved as build:
        build.account(email="ada@mail.example")
    with db.sessions() as session:
        for entry in session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "account")):
            opened = audit.open_entry(session, entry)
            assert opened is not None
            assert opened.after.get("password_hash") in {None, audit.HIDDEN}


def test_destroying_the_key_makes_it_unreadable_and_leaves_the_chain_whole(db: Database, mentee_id: uuid.UUID) -> None:
    entry_id = change(db, mentee_id, "another secret", "They asked.")
    with db.transaction() as session:
        person_id = session.get_one(Mentee, mentee_id).person_id
        audit.destroy_person_key(session, person_id=person_id, by=BY, at=NOW)
    later = change(db, mentee_id, "a third secret", "They asked again.")
    with db.sessions() as session:
        assert audit.open_entry(session, session.get_one(AuditEntry, entry_id)) is None
        entry = session.get_one(AuditEntry, later)
        assert (entry.after["about"], entry.why) == (audit.HIDDEN, audit.HIDDEN)
        assert "(sealed)" not in entry.after
        key = session.get_one(PersonKey, person_id)
        assert (key.key, key.destroyed_at) == (None, NOW)
        verbs = select(AuditEntry.verb).order_by(AuditEntry.position.desc()).limit(2)
        assert list(session.scalars(verbs)) == ["describe", "destroy_person_key"]
        assert audit.verify(session) is None


def test_a_person_without_a_key_can_lose_it_too(db: Database) -> None:
    with db.transaction() as session:
        session.add(person := Person(name="Late", changed_at=NOW))
    with db.transaction() as session:
        audit.destroy_person_key(session, person_id=person.id, by=BY, at=NOW)
    with db.transaction() as session:
        found = session.get_one(Person, person.id)
        found.name = "Later"
        entry = audit.record(session, by=BY, at=NOW, verb="rename", subject=found)
        assert "(sealed)" not in entry.after


def test_what_was_sealed_for_one_entry_does_not_open_in_another(db: Database, mentee_id: uuid.UUID) -> None:
    first, second = change(db, mentee_id, "one"), change(db, mentee_id, "two")
    with db.transaction() as session:
        disarm(session.connection())
        sealed = session.get_one(AuditEntry, first).after
        session.get_one(AuditEntry, second).after = sealed
    with db.sessions() as session:
        opened = audit.open_entry(session, session.get_one(AuditEntry, second))
        assert opened is not None
        assert opened.after == {"about": audit.HIDDEN}
        assert audit.verify(session) is not None


@pytest.mark.parametrize("change_to", ["NULL", "subject_id"])
def test_an_entry_that_is_hidden_from_the_search_for_a_person_is_found(
    db: Database, mentee_id: uuid.UUID, change_to: str
) -> None:
    entry_id = change(db, mentee_id, "one")
    with db.transaction() as session:
        disarm(session.connection())
        position = session.get_one(AuditEntry, entry_id).position
        session.execute(text(f"UPDATE audit_entry SET about_person_id = {change_to} WHERE position = {position}"))
    with db.sessions() as session:
        found = audit.verify(session)
        assert found is not None
        assert found.position == position


def test_two_changes_in_one_transaction_share_a_key(db: Database, mentee_id: uuid.UUID) -> None:
    with db.sessions() as session:
        before = session.query(PersonKey).count()
    change(db, mentee_id, "x")
    with db.sessions() as session:
        assert session.query(PersonKey).count() == before


def test_a_whole_new_chain_does_not_fit_the_anchors(app: Flask, db: Database, mentee_id: uuid.UUID) -> None:
    runner = app.test_cli_runner()
    file = app.config["SETTINGS"].anchors_file
    file.unlink(missing_ok=True)
    for number in range(3):
        change(db, mentee_id, f"{number}")
        assert runner.invoke(args=["audit", "anchor"]).exit_code == 0
    kept = audit.AnchorFile(file).read()
    assert len(kept) == 3
    assert runner.invoke(args=["audit", "verify", "--anchors", str(file)]).output.endswith("All 3 anchors fit.\n")
    forge(db.engine, kept[1].position)
    with db.sessions() as session:
        assert audit.verify(session) is None
        found = audit.compare_anchors(session, kept)
    assert found is not None
    assert found.position == kept[1].position
    refused = runner.invoke(args=["audit", "verify", "--anchors", str(file)])
    assert refused.exit_code != 0
    assert f"anchor of entry {kept[1].position} does not fit" in refused.output


def forge(engine: Engine, position: int) -> None:
    """Rewrite an entry and everything after it with fitting hashes, as somebody with all rights could."""
    database = Database(engine.url.render_as_string(hide_password=False))
    with database.transaction() as session:
        disarm(session.connection())
        previous = None
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.position)):
            if entry.position == position:
                entry.verb = "forged"
            entry.previous_hash = previous or entry.previous_hash
            entry.hash = previous = audit.hash_of(entry)
        session.query(audit.AuditHead).one().hash = str(previous)


def test_an_anchor_is_written_once_a_day_by_the_worker(app: Flask, db: Database, mentee_id: uuid.UUID) -> None:
    file = audit.AnchorFile(app.config["SETTINGS"].anchors_file)
    file.path.unlink(missing_ok=True)
    with app.app_context():
        for _turn in range(2):
            app.extensions["queue"].run_sweeps()
    found = file.read()
    assert len(found) == 1
    with db.sessions() as session:
        assert audit.compare_anchors(session, found) is None
        # The look at readiness and the one at the weeks, which the first turn wrote down, come after the anchor.
        newest = audit.current_anchor(session, NOW)
        assert (found[0].at, newest.position - found[0].position) == (newest.at, 2)


@pytest.mark.parametrize("text_of_file", ["x", "{}", '{"position": "x", "hash": "", "at": ""}', "[1]"])
def test_a_file_that_is_none_of_anchors_is_refused_in_words(app: Flask, text_of_file: str, db: Database) -> None:
    file = app.config["SETTINGS"].instance / "bad"
    file.write_text(f"\n{text_of_file}\n")
    result = app.test_cli_runner().invoke(args=["audit", "verify", "--anchors", str(file)])
    assert result.exit_code != 0
    assert "line 2 is no anchor" in result.output
    assert not audit.AnchorFile(file).has_day(NOW)
    assert list(anchors.parse_anchors("\n")) == []


def test_sqlite_has_no_roles_and_a_role_has_a_plain_name(app: Flask, db: Database) -> None:
    runner = app.test_cli_runner()
    assert "named by" in runner.invoke(args=["database", "grant-runtime", "--role", "x; DROP"]).output
    if db.engine.dialect.name == "sqlite":
        assert "Only PostgreSQL" in runner.invoke(args=["database", "grant-runtime", "--role", "portal"]).output
    printed = runner.invoke(args=["database", "grant-runtime", "--role", "portal", "--print"]).output
    assert 'GRANT SELECT, INSERT ON TABLE public."audit_entry" TO portal;' in printed
    assert 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public."mentee" TO portal;' in printed
    assert len(printed.splitlines()) == len(roles.runtime_grants("portal"))


def test_the_runtime_role_writes_entries_and_cannot_change_them(app: Flask, db: Database, mentee_id: uuid.UUID) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no roles.")
    role = f"runtime_{uuid.uuid4().hex[:8]}"
    with db.transaction() as session:
        session.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'invented'"))
    try:
        granted = app.test_cli_runner().invoke(args=["database", "grant-runtime", "--role", role])
        assert granted.exit_code == 0, granted.output
        as_role(db, role, mentee_id)
    finally:
        with db.transaction() as session:
            session.execute(text(f"DROP OWNED BY {role}"))
            session.execute(text(f"DROP ROLE {role}"))


def as_role(db: Database, role: str, mentee_id: uuid.UUID) -> None:
    """Work as the role, then try what it must not do, first with the triggers and then without them."""
    with db.transaction() as session:
        session.execute(text(f"SET LOCAL ROLE {role}"))
        mentee = session.get_one(Mentee, mentee_id)
        mentee.about = "by the role"
        audit.record(session, by=BY, at=NOW, verb="describe", subject=mentee)
        session.flush()
    for statement in (
        "UPDATE audit_entry SET why = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "DELETE FROM audit_head",
        "UPDATE alembic_version SET version_num = 'x'",
        "ALTER TABLE mentee ADD COLUMN planted text",
        "DROP TABLE mentee",
        "CREATE TABLE planted (id int)",
        "CREATE ROLE planted",
        "SELECT pg_read_file('/etc/passwd')",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), db.transaction() as session:
            session.execute(text(f"SET LOCAL ROLE {role}"))
            session.execute(text(statement))
    with db.sessions() as session:
        assert audit.verify(session) is None
