"""Keep the worker's sign of life.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "worker_beat",
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=is_postgresql), nullable=False),
        sa.Column("failed", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_beat")),
        sa.UniqueConstraint("worker", name=op.f("uq_worker_beat_worker")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("worker_beat")
