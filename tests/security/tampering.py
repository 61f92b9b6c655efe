"""Tampering with the audit trail by somebody who has every right on the machine."""

from random import Random
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.orm import Session

from foundation import audit
from tests.security.world import World

WORDS = ("verb", "subject_kind", "origin", "why", "hash", "previous_hash")
SEED = 20_140_904


def unseen_tamperings(world: World, count: int) -> list[str]:
    """Tamper with the trail in many ways, each undone before the next, and tell which ones the check does not see."""
    chance = Random(SEED)
    unseen = []
    with world.database.engine.connect() as connection:
        _disarm(connection)
        length = connection.scalar(text("SELECT count(*) FROM audit_entry")) or 0
        if _verify(connection) is not None:
            return ["the chain does not hold before anything is done"]
        for _number in range(count):
            saved = connection.begin_nested()
            words = _tamper(connection, chance, length)
            if _verify(connection) is None:
                unseen.append(words)
            saved.rollback()
        connection.rollback()
    return unseen


def _verify(connection: Connection) -> audit.Tampering | None:
    """Check the whole chain."""
    with Session(connection, join_transaction_mode="rollback_only") as session:
        found = audit.verify(session)
        session.expunge_all()
        return found


def _disarm(connection: Connection) -> None:
    """Take the triggers away; what follows is rolled back in the end."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        return
    names = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_entry', 'audit_head')")
    ).scalars()
    for name in list(names):
        connection.execute(text(f'DROP TRIGGER "{name}"'))


def _tamper(connection: Connection, chance: Random, length: int) -> str:
    """Do one thing that must be seen, and tell what it was."""
    place = chance.randint(1, length)
    kind = chance.choice(("word", "word", "word", "remove", "remove the end", "swap", "insert", "head"))
    if kind == "word":
        column = chance.choice(WORDS)
        connection.execute(
            text(f"UPDATE audit_entry SET {column} = 'x' || substr({column}, 2) WHERE position = {place}")
        )
        return f"{column} of entry {place}"
    if kind == "remove":
        connection.execute(text(f"DELETE FROM audit_entry WHERE position = {place}"))
    elif kind == "remove the end":
        connection.execute(text(f"DELETE FROM audit_entry WHERE position >= {place}"))
    elif kind == "swap":
        _swap(connection, place, place % length + 1)
    elif kind == "insert":
        _insert(connection, place, length)
    else:
        connection.execute(text("UPDATE audit_head SET position = position + 1"))
    return f"{kind} at {place}"


def _swap(connection: Connection, one: int, other: int) -> None:
    """Let two entries change places."""
    for before, after in ((one, -1), (other, one), (-1, other)):
        connection.execute(text(f"UPDATE audit_entry SET position = {after} WHERE position = {before}"))


def _insert(connection: Connection, place: int, length: int) -> None:
    """Put a copy of an entry at the end, and let the head lead to it."""
    row: Row[Any] = connection.execute(text(f"SELECT * FROM audit_entry WHERE position = {place}")).one()
    # The id is another one, made of the old one, so that no key refuses the row.
    forged = dict(row._mapping)
    old = str(forged["id"])
    new = ("0" if old[0] != "0" else "1") + old[1:]
    names = ", ".join(forged)
    copied = ", ".join(
        f"{length + 1}" if name == "position" else f"'{new}'" if name == "id" else name for name in forged
    )
    connection.execute(
        text(f"INSERT INTO audit_entry ({names}) SELECT {copied} FROM audit_entry WHERE position = {place}")
    )
    connection.execute(text(f"UPDATE audit_head SET position = {length + 1}"))
