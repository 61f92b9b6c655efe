"""Keep what a matching round was reckoned from, so that it can be proved again.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; rounds from before have no record and say so."""
    op.create_table(
        "round_record",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_ids", sa.JSON(), nullable=False),
        sa.Column("volunteer_ids", sa.JSON(), nullable=False),
        sa.Column("arrays", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["matching_round.id"], name=op.f("fk_round_record_round_id_matching_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_record")),
        sa.UniqueConstraint("round_id", name=op.f("uq_round_record_round_id")),
    )
    op.add_column("matching_round", sa.Column("inputs_digest", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("matching_round") as table:
        table.alter_column("inputs_digest", server_default=None)


def downgrade() -> None:
    """Go back; the records are lost, the rounds stay."""
    op.drop_column("matching_round", "inputs_digest")
    op.drop_table("round_record")
