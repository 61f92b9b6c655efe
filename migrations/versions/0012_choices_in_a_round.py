"""Keep what staff choose in a finished round, and let a person have proposals in it that are out of date.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('proposed', 'approved once', 'approved')")


def upgrade() -> None:
    """Go forward; what was proposed so far came from rounds."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "round_choice",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=True),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("cost", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=is_postgresql), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=is_postgresql), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_round_choice_ended_by_id_person")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_round_choice_made_by_id_person")),
        sa.ForeignKeyConstraint(["mentee_id"], ["mentee.id"], name=op.f("fk_round_choice_mentee_id_mentee")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["matching_round.id"], name=op.f("fk_round_choice_round_id_matching_round")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_round_choice_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_round_choice_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_choice")),
    )
    op.create_index("ix_round_choice_declined", "round_choice", ["scheme_id", "kind", "until_on"])
    for name in ("round_id", "mentee_id", "volunteer_id"):
        op.create_index(op.f(f"ix_round_choice_{name}"), "round_choice", [name])
    with op.batch_alter_table("matching_round") as table:
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("proposal") as table:
        table.drop_constraint("uq_proposal_round_id_mentee_id", type_="unique")
        table.add_column(sa.Column("origin", sa.String(length=40), nullable=False, server_default="round"))
        table.add_column(sa.Column("stale_why", sa.String(length=40), nullable=True))
    for name, column in (("matching_round", "revision"), ("proposal", "origin")):
        with op.batch_alter_table(name) as table:
            table.alter_column(column, server_default=None)
    op.create_index(
        "uq_proposal_live",
        "proposal",
        ["round_id", "mentee_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    """Go back; choices are lost, and of several proposals for a person in a round the one that counts stays."""
    op.drop_index("uq_proposal_live", table_name="proposal")
    op.execute(
        "DELETE FROM proposal WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY round_id, "
        "mentee_id ORDER BY CASE WHEN state IN ('proposed', 'approved once', 'approved') THEN 0 "
        "WHEN state = 'declined' THEN 1 ELSE 2 END, changed_at DESC, id) AS place FROM proposal) AS ranked "
        "WHERE place > 1)"
    )
    with op.batch_alter_table("proposal") as table:
        table.drop_column("stale_why")
        table.drop_column("origin")
        table.create_unique_constraint("uq_proposal_round_id_mentee_id", ["round_id", "mentee_id"])
    with op.batch_alter_table("matching_round") as table:
        table.drop_column("revision")
    op.drop_table("round_choice")
