"""Keep which rules a senior has lifted for which pair.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "veto_lift",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("vetoes", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=is_postgresql), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=is_postgresql), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_veto_lift_ended_by_id_person")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_veto_lift_made_by_id_person")),
        sa.ForeignKeyConstraint(["mentee_id"], ["mentee.id"], name=op.f("fk_veto_lift_mentee_id_mentee")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_veto_lift_scheme_id_scheme")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_veto_lift_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_veto_lift")),
    )
    op.create_index("ix_veto_lift_scheme", "veto_lift", ["scheme_id", "until_on"])
    for name in ("mentee_id", "volunteer_id"):
        op.create_index(op.f(f"ix_veto_lift_{name}"), "veto_lift", [name])


def downgrade() -> None:
    """Go back; every rule holds again."""
    op.drop_table("veto_lift")
