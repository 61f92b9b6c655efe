"""Note when a sign-in was last used, count tries on known devices apart, and keep forms sent after a sign-in ended.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; sign-ins that are open count as used when they began."""
    op.add_column("sign_in", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sign_in SET last_seen_at = created_at")
    with op.batch_alter_table("sign_in") as table:
        table.alter_column("last_seen_at", nullable=False)
    op.add_column("sign_in_guess", sa.Column("device_hash", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("sign_in_guess") as table:
        table.alter_column("device_hash", server_default=None)
    op.create_table(
        "kept_form",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_owner_id"), "kept_form", ["owner_id"])
    op.create_index(op.f("ix_kept_form_expires_at"), "kept_form", ["expires_at"])
    op.create_table(
        "password_reset",
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_reset_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    op.create_index("ix_password_reset_recent", "password_reset", ["email_key", "asked_at"])
    op.create_index(op.f("ix_password_reset_account_id"), "password_reset", ["account_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("password_reset")
    op.drop_table("kept_form")
    with op.batch_alter_table("sign_in_guess") as table:
        table.drop_column("device_hash")
    with op.batch_alter_table("sign_in") as table:
        table.drop_column("last_seen_at")
