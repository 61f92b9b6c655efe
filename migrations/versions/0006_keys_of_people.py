"""Give each person a key for what the audit trail says of them, and let its entries be found by the person.

Revision: 0006
Follows: 0005
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BATCH = 500
NO_UPDATE = """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""

ENTRY = sa.table(
    "audit_entry", sa.column("position", sa.Integer), sa.column("after", sa.JSON), sa.column("about_person_id", sa.Uuid)
)


def upgrade() -> None:
    """Add the table of keys and the column, which is filled for entries that name their person already."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "person_key",
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=is_postgresql), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=is_postgresql), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_key")),
    )
    # Added as it is, and not by building the table anew, so that the triggers stay.
    op.add_column("audit_entry", sa.Column("about_person_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_audit_entry_about_person_id"), "audit_entry", ["about_person_id"])
    _let_change(allowed=True)
    _fill()
    _let_change(allowed=False)


def downgrade() -> None:
    """Take away the column, whose content the entries themselves hold, and the keys.

    The program before this step has no place for the keys: going back destroys what the trail holds of people for ever,
    and leaves the chain whole. Whoever wants both back restores a backup.
    """
    op.drop_index(op.f("ix_audit_entry_about_person_id"), "audit_entry")
    op.drop_column("audit_entry", "about_person_id")
    op.drop_table("person_key")


def _let_change(*, allowed: bool) -> None:
    """Let this one step write into a column that no entry had, or forbid it again."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_no_update" if allowed else NO_UPDATE)
    else:
        op.execute(f"ALTER TABLE audit_entry {'DISABLE' if allowed else 'ENABLE'} TRIGGER audit_entry_no_change")


def _fill() -> None:
    """Copy the person out of the part of an entry that its hash covers."""
    connection, last = op.get_bind(), 0
    while True:
        statement = sa.select(ENTRY).where(ENTRY.c.position > last).order_by(ENTRY.c.position).limit(BATCH)
        rows = connection.execute(statement).all()
        if not rows:
            return
        for row in rows:
            if about := row.after.get("(about)"):
                found = sa.update(ENTRY).where(ENTRY.c.position == row.position)
                connection.execute(found.values(about_person_id=uuid.UUID(about)))
        last = rows[-1].position
