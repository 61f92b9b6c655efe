"""Commands of privacy work for whoever owns the machine."""

import click
from flask.cli import AppGroup

from privacy import jobs

group = AppGroup("privacy", help="Erasures and the retention schedule.")


@group.command("replay-erasures")
def replay_erasures() -> None:
    """Erase again whom a restored backup brought back; `flask backup finish` does the same."""
    count = jobs.replay_erasures()
    click.echo(f"{count} erasure{'' if count == 1 else 's'} replayed.")
