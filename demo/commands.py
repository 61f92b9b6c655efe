"""Commands of the demo: load the invented year, and tell how to sign in to it."""

import time

import click
from flask import current_app
from flask.cli import AppGroup

from accounts.queries import find_account, has_accounts, list_schemes
from demo.builders import PASSWORD
from demo.year import load_year
from foundation import clock
from foundation.db import database, reading

group = AppGroup("demo", help="A year of invented programme life.")

SIGN_INS = (
    ("coordinator", "decides on applications, referrals and matches"),
    ("coordinator2", "a second coordinator, for high risk"),
    ("training", "training lead: logs hours for a group, reviews plans"),
    ("volunteer", "a volunteer in training: task list"),
    ("mentor", "a mentor: my person, log a session"),
    ("partner", "partner officer: refers people"),
    ("evaluator", "evaluator: figures only"),
    ("administrator", "administrator: accounts, audit trail, letters"),
)


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds people already.")
def load(if_empty: bool) -> None:
    """Load the invented year into an empty database."""
    if current_app.config["SETTINGS"].is_production:
        raise click.ClickException("The demo has passwords that everybody knows, so it is never loaded in production.")
    if has_accounts(reading()):
        if if_empty:
            return
        raise click.ClickException("This database holds people already; the demo needs an empty one.")
    begun = time.perf_counter()
    schemes = load_year(database(), at=clock.now())
    click.echo(f"The demo year is loaded: {len(schemes)} schemes, {time.perf_counter() - begun:.1f} seconds.")


@group.command("sign-ins")
def sign_ins() -> None:
    """Print one sign-in per role; prints nothing where there is no demo."""
    session = reading()
    if find_account(session, "coordinator@knowsley.example") is None:
        return
    click.echo("Sign in with one of these addresses and the password: " + PASSWORD)
    if code := current_app.config["SETTINGS"].demo_factor:
        click.echo("All but volunteer and mentor are asked for a second factor; here it is always the code: " + code)
    else:
        click.echo("All but volunteer and mentor set up a second factor at their first sign-in.")
    for name, what in SIGN_INS:
        click.echo(f"  {name + '@knowsley.example':38} {what}")
    others = [scheme.slug for scheme in list_schemes(session) if scheme.slug != "knowsley"]
    click.echo("The same names work at " + ", ".join(f"{slug}.example" for slug in others) + ".")
