"""What is confidential lies encrypted, or says why not; nobody reads it in the raw database, nor unlogged on a page."""

import ast
import re
import uuid
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Column, MetaData, String, Table, inspect, select, text
from sqlalchemy.sql import visitors

from accounts.policy import Actor
from app import METADATA
from demo.builders import PASSWORD
from foundation import audit, dictionary, encryption, reads
from foundation.audit import READ, AuditEntry, AuditHead, PersonKey
from foundation.db import Base, Database
from foundation.encryption import Sealed
from tests.conftest import NOW, Saved
from tests.house.sources import python_files, shown, tree_of
from tests.house.test_reading import MENTOR, MOST_ROWS, NOT_OPENED, STAFF, paths_of, portal
from tests.pages import PageClient

__all__ = ["portal"]

MARK = re.compile(r"zq[0-9a-f]{32}")
WITHOUT_PERSON = {"ask_again", "kept_form", "letter", "passkey_challenge", "person_key", "sign_in_guess"}
"""Tables with personal columns of which no record of a person is known."""


def unprotected(metadata: MetaData) -> list[str]:
    """Columns of level 2 that lie neither encrypted nor plain for a reason, and encrypted ones that are not level 2."""
    found = []
    for table, column, entry in dictionary.column_entries(metadata):
        is_confidential = entry is not None and entry.level is dictionary.Level.CONFIDENTIAL
        if is_confidential != (isinstance(column.type, Sealed) or bool(dictionary.why_plain(column))):
            found.append(f"{table}.{column.name}")
    return found


def test_every_column_of_level_two_is_encrypted_or_says_why_it_is_not() -> None:
    assert unprotected(METADATA) == []


ANSWERED_IN_SQL = {
    "contact_ban.banned_person_id",
    "mentee.release_on",
    "mentee.setting",
    "risk_of_harm.group_at_risk",
    "volunteer.cleared_rosh",
    "mentee.establishment_id",
    "volunteer_check.details_until_on",
    "volunteer_check.expires_on",
    "volunteer_check.outcome",
}
"""Columns of level 2 that lie open, since the database itself must answer a question about them (decision 40)."""

GUARDED = (dictionary.HASHED, dictionary.LOCKED, dictionary.TRAIL)


def lying_open(metadata: MetaData) -> set[str]:
    """Columns of level 2 whose value stands in the raw database: not sealed, hashed, locked or chained."""
    is_guarded = [dictionary.why_plain(Column("x", String(1), info=info)) for info in GUARDED]
    return {
        f"{table}.{column.name}"
        for table, column, entry in dictionary.column_entries(metadata)
        if entry is not None
        and entry.level is dictionary.Level.CONFIDENTIAL
        and not isinstance(column.type, Sealed)
        and dictionary.why_plain(column) not in is_guarded
    }


def test_level_two_is_sealed_hashed_or_locked_but_for_the_few_columns_that_are_asked_for_in_sql() -> None:
    assert lying_open(METADATA) == ANSWERED_IN_SQL


def test_another_column_that_lies_open_for_a_reason_is_found() -> None:
    metadata = MetaData()
    Table("planted", metadata, Column("x", String(10), info=dictionary.plain(dictionary.CONFIDENTIAL, "a reason")))
    Table("hashed", metadata, Column("x", String(10), info=dictionary.HASHED))
    assert lying_open(metadata) == {"planted.x"}


@pytest.mark.parametrize(
    ("column", "is_found"),
    [
        (Column("x", String(10), info=dictionary.CONFIDENTIAL), True),
        (Column("x", String(10), info=dictionary.plain(dictionary.CONFIDENTIAL, "")), True),
        (Column("x", Sealed(str), info=dictionary.PROFILE), True),
        (Column("x", Sealed(str), info=dictionary.CONFIDENTIAL), False),
        (Column("x", String(10), info=dictionary.plain(dictionary.CONFIDENTIAL, "a reason")), False),
    ],
)
def test_a_column_of_level_two_that_lies_open_is_found(column: Column[Any], is_found: bool) -> None:
    metadata = MetaData()
    Table("planted", metadata, column)
    assert bool(unprotected(metadata)) is is_found


def test_every_table_about_people_leads_to_the_person() -> None:
    lost = []
    for mapper in Base.registry.mappers:
        table, model = cast("Table", mapper.local_table), mapper.class_
        entries = [dictionary.entry_of(column) for column in table.columns]
        is_personal = any(entry is not None and entry.is_personal for entry in entries)
        if is_personal and table.name not in WITHOUT_PERSON and model.concerns not in table.columns:
            lost.append(table.name)
    assert lost == []


def sealed_attributes() -> set[str]:
    """Every encrypted column as code names it."""
    return {
        f"{mapper.class_.__name__}.{name}"
        for mapper in Base.registry.mappers
        for name in encryption.sealed_names(cast("Table", mapper.local_table))
    }


