"""Commands of the plumbing: migrate the database, run the worker, check the audit trail, create secrets."""

import logging
import threading

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from foundation import audit, migrating
from foundation.db import database, reading

database_group = AppGroup("database", help="The database and its migrations.")
audit_group = AppGroup("audit", help="The audit trail.")


@database_group.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest state."""
    migrating.upgrade(database().engine)
    click.echo(f"The database stands at {migrating.current_revision(database().engine)}.")


@database_group.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Bring the database back to REVISION."""
    migrating.downgrade(database().engine, revision)
    click.echo(f"The database stands at {migrating.current_revision(database().engine)}.")


@audit_group.command("verify")
def verify() -> None:
    """Check the whole chain of the audit trail."""
    tampering = audit.verify(reading())
    if tampering is not None:
        message = f"The chain fails at entry {tampering.position}: {tampering.why}."
        raise click.ClickException(message)
    click.echo("The chain holds.")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send letters and run matching rounds until stopped."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue = current_app.extensions["queue"]
    consumer = queue.huey.create_consumer(
        workers=1, periodic=True, initial_delay=0.1, max_delay=1.0, check_worker_health=True
    )
    # What was waiting when the worker last stopped is done before anything new.
    threading.Thread(target=queue.run_sweeps, daemon=True).start()
    consumer.run()
