"""Keep the rules of the matching in versions, and tell of each round by which it ran.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = "fk_matching_round_rule_set_id_rule_set"


def upgrade() -> None:
    """Go forward; a scheme gets its first version when it next asks for a round."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "rule_set",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=is_postgresql), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_rule_set_made_by_id_person")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_rule_set_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("scheme_id", "number", name=op.f("uq_rule_set_scheme_id_number")),
    )
    with op.batch_alter_table("matching_round") as table:
        table.add_column(sa.Column("rule_set_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(KEY, "rule_set", ["rule_set_id"], ["id"])


def downgrade() -> None:
    """Go back; the versions are lost, and each round keeps its weights."""
    with op.batch_alter_table("matching_round") as table:
        table.drop_constraint(KEY, type_="foreignkey")
        table.drop_column("rule_set_id")
    op.drop_table("rule_set")
