"""Commands of the plumbing: migrate the database, run the worker, check the audit trail, change the keys."""

import logging
import re
import threading
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import text

from foundation import audit, clock, data_keys, encryption, key_texts, keyring, migrating, roles
from foundation.db import database, reading, transaction

database_group = AppGroup("database", help="The database and its migrations.")
audit_group = AppGroup("audit", help="The audit trail.")
keys_group = AppGroup("keys", help="The keys under which confidential values lie.")


@database_group.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest state."""
    data_keys.upgrade(database())
    click.echo(f"The database stands at {migrating.current_revision(database().engine)}.")


@database_group.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Bring the database back to REVISION."""
    migrating.downgrade(database().engine, revision)
    click.echo(f"The database stands at {migrating.current_revision(database().engine)}.")


@database_group.command("grant-runtime")
@click.option("--role", required=True, help="The PostgreSQL role as which web processes and worker sign in.")
@click.option("--print", "only_print", is_flag=True, help="Print the statements and carry none out.")
def grant_runtime(role: str, *, only_print: bool) -> None:
    """Give ROLE what the running portal needs, and no right to change or remove an entry of the audit trail."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise click.ClickException("A role is named by small letters, digits and underscores.")
    if database().engine.dialect.name != "postgresql" and not only_print:
        raise click.ClickException("Only PostgreSQL has roles; SQLite keeps the audit trail by its triggers alone.")
    statements = roles.runtime_grants(role)
    if only_print:
        click.echo("\n".join(f"{statement};" for statement in statements))
        return
    with transaction() as session:
        for statement in statements:
            session.execute(text(statement))
    click.echo(f"“{role}” may run the portal, and cannot change or remove entries of the audit trail.")


@audit_group.command("verify")
@click.option("--anchors", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Anchors kept elsewhere.")
def verify(anchors: Path | None) -> None:
    """Check the whole chain of the audit trail, and whether it still leads through the anchors."""
    tampering = audit.verify(reading())
    if tampering is not None:
        raise click.ClickException(f"The chain fails at entry {tampering.position}: {tampering.why}.")
    click.echo("The chain holds.")
    if anchors is None:
        return
    try:
        kept = audit.AnchorFile(anchors).read()
    except ValueError as error:
        raise click.ClickException(f"{anchors.name} cannot be read: {error}.") from None
    tampering = audit.compare_anchors(reading(), kept)
    if tampering is not None:
        raise click.ClickException(f"The anchor of entry {tampering.position} does not fit: {tampering.why}.")
    click.echo(f"All {len(kept)} anchors fit.")


@audit_group.command("anchor")
def anchor() -> None:
    """Write where the chain ends now to the file of anchors and to the log."""
    found = audit.current_anchor(reading(), clock.now())
    audit.AnchorFile(current_app.config["SETTINGS"].anchors_file).write(found)
    click.echo(f"Entry {found.position} carries {found.hash}.")


@keys_group.command("status")
def keys_status() -> None:
    """Tell which keys there are and how many values lie under each."""
    keys = encryption.keyring()
    counts = data_keys.count_values(reading(), keys)
    for name in [*keys.names, "?"]:
        total = sum(found.get(name, 0) for found in counts.values())
        if name != "?" or total:
            role = "current" if name == keys.current else "unknown" if name == "?" else "old"
            click.echo(f"{name:16} {role:8} {total:8} values")


@keys_group.command("rotate")
def keys_rotate() -> None:
    """Take a new key into use and re-encrypt everything, while the portal serves; run again, it goes on.

    Where the keys come from a file, a new one is made, unless an earlier rotation is not finished. Where they come from
    the environment, put the new one first, let every process start anew, and then run this.
    """
    keys = encryption.keyring()
    if keys.source is not None and not _has_old_values(keys):
        name = data_keys.next_name(reading())
        key_texts.write_source(keys.source, keys.text_with(name, key_texts.new_key()))
        keys.look_again()
        click.echo(f"“{name}” is the current key. Keep a copy of it where the backups are not.")
    data_keys.adopt(database(), clock.now())
    moved = _move_all()
    click.echo(f"{moved} rows were re-encrypted; everything lies under “{keys.current}”.")


@keys_group.command("retire")
@click.argument("name")
def keys_retire(name: str) -> None:
    """Give up the old key NAME, under which nothing lies any more; older backups still need it."""
    keys = encryption.keyring()
    if name not in keys.names or name == keys.current:
        raise click.ClickException(f"“{name}” is not an old key of this portal.")
    with transaction() as session:
        left = sum(found.get(name, 0) for found in data_keys.count_values(session, keys).values())
        if left:
            raise click.ClickException(f"{left} values lie under “{name}”. Run `flask keys rotate` first.")
        data_keys.retire(session, name=name, at=clock.now())
    if keys.source is not None:
        key_texts.write_source(keys.source, keys.text_without(name))
        keys.look_again()
    click.echo(f"“{name}” is retired. Keep a copy as long as backups from its time are kept.")


def _has_old_values(keys: keyring.Keyring) -> bool:
    """Whether an earlier rotation was stopped before its end."""
    counts = data_keys.count_values(reading(), keys)
    return any(found.get(name, 0) for found in counts.values() for name in found if name != keys.current)


def _move_all() -> int:
    """Re-encrypt until a whole look finds nothing, and tell how many rows were moved."""
    moved = 0
    while True:
        in_this_look = 0
        for table, rows in data_keys.move_values(database()):
            in_this_look += rows
            click.echo(f"{table}: {rows} rows")
        moved += in_this_look
        if not in_this_look:
            return moved
        # A process that has not looked at the file yet may still have written under the old key.
        time.sleep(2 * keyring.LOOK_AGAIN_SECONDS)


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
