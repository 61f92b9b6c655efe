"""The audit trail: nothing is written around it, nothing personal is written into it, and no tampering goes unseen."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.models import Scheme
from foundation import audit
from foundation.audit import AuditEntry, AuditHead, recording
from foundation.db import Database
from foundation.outbox import Letter
from tests.conftest import NOW
from tests.foundation.together import run_together
from tests.pages import PageClient

ENTRIES = 6


@dataclass(frozen=True)
class Author:
    """Somebody who acts in these tests."""

    person_id: uuid.UUID | None
    scheme_id: uuid.UUID | None
    origin: str = "test"


ADA = Author(uuid.UUID(int=1), uuid.UUID(int=2))


def scheme(slug: str) -> Scheme:
    day = date(2026, 1, 1)
    return Scheme(
        slug=slug,
        name="Åre",
        charity="c",
        country="GB",
        time_zone="Europe/London",
        contact_email="a@b.example",
        starts_on=day,
        ends_on=day,
    )


def note(session: Session, slug: str, why: str = "") -> AuditEntry:
    """Found a scheme, as an operation would."""
    session.add(row := scheme(slug))
    return audit.record(session, by=ADA, at=NOW, verb="found_scheme", subject=row, why=why)


@pytest.fixture
def filled(db: Database) -> Database:
    """A database whose chain has some entries, the even ones with a reason."""
    for number in range(ENTRIES):
        with db.transaction() as session:
            note(session, f"s-{number}", why="" if number % 2 else "because é, 漢 and “that”")
    return db


def verified(db: Database, newest: int | None = None) -> audit.Tampering | None:
    with db.sessions() as session:
        return audit.verify(session, newest=newest)


def test_an_untouched_chain_holds_also_when_it_is_empty(db: Database) -> None:
    assert verified(db) is None
    with db.transaction() as session:
        note(session, "first")
        note(session, "second")
    assert verified(db) is None
    assert [verified(db, newest) for newest in (1, 2, 3)] == [None] * 3


def disarm(connection: Connection) -> None:
    """Take the triggers away, as somebody with all rights on the machine could."""
    if connection.dialect.name == "sqlite":
        for name in ("no_update", "no_delete", "no_replace"):
            connection.execute(text(f"DROP TRIGGER audit_entry_{name}"))
    else:
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))


def tamper(engine: Engine, *statements: str) -> None:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        disarm(connection)
        for statement in statements:
            connection.execute(text(statement))


COPY = (
    "INSERT INTO audit_entry (id, position, at, by_person_id, scheme_id, origin, verb, subject_kind, subject_id, "
    "before, after, why, previous_hash, hash) SELECT '00000000000000000000000000000009', {place}, at, by_person_id, "
    "scheme_id, origin, verb, subject_kind, subject_id, before, after, why, previous_hash, hash FROM audit_entry "
    "WHERE position = {source}"
)

TAMPERINGS: dict[str, tuple[str, ...]] = {
    "when": ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE position = 3",),
    "who": ("UPDATE audit_entry SET by_person_id = NULL WHERE position = 3",),
    "scheme": ("UPDATE audit_entry SET scheme_id = NULL WHERE position = 3",),
    "from where": ("UPDATE audit_entry SET origin = 'elsewhere' WHERE position = 3",),
    "verb": ("UPDATE audit_entry SET verb = 'read' WHERE position = 3",),
    "kind": ("UPDATE audit_entry SET subject_kind = 'letter' WHERE position = 3",),
    "record": ("UPDATE audit_entry SET subject_id = by_person_id WHERE position = 3",),
    "before": ('UPDATE audit_entry SET before = \'{"name": "x"}\' WHERE position = 3',),
    "after": ("UPDATE audit_entry SET after = '{}' WHERE position = 3",),
    "why": ("UPDATE audit_entry SET why = 'no reason' WHERE position = 3",),
    "a blank in why": ("UPDATE audit_entry SET why = ' ' WHERE position = 4",),
    "id": ("UPDATE audit_entry SET id = '00000000000000000000000000000009' WHERE position = 3",),
    "hash before": ("UPDATE audit_entry SET previous_hash = hash WHERE position = 3",),
    "hash": ("UPDATE audit_entry SET hash = previous_hash WHERE position = 3",),
    "place": ("UPDATE audit_entry SET position = 99 WHERE position = 3",),
    "first gone": ("DELETE FROM audit_entry WHERE position = 1",),
    "one gone": ("DELETE FROM audit_entry WHERE position = 3",),
    "one gone and the gap closed": (
        "DELETE FROM audit_entry WHERE position = 3",
        *(f"UPDATE audit_entry SET position = {place - 1} WHERE position = {place}" for place in range(4, ENTRIES + 1)),
    ),
    "last gone": (f"DELETE FROM audit_entry WHERE position = {ENTRIES}",),
    "last two gone": (f"DELETE FROM audit_entry WHERE position >= {ENTRIES - 1}",),
    "all gone": ("DELETE FROM audit_entry",),
    "last gone and the end set back without its hash": (
        f"DELETE FROM audit_entry WHERE position = {ENTRIES}",
        f"UPDATE audit_head SET position = {ENTRIES - 1}",
    ),
    "two swapped": (
        "UPDATE audit_entry SET position = 98 WHERE position = 3",
        "UPDATE audit_entry SET position = 3 WHERE position = 4",
        "UPDATE audit_entry SET position = 4 WHERE position = 98",
    ),
    "one put in at the end": (COPY.format(place=ENTRIES + 1, source=2),),
    "one put in at the end and the end moved": (
        COPY.format(place=ENTRIES + 1, source=2),
        f"UPDATE audit_head SET position = {ENTRIES + 1}",
    ),
    "one put in between": (
        *(f"UPDATE audit_entry SET position = {place + 1} WHERE position = {place}" for place in range(ENTRIES, 2, -1)),
        COPY.format(place=3, source=2),
        f"UPDATE audit_head SET position = {ENTRIES + 1}",
    ),
    "the end removed": ("DELETE FROM audit_head",),
    "the end changed": ("UPDATE audit_head SET hash = 'x'",),
}


@pytest.mark.parametrize("name", list(TAMPERINGS))
def test_every_tampering_around_the_triggers_is_seen(filled: Database, name: str) -> None:
    tamper(filled.engine, *TAMPERINGS[name])
    assert verified(filled) is not None
    # The part that a page checks covers all of this short chain as well.
    assert verified(filled, newest=100) is not None


def test_the_check_of_the_newest_entries_sees_what_happens_among_them(filled: Database) -> None:
    tamper(filled.engine, f"UPDATE audit_entry SET why = 'x' WHERE position = {ENTRIES - 1}")
    assert verified(filled, newest=1) is None
    assert verified(filled, newest=2) is not None


def test_the_place_of_the_first_fault_is_told(filled: Database) -> None:
    tamper(filled.engine, *TAMPERINGS["verb"], "UPDATE audit_entry SET verb = 'x' WHERE position = 5")
    found = verified(filled)
    assert found is not None
    assert (found.position, str(found.why)) == (3, "an entry has been changed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET why = 'x' WHERE position = 2",
        "UPDATE audit_entry SET why = why",
        "DELETE FROM audit_entry WHERE position = 2",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE position = 2",
        "TRUNCATE audit_entry",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_an_entry(filled: Database, statement: str) -> None:
    with (
        pytest.raises(DBAPIError) as refused,
        filled.engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        connection.execute(text(statement))
    is_other_dialect = "syntax error" in str(refused.value)
    assert is_other_dialect or "append-only" in str(refused.value)
    assert verified(filled) is None
    with filled.sessions() as session:
        assert session.query(AuditEntry).count() == ENTRIES


def test_eight_writers_at_once_keep_the_chain(db: Database) -> None:
    def write(number: int) -> None:
        for turn in range(10):
            with db.transaction() as session:
                note(session, f"s-{number}-{turn}")

    run_together(8, write)
    assert verified(db) is None
    with db.sessions() as session:
        assert session.query(AuditEntry).count() == 80


def test_the_chain_holds_even_among_writers_who_skip_the_queue(db: Database) -> None:
    def write(number: int) -> None:
        for turn in range(5):
            with db.sessions() as session:
                session.connection(execution_options={"writes": True})
                note(session, f"s-{number}-{turn}")
                session.commit()

    run_together(8, write)
    assert verified(db) is None


def test_checking_while_others_write_raises_no_false_alarm(db: Database) -> None:
    found: list[audit.Tampering | None] = []

    def work(number: int) -> None:
        for turn in range(15):
            if number == 0:
                found.append(verified(db))
            else:
                with db.transaction() as session:
                    note(session, f"s-{number}-{turn}")

    run_together(4, work)
    assert found == [None] * 15


def test_the_chain_goes_on_after_a_part_of_a_transaction_was_undone(db: Database) -> None:
    with db.transaction() as session:
        note(session, "kept")
        with pytest.raises(RuntimeError, match="planted"), session.begin_nested():
            note(session, "undone")
            raise RuntimeError("planted")
        note(session, "kept-too")
    assert verified(db) is None
    with db.sessions() as session:
        assert session.query(AuditEntry).count() == 2


def test_an_undone_transaction_leaves_no_entry_and_no_gap(db: Database) -> None:
    with pytest.raises(RuntimeError, match="planted"), db.transaction() as session:
        note(session, "undone")
        raise RuntimeError("planted")
    with db.transaction() as session:
        assert note(session, "kept").position == 1
    assert verified(db) is None


def test_an_entry_tells_what_changed_and_what_stood_there_before(db: Database) -> None:
    with db.transaction() as session:
        made = note(session, "one")
        assert made.before == {}
        assert made.after["slug"] == "one"
        assert made.after["starts_on"] == "2026-01-01"
    with db.transaction() as session:
        row = session.query(Scheme).one()
        row.name, row.starts_on = "Other", date(2026, 2, 1)
        changed = audit.record(session, by=ADA, at=NOW, verb="rename", subject=row)
    assert changed.before == {"name": "Åre", "starts_on": "2026-01-01"}
    assert changed.after == {"name": "Other", "starts_on": "2026-02-01"}


def test_an_entry_and_a_line_of_the_log_tell_the_instant_in_utc(
    db: Database, client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    rome = datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Europe/Rome"))
    with db.transaction() as session:
        session.add(row := scheme("one"))
        audit.record(session, by=ADA, at=rome, verb="found_scheme", subject=row)
    with db.sessions() as session:
        kept = session.query(AuditEntry).one().at
    assert (kept, kept.utcoffset()) == (rome, timedelta(0))
    client.raw("/sign-in")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])["timestamp"]
    assert told.endswith("Z")
    assert datetime.fromisoformat(told) == NOW


def test_what_stood_there_is_told_also_when_nobody_looked_at_it(db: Database) -> None:
    with db.transaction() as session:
        note(session, "one")
    with db.sessions() as session:
        row = session.query(Scheme).one()
        session.rollback()
        row.name = "Other"
        entry = audit.record(session, by=ADA, at=NOW, verb="rename", subject=row)
        assert entry.before == {"name": "Åre"}


def test_of_a_personal_column_the_trail_tells_only_that_it_changed(db: Database) -> None:
    letter = Letter(to_address="ada@mail.example", subject="Hello", body="A secret link", written_at=NOW, due_at=NOW)
    with db.transaction() as session:
        session.add(letter)
        entry = audit.record(session, by=ADA, at=NOW, verb="write", subject=letter)
    assert entry.after["to_address"] == entry.after["body"] == audit.HIDDEN
    assert "ada" not in str(entry.after)
    assert "secret" not in str(entry.after)


def test_every_sort_of_value_has_the_same_hash_before_and_after_the_database(db: Database) -> None:
    value = {2: [0.1, 1e30, None, True], "b": {"z": uuid.UUID(int=3), "a": date(2026, 1, 1)}, "é": "漢\u2028"}
    with db.transaction() as session:
        entry = note(session, "one")
        entry.after = recording._plain(value | {"t": datetime(2026, 1, 1, tzinfo=UTC)})
        entry.hash = audit.hash_of(entry)
        session.query(AuditHead).one().hash = entry.hash
    assert verified(db) is None


def test_the_command_tells_whether_the_chain_holds(app: Flask, filled: Database) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    tamper(filled.engine, *TAMPERINGS["one gone"])
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code != 0
    assert "fails at entry 3" in result.output
