"""Keep the documents that volunteers accept, and what volunteers offer with its history, their breaks and their weeks.

Revision: 0017
Follows: 0014
"""

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

from foundation import encryption
from foundation.clock import day_of
from foundation.db import Instant

revision = "0017"
down_revision = "0014"
branch_labels = None
depends_on = None


def _columns(*names: str, **kinds: Any) -> list[sa.ColumnClause[Any]]:  # noqa: ANN401 - types of SQLAlchemy.
    """Name columns: ids unless their kind is told."""
    ids = [sa.column(name, sa.Uuid()) for name in names]
    return ids + [sa.column(name, kind) for name, kind in kinds.items()]


SCHEME = sa.table("scheme", *_columns("id", time_zone=sa.String()))
VOLUNTEER = sa.table(
    "volunteer",
    *_columns("id", "scheme_id", applied_at=Instant(), hours_per_week=sa.Integer(), months=sa.Integer()),
)
MOVE = sa.table("stage_move", *_columns("id", "volunteer_id", "by_id", after=sa.String(), at=Instant()))
COMMITMENT = sa.table(
    "commitment",
    *_columns(
        "id",
        "volunteer_id",
        terms=sa.String(),
        hours_per_week=sa.Integer(),
        months=sa.Integer(),
        from_on=sa.Date(),
        state=sa.String(),
        why=sa.Text(),
        asked_at=Instant(),
        decided_at=Instant(),
        answer=sa.Text(),
    ),
)
BREAK = sa.table(
    "volunteer_break",
    *_columns(
        "id",
        "volunteer_id",
        "noted_by_id",
        "ended_by_id",
        from_on=sa.Date(),
        ended_on=sa.Date(),
        why=sa.Text(),
        noted_at=Instant(),
    ),
)


def upgrade() -> None:
    """Go forward; a scheme without documents asks nobody for anything, and offers hold since the application.

    Every break gets a row, the one that runs now and those that the moves tell of.
    """
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    _make_documents(is_postgresql)
    _make_commitments(is_postgresql)
    _make_alerts(is_postgresql)
    _take_over()


def _make_documents(is_postgresql: bool) -> None:  # noqa: FBT001 - as the other migrations tell the kind.
    """Make the tables of documents."""
    instant = sa.DateTime(timezone=is_postgresql)
    op.create_table(
        "document",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_document_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_scheme_id"), "document", ["scheme_id"])
    op.create_table(
        "document_version",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changes", sa.String(length=300), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("asks", sa.String(length=40), nullable=False),
        sa.Column("written_at", instant, nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("told_at", instant, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_version_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_document_version_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_version_document_id_number")),
    )
    op.create_index(op.f("ix_document_version_told_at"), "document_version", ["told_at"])
    op.create_table(
        "document_acceptance",
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("typed_name", sa.String(length=200), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("noted_at", instant, nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_document_acceptance_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name=op.f("fk_document_acceptance_version_id_document_version")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_document_acceptance_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_acceptance")),
        sa.UniqueConstraint("volunteer_id", "version_id", name=op.f("uq_document_acceptance_volunteer_id_version_id")),
    )
    op.create_index(op.f("ix_document_acceptance_version_id"), "document_acceptance", ["version_id"])


def _make_commitments(is_postgresql: bool) -> None:  # noqa: FBT001 - as the other migrations tell the kind.
    """Make the tables of what is offered and of breaks."""
    instant = sa.DateTime(timezone=is_postgresql)
    op.create_table(
        "commitment",
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("terms", sa.String(length=40), nullable=False),
        sa.Column("hours_per_week", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_commitment_asked_by_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_commitment_decided_by_id_person")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_commitment_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index("ix_commitment_of", "commitment", ["volunteer_id", "state", "from_on"])
    op.create_table(
        "volunteer_break",
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("noted_at", instant, nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_volunteer_break_ended_by_id_person")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_volunteer_break_noted_by_id_person")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_volunteer_break_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_break")),
    )
    op.create_index(op.f("ix_volunteer_break_volunteer_id"), "volunteer_break", ["volunteer_id"])


def _make_alerts(is_postgresql: bool) -> None:  # noqa: FBT001 - as the other migrations tell the kind.
    """Make the tables of what coordinators are told of weeks."""
    instant = sa.DateTime(timezone=is_postgresql)
    op.create_table(
        "commitment_alert",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("raised_at", instant, nullable=False),
        sa.Column("answered_at", instant, nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_commitment_alert_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_commitment_alert_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_commitment_alert_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_alert")),
    )
    op.create_index(op.f("ix_commitment_alert_scheme_id"), "commitment_alert", ["scheme_id"])
    op.create_index(
        "uq_commitment_alert_live",
        "commitment_alert",
        ["volunteer_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "commitment_look",
        sa.Column("scheme_id", sa.Uuid(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_commitment_look_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_look")),
        sa.UniqueConstraint("scheme_id", name=op.f("uq_commitment_look_scheme_id")),
    )


def _take_over() -> None:
    """Let what every volunteer offers stand as agreed since their application, and their breaks as the moves tell."""
    zone_of = _take_over_promises()
    running: dict[uuid.UUID, dict[str, Any]] = {}
    order = (MOVE.c.volunteer_id, MOVE.c.at, MOVE.c.id)
    for row in op.get_bind().execute(sa.select(MOVE).order_by(*order)).all():
        day = day_of(row.at, zone_of[row.volunteer_id])
        if (begun := running.pop(row.volunteer_id, None)) is not None:
            _write(BREAK, {"why": "not said"}, **begun, ended_on=day, ended_by_id=row.by_id)
        if row.after == "on a break":
            running[row.volunteer_id] = {
                "volunteer_id": row.volunteer_id,
                "from_on": day,
                "noted_at": row.at,
                "noted_by_id": row.by_id,
            }
    for begun in running.values():
        _write(BREAK, {"why": "not said"}, **begun)


def _take_over_promises() -> dict[uuid.UUID, str]:
    """Write down what every volunteer offers; tell the time zone in which each of them lives."""
    bind = op.get_bind()
    zones = {row.id: row.time_zone for row in bind.execute(sa.select(SCHEME).order_by(SCHEME.c.id))}
    found = {}
    for row in bind.execute(sa.select(VOLUNTEER).order_by(VOLUNTEER.c.id)).all():
        found[row.id] = zones[row.scheme_id]
        _write(
            COMMITMENT,
            {"why": "", "answer": ""},
            volunteer_id=row.id,
            terms="usual",
            hours_per_week=row.hours_per_week,
            months=row.months,
            from_on=day_of(row.applied_at, found[row.id]),
            state="agreed",
            asked_at=row.applied_at,
            decided_at=row.applied_at,
        )
    return found


def _write(table: sa.TableClause, words: dict[str, str], **values: Any) -> None:  # noqa: ANN401 - values of any column.
    """Write a row, with its words sealed and bound to it."""
    row_id = uuid.uuid4()
    sealed = {name: encryption.lock(f"{table.name}.{name}", row_id, text) for name, text in words.items()}
    op.get_bind().execute(sa.insert(table).values(id=row_id, **values, **sealed))


def downgrade() -> None:
    """Go back; what was accepted is forgotten, and of what was offered only what holds now stays."""
    op.drop_table("commitment_look")
    op.drop_table("commitment_alert")
    op.drop_table("volunteer_break")
    op.drop_table("commitment")
    op.drop_table("document_acceptance")
    op.drop_table("document_version")
    op.drop_table("document")
