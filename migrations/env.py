"""Alembic's entrance: runs migrations on the connection that the portal hands over."""

from alembic import context

from app import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=False,
)
context.run_migrations()
