"""A person who is erased leaves nothing behind, and the figures stay as they were."""

import shutil
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, MetaData, String, Table, func, select
from sqlalchemy.orm import Session

from accounts.models import Account, Person
from accounts.policy import Actor
from accounts.rules import Role
from app import METADATA
from demo.builders import Builder
from foundation import audit, dictionary
from foundation.db import Database
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.lifecycle import ForbiddenMove
from foundation.outbox import send_waiting
from foundation.settings import Settings
from mentees.models import ContactBan
from mentees.rules import Ban, CaseStage
from mentoring.models import Meeting
from mentors.models import Volunteer
from mentors.rules import Stage
from privacy import jobs, operations, queries
from privacy.gathering import LOOSE, MENTIONS, Trace, links_of, trace, unknown_links
from privacy.gathering.paths import ABOUT_NOBODY, KEYS, PASSING, TOGETHER, has_personal, is_act, is_personal
from privacy.gathering.rows import load
from privacy.models import Erasure
from privacy.operations import emptying
from privacy.operations.ledger import Ledger
from privacy.rules import GONE, KEPT, Blocker, ErasureState, ErasureWhy, IdentityCheck, pseudonym_of
from reports.queries import board
from reports.rules import Measure, exact
from tests.conftest import NOW, Saved
from tests.privacy.canaries import (
    EMAIL,
    be_mentored,
    case_of,
    files_of,
    is_own,
    live,
    marks_in_files,
    marks_in_rows,
    mentor_somebody,
    plant,
)

SEEN_COUNTS = ("person", "volunteer", "mentee", "match", "meeting", "training_attendance", "training_event")


def erase(build: Builder, person: Person) -> Erasure:
    """Ask for it and confirm it, as two people do."""
    first, second = build.actor(Role.COORDINATOR), build.actor(Role.ADMINISTRATOR)
    erasure = operations.ask_erasure(build.session, person=person, why=ErasureWhy.ASKED, by=first, at=NOW)
    operations.confirm_erasure(build.session, erasure=erasure, by=second, at=NOW)
    return erasure


def erase_saved(saved: Saved) -> tuple[uuid.UUID, set[tuple[str, str]]]:
    """Let somebody live, mark everything of theirs, erase them; tell who, and which columns were marked."""
    with saved as build:
        person_id = live(build).id
    with saved as build:
        marked = plant(build.session, build.session.get_one(Person, person_id))
    with saved as build:
        erase(build, build.session.get_one(Person, person_id))
    return person_id, {(table, column) for table, columns in marked.items() for column in columns}


def work(app: Flask) -> None:
    """Do what the worker does after an erasure."""
    with app.app_context():
        jobs.finish_erasures()


def left(db: Database, settings: Settings) -> dict[str, int]:
    """Everything in which a mark is left: rows, the raw bytes of the database, the letters, the queue."""
    return marks_in_rows(db) | marks_in_files(*files_of(db), settings.instance)


def test_nothing_of_an_erased_person_is_left_anywhere(
    app: Flask, db: Database, saved: Saved, settings: Settings
) -> None:
    with saved as build:
        person_id = live(build).id
    with app.app_context():
        send_waiting(db, app.extensions["mailer"], lambda: NOW)
        app.extensions["queue"].wake()
    with saved as build:
        marked = plant(build.session, build.session.get_one(Person, person_id))
    # Every table and every personal column is marked, or the test would look for too little.
    personal = {table.name for table in METADATA.sorted_tables if has_personal(table)} - KEYS - PASSING - TOGETHER
    assert set(marked) == personal
    before = left(db, settings)
    assert len(before) > 20
    assert any(name.endswith(".eml") for name in before)
    with saved as build:
        erase(build, build.session.get_one(Person, person_id))
    work(app)
    assert left(db, settings) == {}
    with db.sessions() as session:
        assert session.get_one(Person, person_id).name == pseudonym_of(person_id)
        assert queries.list_unscrubbed(session) == []
        assert audit.verify(session) is None
        assert unemptied(session, session.get_one(Person, person_id)) == []


