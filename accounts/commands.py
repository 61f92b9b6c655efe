"""Commands for whoever owns the machine: the first scheme and the first administrator."""

from datetime import date

import click
from flask.cli import AppGroup

from accounts import operations, queries
from accounts.policy import Actor
from accounts.rules import Role
from foundation import clock
from foundation.db import reading, transaction
from foundation.errors import Refusal

group = AppGroup("accounts", help="Schemes and the people who sign in.")


@group.command("create-administrator")
@click.option("--if-none", is_flag=True, help="Do nothing when somebody can sign in already.")
@click.option("--scheme", prompt="Short name of the scheme (letters and hyphens)", default="my-scheme")
@click.option("--charity", prompt="Name of the charity")
@click.option("--country", prompt="Country", type=click.Choice(["GB", "NL", "IT"]), default="GB")
@click.option("--name", prompt="Your full name")
@click.option("--email", prompt="Your email address")
@click.password_option(help="At least 12 characters.")
def create_administrator(scheme: str, charity: str, country: str, name: str, email: str, password: str) -> None:
    """Found a scheme, if it is new, with its first administrator."""
    try:
        _create(scheme, charity, country, name, email, password)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{email} can now sign in as administrator of {scheme}.")


def _create(slug: str, charity: str, country: str, name: str, email: str, password: str) -> None:  # noqa: PLR0913
    """Do in one transaction what the command asks for."""
    at = clock.now()
    zones = {"GB": "Europe/London", "NL": "Europe/Amsterdam", "IT": "Europe/Rome"}
    with transaction() as session:
        scheme = queries.find_scheme(session, slug) or operations.found_scheme(
            session,
            slug=slug,
            name=charity,
            charity=charity,
            country=country,
            time_zone=zones[country],
            contact_email=email,
            starts_on=at.date(),
            ends_on=date(at.year + 3, at.month, min(at.day, 28)),
            at=at,
        )
        by = Actor(None, scheme.id)
        person = operations.add_person(session, name=name, email=email, phone="", by=by, at=at)
        session.flush()
        account = operations.open_account(session, person=person, by=by, at=at)
        operations.set_password(session, account=account, password=password, at=at)
        for role in (Role.ADMINISTRATOR, Role.COORDINATOR):
            operations.grant_role(session, person=person, role=role, by=by, at=at)


@group.command("has-any")
def has_any() -> None:
    """Exit with 0 if somebody can sign in, else with 1."""
    raise SystemExit(0 if queries.has_accounts(reading()) else 1)
