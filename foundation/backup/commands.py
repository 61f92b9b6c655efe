"""Commands of the backup: create, verify, restore, finish a restore, and discard what it set aside."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from foundation import data_keys, migrating
from foundation.backup import aside, making, marking, restoring
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
    for old in making.remove_old(path, keep) if keep else []:
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
    if replace:
        _tell_of_aside()
    if manifest.revision != migrating.newest_revision():
        click.echo(f"It stands at revision {manifest.revision}, older than this program. Nobody is served before:")
        click.echo("  flask --app app backup finish")
        return
    _finish()


@group.command("finish")
def finish() -> None:
    """Migrate what was restored if needed, erase again whom it brought back, and let the portal serve."""
    _finish()


@group.command("discard")
@click.option("--yes", is_flag=True, help="Do not ask.")
def discard(*, yes: bool) -> None:
    """Remove for ever what restores have set aside."""
    engine, settings = database().engine, _settings()
    if marking.is_unfinished(engine):
        raise click.ClickException("A restore is not finished; run `flask backup finish` and look at the portal first.")
    if not _tell_of_aside():
        click.echo("Nothing was set aside.")
        return
    if not yes:
        click.confirm("Remove all of it for ever?", abort=True)
    for gone in aside.discard(engine, settings):
        click.echo(f"{gone} was removed.")


def _tell_of_aside() -> bool:
    """Say where the data of before a restore lies, and tell whether there is any."""
    found = aside.list_aside(database().engine, _settings())
    if found:
        click.echo("What was here before is set aside, with everybody's data. Look at the portal, then remove it by")
        click.echo("`flask --app app backup discard`:")
    for one in found:
        click.echo(f"  {one}")
    return bool(found)


def _finish() -> None:
    """Let every part of the house do what must follow a restore, and take the mark off at the very end."""
    try:
        if migrating.current_revision(database().engine) != migrating.newest_revision():
            data_keys.upgrade(database())
        for follow in current_app.extensions["after_restore"]:
            follow()
    except BackupFault as fault:
        raise click.ClickException(f"{fault} Then run `flask --app app backup finish`.") from fault
    marking.clear(database())
    click.echo("The portal can start.")
    if database().engine.dialect.name == "postgresql":
        click.echo("The tables are new ones: grant the runtime role its rights again (`flask database grant-runtime`).")


def _settings() -> Settings:
    """Give the settings of the running portal."""
    settings = current_app.config["SETTINGS"]
    if not isinstance(settings, Settings):
        raise TypeError
    return settings
