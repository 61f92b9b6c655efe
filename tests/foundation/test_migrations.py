"""Migrations lead forward and back on filled databases, and end where the models stand."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import Column, Engine, MetaData, String, Table, func, inspect, select
from sqlalchemy.orm import undefer_group

from accounts.models import Agency, Person, Scheme
from accounts.rules import Role
from app import METADATA
from foundation import audit, encryption, migrating
from foundation.db import Database
from foundation.encryption import KeysUnfit
from foundation.outbox import write_letter
from mentees.rules import Ban, Exclusion
from mentors.models import Commitment, Departure, Volunteer, VolunteerBreak
from mentors.queries import breaks_of, promises_of
from mentors.rules import BreakWhy, LeavingGround, Span, Stage
from tests.conftest import NOW, Saved

BEFORE_TRIGGERS = "0001"
ADDED_SINCE = {
    "app_factor",
    "factor_at",
    "factor_guess",
    "passkey",
    "passkey_challenge",
    "recovery_code",
    "urged_again_at",
}
"""Tables and columns that later migrations added, and that going back takes away again."""


def contents(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, opened, as text, in an order that does not change, without what an old database lacks.

    The keys are left out: a database that goes back forgets when it took them, and destroys those of people. So is
    what volunteers offer, which is written anew from their records and has a test of its own.
    """
    known = inspect(engine)
    there = {name: {column["name"] for column in known.get_columns(name)} for name in known.get_table_names()}
    with engine.connect() as connection:
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(select(*columns))) if columns else []
            for name, table in METADATA.tables.items()
            if name not in {"commitment", "data_key", "person_key"}
            for columns in [[column for column in table.columns if column.name in there.get(name, ())]]
        }


def as_it_stands(engine: Engine, name: str) -> list[Any]:
    """Every row of a table as the database has it now, whatever the models say."""
    table = Table(name, MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        return sorted(connection.execute(select(table)).mappings(), key=lambda row: str(row["id"]))


@pytest.fixture
def filled(saved: Saved, db: Database) -> Database:
    """A database in which somebody has worked."""
    with saved as build:
        build.account(Role.PARTNER_OFFICER, Role.COORDINATOR, email="ada@mail.example")
        build.scheme("turin", country="IT", time_zone="Europe/Rome")
    return db


def verified(db: Database) -> object:
    with db.sessions() as session:
        return audit.verify(session)


def test_the_migrations_end_where_the_models_stand(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_a_model_without_migration_is_found(db: Database) -> None:
    planted = MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.tables.values():
        table.to_metadata(planted)
    planted.tables["agency"].append_column(Column("planted", String(10)))
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, planted) != []


def test_a_filled_database_goes_back_behind_the_triggers_and_forward_again(filled: Database) -> None:
    before = contents(filled.engine)
    assert len(before["audit_entry"]) > 5
    migrating.downgrade(filled.engine, BEFORE_TRIGGERS)
    assert len(as_it_stands(filled.engine, "audit_entry")) == len(before["audit_entry"])
    assert as_it_stands(filled.engine, "audit_head") == []
    migrating.upgrade(filled.engine)
    assert contents(filled.engine) == before
    assert verified(filled) is None


def test_work_goes_on_after_going_back_and_forward(filled: Database, app: Flask, saved: Saved) -> None:
    migrating.downgrade(filled.engine, BEFORE_TRIGGERS)
    migrating.upgrade(filled.engine)
    with saved as build:
        build.account(Role.ADMINISTRATOR, slug="the-hague")
    assert verified(filled) is None


def test_a_filled_database_goes_back_to_nothing_and_forward_again(filled: Database) -> None:
    migrating.downgrade(filled.engine, "base")
    assert migrating.current_revision(filled.engine) is None
    assert set(inspect(filled.engine).get_table_names()) <= {"alembic_version"}
    migrating.upgrade(filled.engine)
    assert migrating.current_revision(filled.engine) == migrating.newest_revision()
    assert {name for name, rows in contents(filled.engine).items() if rows} == {"audit_head"}
    assert verified(filled) is None


def test_going_forward_twice_changes_nothing(filled: Database) -> None:
    before = contents(filled.engine)
    migrating.upgrade(filled.engine)
    assert contents(filled.engine) == before


def rebuild(config: Config, _revision: str) -> None:
    """Rebuild a table that others refer to, as a later migration will have to on SQLite."""
    operations = Operations(MigrationContext.configure(config.attributes["connection"]))
    with operations.batch_alter_table("scheme") as table:
        table.alter_column("name", new_column_name="full_name")
    with operations.batch_alter_table("scheme") as table:
        table.alter_column("full_name", new_column_name="name")


def test_a_table_that_others_refer_to_is_rebuilt_without_losing_them(filled: Database) -> None:
    before = contents(filled.engine)
    migrating._run(filled.engine, rebuild, "")
    assert contents(filled.engine) == before
    with filled.engine.connect() as connection:
        if filled.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def remove_schemes(config: Config, _revision: str) -> None:
    config.attributes["connection"].exec_driver_sql("DELETE FROM scheme")


def test_a_migration_that_leaves_rows_referring_to_nothing_is_undone(filled: Database) -> None:
    before = contents(filled.engine)
    with pytest.raises(Exception, match=r"refer to rows|violates foreign key"):
        migrating._run(filled.engine, remove_schemes, "")
    assert contents(filled.engine) == before


def fail_halfway(config: Config, revision: str) -> None:
    rebuild(config, revision)
    config.attributes["connection"].exec_driver_sql("CREATE TABLE planted (id INTEGER)")
    raise RuntimeError("the power went out")


def test_a_migration_that_fails_halfway_leaves_nothing_behind(filled: Database) -> None:
    before = contents(filled.engine)
    with pytest.raises(RuntimeError, match="power"):
        migrating._run(filled.engine, fail_halfway, "")
    assert contents(filled.engine) == before
    assert "planted" not in inspect(filled.engine).get_table_names()


def test_the_commands_lead_forward_and_back(app: Flask, db: Database) -> None:
    runner = app.test_cli_runner()
    assert BEFORE_TRIGGERS in runner.invoke(args=["database", "downgrade", BEFORE_TRIGGERS]).output
    newest = migrating.newest_revision() or ""
    assert newest in runner.invoke(args=["database", "upgrade"]).output


def test_references_are_checked_by_the_database(db: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), db.transaction() as session:
        session.add(Agency(scheme_id=uuid.uuid4(), name="Nowhere"))


def test_rows_that_are_counted_are_the_rows_that_were_made(filled: Database) -> None:
    with filled.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Scheme)) == 2
        assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert NOW.tzinfo is not None


