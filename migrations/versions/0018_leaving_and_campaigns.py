"""Keep why and when volunteers leave, since when they serve, and by which campaign they came.

Revision: 0018
Follows: 0017
"""

import uuid
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from foundation import encryption

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; what moves along the pipeline tell of service and leaving is written down as well."""
    instant = sa.DateTime(timezone=op.get_bind().dialect.name == "postgresql")
    op.create_table(
        "campaign",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cost_pence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_campaign_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
    )
    op.create_index(op.f("ix_campaign_scheme_id"), "campaign", ["scheme_id"])
    op.create_table(
        "departure",
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("exit_words", sa.Text(), nullable=False),
        sa.Column("exit_words_at", instant, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("token_until", instant, nullable=True),
        sa.Column("recorded_at", instant, nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_departure_recorded_by_id_person")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_departure_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_departure_token_hash")),
    )
    op.create_index(op.f("ix_departure_volunteer_id"), "departure", ["volunteer_id"])
    with op.batch_alter_table("application_draft") as table:
        table.add_column(sa.Column("campaign_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_application_draft_campaign_id_campaign"), "campaign", ["campaign_id"], ["id"])
    with op.batch_alter_table("volunteer") as table:
        table.add_column(sa.Column("began_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("campaign_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_volunteer_campaign_id_campaign"), "campaign", ["campaign_id"], ["id"])
    op.create_index(op.f("ix_volunteer_campaign_id"), "volunteer", ["campaign_id"])
    _write_down_what_moves_tell(instant)


def _write_down_what_moves_tell(instant: sa.DateTime) -> None:
    """Give every volunteer the day they began, and every leaving so far a row, by the days of their scheme."""
    connection = op.get_bind()
    moves = sa.text(
        "SELECT stage_move.volunteer_id, stage_move.after, stage_move.at, stage_move.by_id, scheme.time_zone "
        "FROM stage_move JOIN volunteer ON volunteer.id = stage_move.volunteer_id "
        "JOIN scheme ON scheme.id = volunteer.scheme_id "
        "WHERE stage_move.after IN ('ready', 'left') ORDER BY stage_move.at, stage_move.id"
    ).columns(volunteer_id=sa.Uuid(), after=sa.String(), at=instant, by_id=sa.Uuid(), time_zone=sa.String())
    began: dict[uuid.UUID, date] = {}
    left: list[dict[str, object]] = []
    for volunteer_id, after, at, by_id, time_zone in connection.execute(moves):
        day = _day(at, time_zone)
        if after == "ready":
            began.setdefault(volunteer_id, day)
        else:
            row = {"volunteer_id": volunteer_id, "left_on": day, "recorded_at": at, "recorded_by_id": by_id}
            left.append({**row, "ground": "not said", **_sealed_empty(uuid.uuid4())})
    volunteer = sa.table("volunteer", sa.column("id", sa.Uuid()), sa.column("began_on", sa.Date()))
    for volunteer_id, day in began.items():
        connection.execute(sa.update(volunteer).where(volunteer.c.id == volunteer_id).values(began_on=day))
    if left:
        connection.execute(sa.insert(_departure(instant)), left)


def _day(at: datetime, time_zone: str) -> date:
    """Tell the local day of an instant, which SQLite gives back without its zone."""
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(ZoneInfo(time_zone)).date()


def _departure(instant: sa.DateTime) -> sa.TableClause:
    """Name the columns that a leaving of before is written with."""
    return sa.table(
        "departure",
        sa.column("id", sa.Uuid()),
        sa.column("volunteer_id", sa.Uuid()),
        sa.column("left_on", sa.Date()),
        sa.column("ground", sa.String()),
        sa.column("note", sa.Text()),
        sa.column("exit_words", sa.Text()),
        sa.column("recorded_at", instant),
        sa.column("recorded_by_id", sa.Uuid()),
    )


def _sealed_empty(identity: uuid.UUID) -> dict[str, object]:
    """Give the id of a row and its two confidential texts, sealed although there is nothing in them."""
    texts = {name: encryption.lock(f"departure.{name}", identity, "") for name in ("note", "exit_words")}
    return {"id": identity, **texts}


def downgrade() -> None:
    """Go back; campaigns, last words and reasons of leaving are lost."""
    op.drop_index(op.f("ix_volunteer_campaign_id"), table_name="volunteer")
    with op.batch_alter_table("volunteer") as table:
        table.drop_constraint(op.f("fk_volunteer_campaign_id_campaign"), type_="foreignkey")
        table.drop_column("campaign_id")
        table.drop_column("began_on")
    with op.batch_alter_table("application_draft") as table:
        table.drop_constraint(op.f("fk_application_draft_campaign_id_campaign"), type_="foreignkey")
        table.drop_column("campaign_id")
    op.drop_table("departure")
    op.drop_table("campaign")
