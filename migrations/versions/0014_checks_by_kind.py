"""Keep checks by kind with their history, prison vetting by establishment, and which mentors have lost readiness.

Revision: 0014
Follows: 0013
"""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

EVERYWHERE = sa.text("ended_at IS NULL AND outcome <> 'awaited' AND establishment_id IS NULL")
INSIDE = sa.text("ended_at IS NULL AND outcome <> 'awaited' AND establishment_id IS NOT NULL")
DETAILS_DAYS = 182
"""Half a year: the day of the decision lies encrypted, so the day on which it was written down counts instead."""


def upgrade() -> None:
    """Go forward; checks that were decided keep their details for half a year from when they were last written."""
    _add_tables()
    with op.batch_alter_table("mentee") as table:
        table.add_column(sa.Column("establishment_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_mentee_establishment_id_establishment"), "establishment", ["establishment_id"], ["id"]
        )
    with op.batch_alter_table("volunteer") as table:
        table.add_column(sa.Column("drives_people", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("volunteer") as table:
        table.alter_column("drives_people", server_default=None)
    _widen_checks()
    _date_details()


def _add_tables() -> None:
    """Make the tables of establishments, levels of checks, and readiness that was lost."""
    instant = sa.DateTime(timezone=op.get_bind().dialect.name == "postgresql")
    op.create_table(
        "establishment",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_establishment_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishment")),
        sa.UniqueConstraint("scheme_id", "key", name=op.f("uq_establishment_scheme_id_key")),
    )
    op.create_table(
        "dbs_ceiling",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_at", instant, nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_dbs_ceiling_decided_by_id_person")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_dbs_ceiling_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dbs_ceiling")),
    )
    op.create_index("ix_dbs_ceiling_scheme", "dbs_ceiling", ["scheme_id", "decided_at"])
    op.create_table(
        "readiness_loss",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("lost_on", sa.Date(), nullable=False),
        sa.Column("lacking", sa.Text(), nullable=False),
        sa.Column("noted_at", instant, nullable=False),
        sa.Column("restored_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_readiness_loss_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_readiness_loss_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_loss")),
    )
    is_open = sa.text("restored_on IS NULL")
    op.create_index(
        "uq_readiness_loss_open",
        "readiness_loss",
        ["volunteer_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_readiness_loss_scheme", "readiness_loss", ["scheme_id", "restored_on", "lost_on"])
    op.create_table(
        "readiness_night",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("night_on", sa.Date(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_readiness_night_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_night")),
        sa.UniqueConstraint("scheme_id", "night_on", name=op.f("uq_readiness_night_scheme_id_night_on")),
    )


def _widen_checks() -> None:
    """Let a volunteer have several checks of a kind, one after the other or one for each establishment."""
    instant = sa.DateTime(timezone=op.get_bind().dialect.name == "postgresql")
    with op.batch_alter_table("volunteer_check") as table:
        table.drop_constraint("uq_volunteer_check_volunteer_id_kind", type_="unique")
        for name, kind in (
            ("establishment_id", sa.Uuid()),
            ("decided_by_id", sa.Uuid()),
            ("reference", sa.Text()),
            ("eligible_why", sa.Text()),
            ("issued_on", sa.Text()),
            ("is_lived_route", sa.Text()),
            ("details_until_on", sa.Date()),
            ("ended_at", instant),
            ("reminded_days", sa.Integer()),
        ):
            table.add_column(sa.Column(name, kind, nullable=True))
        table.create_foreign_key(
            op.f("fk_volunteer_check_establishment_id_establishment"), "establishment", ["establishment_id"], ["id"]
        )
        table.create_foreign_key(op.f("fk_volunteer_check_decided_by_id_person"), "person", ["decided_by_id"], ["id"])
    op.create_index("ix_volunteer_check_volunteer", "volunteer_check", ["volunteer_id", "kind"])
    op.create_index("ix_volunteer_check_expiry", "volunteer_check", ["expires_on", "kind"])
    op.create_index("ix_volunteer_check_details", "volunteer_check", ["details_until_on"])
    op.create_index(op.f("ix_volunteer_check_establishment_id"), "volunteer_check", ["establishment_id"])
    for name, columns, where in (
        ("uq_volunteer_check_stands", ["volunteer_id", "kind"], EVERYWHERE),
        ("uq_volunteer_check_stands_inside", ["volunteer_id", "kind", "establishment_id"], INSIDE),
    ):
        op.create_index(name, "volunteer_check", columns, unique=True, sqlite_where=where, postgresql_where=where)


def _date_details() -> None:
    """Say until when the details of checks are kept that were decided before."""
    check = sa.table(
        "volunteer_check",
        sa.column("id", sa.Uuid()),
        sa.column("outcome", sa.String()),
        sa.column("changed_at", sa.DateTime(timezone=True)),
        sa.column("details_until_on", sa.Date()),
    )
    decided = sa.select(check.c.id, check.c.changed_at).where(check.c.outcome != "awaited").order_by(check.c.id)
    for row in op.get_bind().execute(decided).all():
        op.execute(
            check.update().where(check.c.id == row.id).values(details_until_on=_half_a_year_after(row.changed_at))
        )


def _half_a_year_after(at: datetime | None) -> date:
    """Give the day half a year after an instant."""
    return (at or datetime.now(UTC)).date() + timedelta(days=DETAILS_DAYS)


def downgrade() -> None:
    """Go back; of each kind one check stays, and what an older portal cannot tell apart goes."""
    for name in ("stands_inside", "stands"):
        op.drop_index(f"uq_volunteer_check_{name}", "volunteer_check")
    for name in ("ix_volunteer_check_establishment_id", "ix_volunteer_check_details"):
        op.drop_index(name, "volunteer_check")
    for name in ("ix_volunteer_check_expiry", "ix_volunteer_check_volunteer"):
        op.drop_index(name, "volunteer_check")
    _keep_one_of_each_kind()
    with op.batch_alter_table("volunteer_check") as table:
        table.drop_constraint(op.f("fk_volunteer_check_establishment_id_establishment"), type_="foreignkey")
        table.drop_constraint(op.f("fk_volunteer_check_decided_by_id_person"), type_="foreignkey")
        for name in (
            "establishment_id",
            "decided_by_id",
            "reference",
            "eligible_why",
            "issued_on",
            "is_lived_route",
            "details_until_on",
            "ended_at",
            "reminded_days",
        ):
            table.drop_column(name)
        table.create_unique_constraint(op.f("uq_volunteer_check_volunteer_id_kind"), ["volunteer_id", "kind"])
    with op.batch_alter_table("volunteer") as table:
        table.drop_column("drives_people")
    with op.batch_alter_table("mentee") as table:
        table.drop_constraint(op.f("fk_mentee_establishment_id_establishment"), type_="foreignkey")
        table.drop_column("establishment_id")
    for name in ("readiness_night", "readiness_loss", "dbs_ceiling", "establishment"):
        op.drop_table(name)


def _keep_one_of_each_kind() -> None:
    """Take away what the older portal has no place for: other kinds, history, and renewals beside what they renew."""
    op.execute(
        "DELETE FROM volunteer_check WHERE ended_at IS NOT NULL"
        " OR kind IN ('right to volunteer', 'driving licence', 'car insurance', 'prison vetting')"
    )
    op.execute(
        "DELETE FROM volunteer_check WHERE outcome = 'awaited' AND EXISTS (SELECT 1 FROM volunteer_check AS other"
        " WHERE other.volunteer_id = volunteer_check.volunteer_id AND other.kind = volunteer_check.kind"
        " AND (other.outcome <> 'awaited' OR other.id < volunteer_check.id))"
    )
