"""Commands of the backup: create, verify, restore."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from foundation import migrating
from foundation.backup import making, restoring
from foundation.backup.sealing import BackupFault
from foundation.clock import now
from foundation.db import database
from foundation.settings import Settings

group = AppGroup("backup", help="Encrypted backups of the database and the letters.")


@group.command("create")
@click.option("--folder", type=click.Path(path_type=Path), help="Where backups go; the instance's own folder if unset.")
@click.option("--keep", type=click.IntRange(min=1), help="Remove all but this many of the newest afterwards.")
def create(folder: Path | None, keep: int | None) -> None:
    """Write a backup and verify it; the portal goes on serving."""
    settings = _settings()
    folder = folder or settings.instance / "backups"
    try:
        path = making.create(database().engine, settings, folder, now())
    except BackupFault as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{path} holds everything and was read back.")
    for old in making.remove_old(folder, keep) if keep else []:
        click.echo(f"{old.name} was removed.")


@group.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(path: Path) -> None:
    """Read the backup at PATH as a whole, without restoring it."""
    try:
        manifest = making.verify(path, _settings().backup_key)
    except BackupFault as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"Whole: {manifest.kind} at revision {manifest.revision}, made {manifest.made_at},")
    click.echo(f"{sum(manifest.rows.values())} rows in {len(manifest.rows)} tables.")


@group.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Set a database in which somebody has worked aside.")
def restore(path: Path, replace: bool) -> None:
    """Put the backup at PATH back; stop the portal and its worker first."""
    at = now()
    try:
        manifest = restoring.restore(database().engine, _settings(), path, replace=replace, at=at)
    except BackupFault as fault:
        raise click.ClickException(f"{fault} Nothing was changed.") from fault
    click.echo(f"Restored what stood at {manifest.made_at}: {sum(manifest.rows.values())} rows.")
    if manifest.revision != migrating.newest_revision():
        click.echo(f"It stands at revision {manifest.revision}, older than this program. Now run:")
        click.echo("  flask --app app database upgrade")
        click.echo("  flask --app app backup finish")
        return
    _finish()


@group.command("finish")
def finish() -> None:
    """Do what must follow a restore; only needed where the database had to be migrated first."""
    _finish()


def _finish() -> None:
    """Let every part of the house do what must follow a restore."""
    for follow in current_app.extensions["after_restore"]:
        follow()
    click.echo("The portal can start.")


def _settings() -> Settings:
    """Give the settings of the running portal."""
    settings = current_app.config["SETTINGS"]
    if not isinstance(settings, Settings):
        raise TypeError
    return settings