def unemptied(session: Session, person: Person) -> list[str]:
    """Personal columns of the shells of a person that still say something, also of types that hold no mark."""
    return [
        f"{table}.{column.name}"
        for table, rows in trace(session, person).items()
        for row in load(session, table, rows)
        for column in METADATA.tables[table].columns
        if is_personal(column)
        and getattr(row, column.name) != emptying.blank_of(column)
        and (table, column.name) != ("person", "name")
        and is_own(row)
    ]


@pytest.mark.parametrize("forgotten", ["letter", "goal", "meeting"])
def test_a_table_that_is_forgotten_is_found(
    app: Flask, db: Database, saved: Saved, settings: Settings, forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trace_all_but_one(session: Session, person: Person) -> Trace:
        found = trace(session, person)
        found.pop(forgotten)
        return {table: rows for table, rows in found.items() if not (forgotten == "goal" and table == "goal_step")}

    monkeypatch.setattr(emptying, "trace", trace_all_but_one)
    if forgotten == "goal":
        # The plan above would be missed by the goals that stay.
        monkeypatch.setattr(emptying, "KEPT", KEPT | {"development_plan"})
    erase_saved(saved)
    work(app)
    assert forgotten in left(db, settings)


def test_without_clearing_the_disk_something_is_left(
    app: Flask, db: Database, saved: Saved, settings: Settings
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the files of PostgreSQL belong to its server")
    erase_saved(saved)
    assert marks_in_rows(db) == {}
    assert left(db, settings) != {}
    work(app)
    assert left(db, settings) == {}


def figures(db: Database, by: Actor) -> dict[str, object]:
    """What is counted: rows of the kinds that figures are made of, and the board."""
    with db.sessions() as session:
        counts: dict[str, object] = {
            name: session.scalar(select(func.count()).select_from(METADATA.tables[name])) for name in SEEN_COUNTS
        }
        attendance = METADATA.tables["training_attendance"]
        counts["minutes"] = session.scalar(select(func.sum(attendance.c.minutes)))
        rows = board(session, by, date(2026, 12, 1))
        return counts | {row.measure.value: (row.counted, row.promised) for row in rows}


def test_every_figure_stays_as_it_was(app: Flask, db: Database, saved: Saved) -> None:
    with saved as build:
        person_id = live(build).id
        for measure in (Measure.SESSIONS, Measure.PEOPLE_MENTORED, Measure.TRAINING_HOURS):
            build.target(measure, 100)
        by = build.actor(Role.COORDINATOR)
        first, second = build.actor(Role.COORDINATOR), build.actor(Role.ADMINISTRATOR)
    before = figures(db, by)
    assert before[Measure.SESSIONS.value] == (exact(2), 100)
    assert before["minutes"] not in {0, None}
    with app.app_context(), db.transaction() as session:
        person = session.get_one(Person, person_id)
        erasure = operations.ask_erasure(session, person=person, why=ErasureWhy.ASKED, by=first, at=NOW)
        operations.confirm_erasure(session, erasure=erasure, by=second, at=NOW)
    assert figures(db, by) == before


def test_what_was_noted_about_somebody_else_stays_when_their_mentor_is_erased(db: Database, saved: Saved) -> None:
    erase_saved(saved)
    with db.sessions() as session:
        assert sorted(session.scalars(select(Meeting.note))) == ["", "About the other person alone."]


def test_nobody_waits_or_is_proposed_as_a_shell(db: Database, saved: Saved) -> None:
    person_id, _marked = erase_saved(saved)
    with db.sessions() as session:
        volunteer = session.scalars(select(Volunteer).where(Volunteer.person_id == person_id)).one()
        assert volunteer.stage is Stage.LEFT
        assert case_of(session, session.get_one(Person, person_id)).stage is CaseStage.CLOSED
        assert session.scalars(select(Account).where(Account.person_id == person_id)).all() == []


def test_a_ban_that_names_an_erased_person_still_protects_and_no_longer_leads_to_them(build: Builder) -> None:
    banned = build.volunteer(Stage.SCREENING, name="Bob Banned")
    build.mentee(bans=(Ban("Bob Banned", "A reason"),))
    assert build.session.scalars(select(ContactBan.banned_person_id)).one() == banned.person_id
    erase(build, banned.person)
    ban = build.session.scalars(select(ContactBan)).one()
    assert (ban.name, ban.banned_person_id) == ("Bob Banned", None)


@pytest.mark.parametrize("side", ["mentor", "mentored"])
def test_nobody_is_erased_while_a_match_runs(build: Builder, side: str) -> None:
    volunteer = build.ready_mentor()
    match = mentor_somebody(build, volunteer) if side == "mentor" else be_mentored(build, build.person("Somebody"))
    person = volunteer.person if side == "mentor" else build.session.get_one(Person, match.mentee.person_id)
    with pytest.raises(operations.NotErasable, match="match is open") as caught:
        operations.ask_erasure(
            build.session, person=person, why=ErasureWhy.ASKED, by=build.actor(Role.COORDINATOR), at=NOW
        )
    assert caught.value.blockers == [Blocker.OPEN_MATCH]


def test_a_legal_hold_keeps_everything_until_it_is_lifted(build: Builder) -> None:
    person, by = build.volunteer().person, build.actor(Role.COORDINATOR)
    hold = operations.set_hold(build.session, person=person, why="A claim.", by=by, at=NOW)
    with pytest.raises(operations.NotErasable, match="legal hold"):
        erase(build, person)
    operations.lift_hold(build.session, hold=hold, by=by, at=NOW)
    assert erase(build, person).state is ErasureState.DONE


def test_a_hold_that_is_set_after_asking_stops_the_confirming_too(build: Builder) -> None:
    person, by = build.volunteer().person, build.actor(Role.COORDINATOR)
    erasure = operations.ask_erasure(build.session, person=person, why=ErasureWhy.ASKED, by=by, at=NOW)
    operations.set_hold(build.session, person=person, why="A claim.", by=by, at=NOW)
    with pytest.raises(operations.NotErasable):
        operations.confirm_erasure(build.session, erasure=erasure, by=build.actor(Role.ADMINISTRATOR), at=NOW)


def test_staff_and_people_with_an_open_request_are_not_erased(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    staff = build.account(Role.TRAINING_LEAD).person
    volunteer = build.volunteer().person
    operations.log_request(
        build.session,
        person=volunteer,
        received_on=NOW.date(),
        identity=IdentityCheck.KNOWN,
        identity_note="",
        by=by,
        at=NOW,
    )
    for person, blocker in ((staff, Blocker.STAFF_ROLE), (volunteer, Blocker.OPEN_REQUEST)):
        assert queries.blockers_of(build.session, person.id, by.scheme_id) == [blocker]


def test_whom_another_scheme_knows_is_not_erased_and_whom_only_it_knows_is_not_there(build: Builder) -> None:
    by = build.actor(Role.COORDINATOR)
    stranger = build.volunteer(slug="turin")
    both = build.volunteer()
    build.volunteer(slug="turin").person_id = both.person_id
    build.session.flush()
    assert queries.blockers_of(build.session, both.person_id, by.scheme_id) == [Blocker.OTHER_SCHEME]
    with pytest.raises(NotVisible):
        operations.ask_erasure(build.session, person=stranger.person, why=ErasureWhy.ASKED, by=by, at=NOW)


def test_it_takes_two_people_neither_of_whom_is_erased(build: Builder) -> None:
    person, first = build.volunteer().person, build.actor(Role.COORDINATOR)
    erasure = operations.ask_erasure(build.session, person=person, why=ErasureWhy.ASKED, by=first, at=NOW)
    own = build.actor(Role.COORDINATOR, person_id=person.id)
    for by in (first, own, build.portal(), build.actor(Role.TRAINING_LEAD)):
        with pytest.raises(NotPermitted):
            operations.confirm_erasure(build.session, erasure=erasure, by=by, at=NOW)
    with pytest.raises(Refusal, match="already"):
        operations.ask_erasure(build.session, person=person, why=ErasureWhy.ASKED, by=first, at=NOW)
    with pytest.raises(Refusal, match="themselves"):
        operations.ask_erasure(build.session, person=person, why=ErasureWhy.ASKED, by=own, at=NOW)


def test_what_was_withdrawn_or_done_is_not_carried_out_again(build: Builder) -> None:
    person, by = build.volunteer().person, build.actor(Role.COORDINATOR)
    erasure = operations.ask_erasure(build.session, person=person, why=ErasureWhy.ASKED, by=by, at=NOW)
    operations.withdraw_erasure(build.session, erasure=erasure, by=by, at=NOW)
    assert erase(build, person).state is ErasureState.DONE
    with pytest.raises(ForbiddenMove):
        operations.confirm_erasure(build.session, erasure=erasure, by=build.actor(Role.ADMINISTRATOR), at=NOW)


def test_every_table_with_personal_columns_leads_to_a_person_and_is_decided_about() -> None:
    assert unknown_links(METADATA) == []
    traced = set(links_of(METADATA)) | set(LOOSE)
    assert traced == KEPT | GONE
    assert not KEPT & GONE
    assert {name for name in ABOUT_NOBODY if has_personal(METADATA.tables[name])} == set()


def test_a_table_that_nothing_leads_from_is_found() -> None:
    planted = MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(planted)
    Table("diary", planted, Column("text", String(10), info=dictionary.PROFILE))
    assert unknown_links(planted) == ["diary"]


def test_every_key_to_a_person_is_a_path_an_act_or_a_mention() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person" and not is_act(column) and column.name != "person_id"
    }
    assert found == MENTIONS


def test_every_column_of_a_shell_has_something_that_it_says_of_nobody() -> None:
    for table in KEPT:
        for column in METADATA.tables[table].columns:
            if is_personal(column):
                emptying.blank_of(column)


def test_an_erasure_is_replayed_after_an_older_backup_was_restored(
    app: Flask, db: Database, saved: Saved, settings: Settings, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a file is put back here; the same operation is tested on both databases below")
    with saved as build:
        person_id = live(build).id
        plant(build.session, build.session.get_one(Person, person_id))
    file, copy = next(iter(files_of(db))), tmp_path / "older.sqlite"
    operations.scrub(db.engine)
    shutil.copyfile(file, copy)
    with saved as build:
        erase(build, build.session.get_one(Person, person_id))
    work(app)
    assert left(db, settings) == marks_in_files(copy)
    db.engine.dispose()
    for old in files_of(db):
        old.unlink()
    shutil.move(copy, file)
    assert "person" in marks_in_rows(db)
    result = app.test_cli_runner().invoke(args=["privacy", "replay-erasures"])
    assert "1 erasure" in result.output, result.output
    assert left(db, settings) == {}
    assert "0 erasures" in app.test_cli_runner().invoke(args=["privacy", "replay-erasures"]).output


def test_a_replay_erases_also_whom_the_backup_has_in_an_open_match(
    app: Flask, db: Database, saved: Saved, settings: Settings
) -> None:
    with saved as build:
        match = mentor_somebody(build, build.ready_mentor(email=EMAIL))
        person_id, scheme_id = match.volunteer.person_id, match.scheme_id
        decided = {"state": ErasureState.DONE, "decided_at": NOW - timedelta(days=1)}
    erased = Erasure(
        scheme_id=scheme_id, subject_id=person_id, why=ErasureWhy.ASKED, asked_at=NOW, letter_ids=[], **decided
    )
    Ledger(settings.instance).add([erased])
    for expected in (1, 0):
        with app.app_context():
            assert jobs.replay_erasures() == expected
    assert left(db, settings) == {}


def test_the_ledger_holds_ids_alone_and_survives_a_torn_line(settings: Settings) -> None:
    ledger = Ledger(settings.instance)
    erasures = [
        Erasure(
            scheme_id=uuid.uuid4(),
            subject_id=uuid.uuid4(),
            why=ErasureWhy.TIME,
            asked_at=NOW,
            decided_at=NOW,
            letter_ids=[str(uuid.uuid4())],
        )
        for _ in range(3)
    ]
    ledger.add(erasures[:1])
    with ledger.file.open("a", encoding="utf-8") as opened:
        opened.write('{"erasure": "cut o')
    ledger.add(erasures)
    assert [entry.subject_id for entry in ledger.read()] == [erasure.subject_id for erasure in erasures]
    assert ledger.file.stat().st_mode & 0o077 == 0


def test_what_a_refused_transaction_would_have_erased_stays(db: Database, saved: Saved) -> None:
    with saved as build:
        person_id = live(build).id
    with pytest.raises(RuntimeError), saved as build:
        erase(build, build.session.get_one(Person, person_id))
        raise RuntimeError("the power went out")
    with db.sessions() as session:
        assert session.get_one(Person, person_id).email == EMAIL