def sorted_in_sql(tree: ast.AST) -> list[str]:
    """Encrypted columns by which something is ordered, which would order by what is meaningless."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    ordering = [call for call in calls if getattr(call.func, "attr", "") in {"order_by", "group_by", "distinct"}]
    named = [
        ast.unparse(node)
        for call in ordering
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.Attribute)
    ]
    return [name for name in named if name in sealed_attributes()]


def test_nothing_is_ordered_in_sql_by_what_lies_encrypted() -> None:
    found = {shown(file): names for file in python_files() if (names := sorted_in_sql(tree_of(file)))}
    assert found == {}
    for mapper in Base.registry.mappers:
        for relationship in mapper.relationships:
            parts = [part for clause in relationship.order_by or () for part in visitors.iterate(clause)]
            assert [part for part in parts if isinstance(getattr(part, "type", None), Sealed)] == [], relationship


def test_an_order_by_something_encrypted_is_found() -> None:
    assert sorted_in_sql(ast.parse("select(X).order_by(RiskOfHarm.level)")) == ["RiskOfHarm.level"]
    assert sorted_in_sql(ast.parse("select(X).order_by(Mentee.about.desc())")) == ["Mentee.about"]
    assert sorted_in_sql(ast.parse("select(X).order_by(RiskOfHarm.id)")) == []


def mark_everything(db: Database) -> int:
    """Write a mark with the person's id into every encrypted text of every record about somebody, and count them."""
    count = 0
    with db.transaction() as session:
        for mapper in Base.registry.mappers:
            names = [
                column.key
                for column in mapper.local_table.columns
                if isinstance(column.type, Sealed) and column.type.kind is str and mapper.class_ is not PersonKey
            ]
            for record in session.scalars(select(mapper.class_).order_by(mapper.class_.id)) if names else ():
                person_id = audit.person_concerned(session, record)
                if person_id is None:
                    continue
                for name in names:
                    setattr(record, name, f"zq{person_id.hex}")
                count += len(names)
                why = f"zq{person_id.hex}"
                audit.record(session, by=Actor(None, None), at=NOW, verb="mark", subject=record, why=why)
    return count


def raw(db: Database) -> str:
    """Everything that stands in the database as it stands there."""
    if db.engine.dialect.name == "sqlite":
        file = Path(str(db.engine.url.database))
        return "".join(part.read_bytes().decode("latin-1") for part in sorted(file.parent.glob(f"{file.name}*")))
    with db.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        found = [connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars() for table in tables]
        return "\n".join(line for lines in found for line in lines)


def test_no_mark_of_level_two_stands_in_the_raw_database(
    portal: tuple[Flask, dict[str, list[str]]], db: Database
) -> None:
    assert mark_everything(db) > 30
    with db.sessions() as session:
        names = session.execute(text("SELECT name FROM person ORDER BY name")).scalars().all()
    stands = raw(db)
    assert names[0] in stands
    assert MARK.findall(stands) == []


def test_a_mark_that_lies_open_is_found(app: Flask, db: Database, saved: Saved) -> None:
    with saved as build:
        build.mentee(name=f"zq{uuid.uuid4().hex}")
    assert len(MARK.findall(raw(db))) >= 1


def unlogged(app: Flask, db: Database, texts: dict[str, list[str]], email: str) -> tuple[list[str], int]:
    """Open every page as somebody; tell which showed a mark of a person without an entry, and how many showed one."""
    browser = PageClient(app, db.engine)
    browser.sign_in(email, PASSWORD)
    client = browser.client
    missing, showed = [], 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_OPENED:
            continue
        for path in paths_of(app, rule, texts, db, MOST_ROWS):
            since = last_position(db)
            with client.get(path) as response:
                shown_of = set(MARK.findall(response.get_data().decode(errors="replace")))
            showed += bool(shown_of)
            logged = {f"zq{person.hex}" for person in read_since(db, since, rule.endpoint)}
            missing += [f"{path}: {mark}" for mark in shown_of - logged]
    return missing, showed


def last_position(db: Database) -> int:
    with db.sessions() as session:
        return session.scalars(select(AuditHead.position)).one()


def read_since(db: Database, position: int, endpoint: str) -> list[uuid.UUID]:
    """People of whom a page has been written down as read since a place in the trail."""
    with db.sessions() as session:
        statement = select(AuditEntry).where(AuditEntry.position > position, AuditEntry.verb == READ)
        entries = session.scalars(statement.order_by(AuditEntry.position)).all()
        assert {entry.page for entry in entries} <= {endpoint}
        people = [entry.about_person_id for entry in entries if entry.about_person_id]
        assert len(set(people)) == len(people), "one page writes one entry for each person"
        return people


@pytest.mark.parametrize("email", [STAFF, MENTOR])
def test_every_page_that_shows_something_of_level_two_is_written_down(
    portal: tuple[Flask, dict[str, list[str]]], db: Database, email: str
) -> None:
    app, texts = portal
    mark_everything(db)
    missing, showed = unlogged(app, db, texts, email)
    assert missing == []
    assert showed >= (6 if email == STAFF else 1)
    with db.sessions() as session:
        assert audit.verify(session) is None


def test_a_page_that_is_read_without_an_entry_is_found(
    portal: tuple[Flask, dict[str, list[str]]], db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, texts = portal
    mark_everything(db)
    monkeypatch.setattr(reads, "_write_down", lambda *_arguments: None)
    assert unlogged(app, db, texts, STAFF)[0] != []
