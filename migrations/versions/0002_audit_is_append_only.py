"""Make the audit trail append-only and begin its chain.

Revision: 0002
Follows: 0001
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HEAD_ID = uuid.UUID("a11d17e0-0000-4000-8000-000000000001")

SQLITE = (
    """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    # INSERT OR REPLACE deletes without the trigger above, so an entry that exists already is refused here.
    """CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
       WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id OR position = NEW.position)
       BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
)

POSTGRESQL = (
    """CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
       FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()""",
    """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
)


def upgrade() -> None:
    """Add the one row at which the chain ends, and the triggers."""
    head = sa.table("audit_head", sa.column("id", sa.Uuid), sa.column("position", sa.Integer), sa.column("hash"))
    # A database that went back and comes forward again has entries already, and its chain ends at the last of them.
    entry = sa.table("audit_entry", sa.column("position", sa.Integer), sa.column("hash"))
    last = op.get_bind().execute(sa.select(entry).order_by(entry.c.position.desc()).limit(1)).first()
    position, last_hash = last or (0, "0" * 64)
    op.bulk_insert(head, [{"id": HEAD_ID, "position": position, "hash": last_hash}])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the triggers away; the entries stay."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("no_update", "no_delete", "no_replace"):
            op.execute(f"DROP TRIGGER audit_entry_{name}")
    else:
        op.execute("DROP TRIGGER audit_entry_no_change ON audit_entry")
        op.execute("DROP TRIGGER audit_entry_no_truncate ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_refuse()")
    op.execute("DELETE FROM audit_head")