BEFORE_ENCRYPTION = "0002"
BEFORE_LEAVING = "0017"


@pytest.fixture
def confidential(saved: Saved, db: Database) -> Database:
    """A database in which something of every encrypted table stands."""
    with saved as build:
        person = build.mentee(about="a secret é", exclusions=(Exclusion("L32 4XX", "School", 2),), bans=(Ban("Kim"),))
        build.meeting(build.match(mentee=person))
        write_letter(build.session, to="a@mail.example", subject="Hello", body="A link", at=NOW)
    return db


def test_what_is_confidential_goes_back_open_and_comes_forward_encrypted(confidential: Database) -> None:
    engine = confidential.engine
    before = contents(engine)
    migrating.downgrade(engine, BEFORE_ENCRYPTION)
    (mentee,), (area,) = as_it_stands(engine, "mentee"), as_it_stands(engine, "exclusion_area")
    (risk,), (letter, *_) = as_it_stands(engine, "risk_of_harm"), as_it_stands(engine, "letter")
    assert (mentee["about"], area["label"], letter["body"]) == ("a secret é", "School", "A link")
    assert (area["latitude"], risk["assessed_on"]) == (pytest.approx(53.4, abs=0.2), NOW.date())
    migrating.upgrade(engine)
    after = contents(engine)
    # An older portal knows fewer kinds of checks and fewer details of them, and has no place for the others.
    assert after.pop("volunteer_check") != before.pop("volunteer_check")
    assert after == before
    assert verified(confidential) is None
    (mentee,) = as_it_stands(engine, "mentee")
    assert all(mentee[name].startswith("k1:") for name in ("about", "needs", "stated_gender_why"))


def test_an_index_of_some_rows_stays_one_when_its_table_is_built_anew(confidential: Database) -> None:
    migrating.downgrade(confidential.engine, BEFORE_ENCRYPTION)
    migrating.upgrade(confidential.engine)
    found = {index["name"]: index for index in inspect(confidential.engine).get_indexes("match")}
    options = found["uq_match_open_mentee"]["dialect_options"]
    assert "state" in str(options.get("sqlite_where", options.get("postgresql_where")))


def test_nothing_is_migrated_halfway_by_a_process_without_keys(confidential: Database) -> None:
    migrating.downgrade(confidential.engine, BEFORE_ENCRYPTION)
    held = encryption.keyring()
    encryption.use(None)
    try:
        with pytest.raises(KeysUnfit, match="no DATA_KEYS"):
            migrating.upgrade(confidential.engine)
    finally:
        encryption.use(held)
    assert migrating.current_revision(confidential.engine) == BEFORE_ENCRYPTION
    assert as_it_stands(confidential.engine, "mentee")[0]["about"] == "a secret é"


def test_what_volunteers_offer_and_their_breaks_are_taken_over_from_their_records(db: Database, saved: Saved) -> None:
    with saved as build:
        mentor = build.ready_mentor(hours_per_week=5, months=18)
        for days, stage in ((30, Stage.ON_A_BREAK), (10, Stage.READY), (2, Stage.ON_A_BREAK)):
            build.at = NOW + timedelta(days=40 - days)
            build.move(mentor, stage)
    migrating.downgrade(db.engine, "0013")
    migrating.upgrade(db.engine)
    with db.sessions() as session:
        ((promise,),) = promises_of(session, [mentor.id]).values()
        assert (promise.hours_per_week, promise.months, promise.span) == (5, 18, Span(NOW.date()))
        first, last, again = (NOW.date() + timedelta(days=days) for days in (10, 30, 38))
        assert breaks_of(session, [mentor.id])[mentor.id] == [Span(first, last), Span(again)]
        (offered,) = session.scalars(select(Commitment)).all()
        (_first, running) = session.scalars(select(VolunteerBreak).order_by(VolunteerBreak.from_on)).all()
        assert (offered.why, offered.answer, running.why) == ("", "", BreakWhy.NOT_SAID)


def test_service_and_leaving_are_read_from_the_moves_made_before(saved: Saved, db: Database) -> None:
    with saved as build:
        with build.earlier(100):
            volunteer = build.volunteer(Stage.READY)
        build.move(volunteer, Stage.LEFT)
    migrating.downgrade(db.engine, BEFORE_LEAVING)
    migrating.upgrade(db.engine)
    with db.sessions() as session:
        departure = session.scalars(select(Departure).options(undefer_group(encryption.GROUP))).one()
        assert (departure.volunteer_id, departure.left_on) == (volunteer.id, NOW.date())
        assert (departure.ground, departure.reason, departure.note) == (LeavingGround.NOT_SAID, None, "")
        assert session.get_one(Volunteer, volunteer.id).began_on == (NOW - timedelta(days=100)).date()
