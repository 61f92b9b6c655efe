"""Keep the documents that volunteers accept, with who accepted which version.

Revision: 0017
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; a scheme without documents asks nobody for anything."""
    _make_documents(op.get_bind().dialect.name == "postgresql")


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


def downgrade() -> None:
    """Go back; what was accepted is forgotten."""
    op.drop_table("document_acceptance")
    op.drop_table("document_version")
    op.drop_table("document")
