"""Note when a sign-in was last used.

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
    """Add the column; sign-ins that are open count as used when they began."""
    op.add_column("sign_in", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sign_in SET last_seen_at = created_at")
    with op.batch_alter_table("sign_in") as table:
        table.alter_column("last_seen_at", nullable=False)


def downgrade() -> None:
    """Take the column away."""
    with op.batch_alter_table("sign_in") as table:
        table.drop_column("last_seen_at")
