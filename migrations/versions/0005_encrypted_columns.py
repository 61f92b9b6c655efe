"""Encrypt what is confidential, and write down which keys the database knows.

Revision: 0005
Follows: 0004
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from foundation import encryption

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 500

TEXT, JSON, DAY, NUMBER = sa.Text(), sa.JSON(), sa.Date(), sa.Float()

COLUMNS: dict[str, dict[str, tuple[Any, bool]]] = {
    "application_draft": {"answers": (JSON, False)},
    "case_move": {"why": (TEXT, False)},
    "contact_ban": {"name": (sa.String(200), False), "why": (sa.String(500), False)},
    "exclusion_area": {
        "label": (sa.String(120), False),
        "latitude": (NUMBER, False),
        "longitude": (NUMBER, False),
        "radius_km": (NUMBER, False),
    },
    "letter": {"subject": (sa.String(200), False), "body": (TEXT, False)},
    "match": {"approved_why": (TEXT, False), "end_reason": (sa.String(40), True), "closed_why": (TEXT, False)},
    "match_move": {"why": (TEXT, False)},
    "meeting": {"note": (TEXT, False)},
    "mentee": {
        "release_missing_why": (sa.String(200), False),
        "needs": (JSON, False),
        "wanted_experience": (JSON, False),
        "stated_gender": (sa.String(40), True),
        "stated_gender_why": (sa.String(500), False),
        "about": (TEXT, False),
    },
    "proposal": {
        "components": (JSON, False),
        "reasons": (JSON, False),
        "needs_second": (sa.Boolean(), False),
        "first_why": (TEXT, False),
        "decided_why": (TEXT, False),
    },
    "risk_of_harm": {
        "level": (sa.Integer(), False),
        "source": (sa.String(120), False),
        "assessed_on": (DAY, False),
    },
    "stage_move": {"why": (TEXT, False)},
    "unmatched": {
        "smallest_change": (sa.String(40), True),
        "blocked_by": (JSON, False),
        "alone_blocked_by": (JSON, False),
    },
    "volunteer": {
        "lived_experience": (JSON, False),
        "gender": (sa.String(40), False),
        "cleared_why": (TEXT, False),
    },
    "volunteer_check": {"level": (sa.String(40), True), "decided_on": (DAY, True), "conditions": (TEXT, False)},
}
"""Each table with its columns: what they were before, and whether they may be empty."""


def upgrade() -> None:
    """Make the table of keys, then encrypt one table after another."""
    data_key = op.create_table(
        "data_key",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("check_value", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=_is_postgresql()), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=_is_postgresql()), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("name", name=op.f("uq_data_key_name")),
    )
    if encryption.has_keyring():
        now = datetime.now(UTC) if _is_postgresql() else datetime.now(UTC).replace(tzinfo=None)
        op.bulk_insert(data_key, [{**row, "id": uuid.uuid4(), "began_at": now} for row in _known_keys()])
    for table, columns in COLUMNS.items():
        _exchange(table, {name: (before, sa.Text(), may) for name, (before, may) in columns.items()}, _lock)


def downgrade() -> None:
    """Decrypt one table after another, then forget the keys."""
    for table, columns in COLUMNS.items():
        _exchange(table, {name: (sa.Text(), before, may) for name, (before, may) in columns.items()}, _unlock)
    op.drop_table("data_key")


def _is_postgresql() -> bool:
    """Whether the database has time zones of its own."""
    return op.get_bind().dialect.name == "postgresql"


def _known_keys() -> Iterator[dict[str, str]]:
    """Tell each key by its name and check value."""
    keyring = encryption.keyring()
    for name in keyring.names:
        yield {"name": name, "check_value": keyring.check_value(name)}


def _lock(place: str, row: uuid.UUID, value: object, _after: object) -> str:
    """Encrypt one value."""
    return encryption.lock(place, row, value.isoformat() if isinstance(value, date) else value)


def _unlock(place: str, row: uuid.UUID, value: str, after: object) -> object:
    """Decrypt one value."""
    found = encryption.unlock(place, row.hex, value)
    return date.fromisoformat(found) if after is DAY else found


def _exchange(table: str, columns: dict[str, tuple[Any, Any, bool]], change: Callable[..., Any]) -> None:
    """Put changed values into new columns and let these take the place of the old ones."""
    for name, (_before, after, _may) in columns.items():
        op.add_column(table, sa.Column(f"new_{name}", after, nullable=True))
    _fill(table, columns, change)
    with op.batch_alter_table(table) as batch:
        for name in columns:
            batch.drop_column(name)
    with op.batch_alter_table(table) as batch:
        for name, (_before, after, may_be_empty) in columns.items():
            batch.alter_column(f"new_{name}", new_column_name=name, existing_type=after, nullable=may_be_empty)


def _fill(table: str, columns: dict[str, tuple[Any, Any, bool]], change: Callable[..., Any]) -> None:
    """Write the changed values, some rows at a time."""
    old = sa.table(table, sa.column("id", sa.Uuid()), *(sa.column(name, kinds[0]) for name, kinds in columns.items()))
    new = sa.table(
        table, sa.column("id", sa.Uuid()), *(sa.column(f"new_{name}", kinds[1]) for name, kinds in columns.items())
    )
    connection, last = op.get_bind(), None
    while True:
        statement = sa.select(old).order_by(old.c.id).limit(BATCH)
        rows = connection.execute(statement if last is None else statement.where(old.c.id > last)).all()
        if not rows:
            return
        for row in rows:
            values = {
                f"new_{name}": change(f"{table}.{name}", row.id, value, columns[name][1])
                for name in columns
                if (value := getattr(row, name)) is not None
            }
            connection.execute(sa.update(new).where(new.c.id == row.id).values(**values)) if values else None
        last = rows[-1].id
