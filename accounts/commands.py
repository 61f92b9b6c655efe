"""Commands for whoever owns the machine: the first scheme and the first administrator."""

from dataclasses import dataclass
from datetime import date

import click
from flask.cli import AppGroup

from accounts import operations, queries
from accounts.policy import portal_in
from accounts.rules import SHORTEST_PASSWORD, Role
from foundation import clock
from foundation.db import reading, transaction
from foundation.errors import Refusal

TIME_ZONES = {"GB": "Europe/London", "NL": "Europe/Amsterdam", "IT": "Europe/Rome"}

group = AppGroup("accounts", help="Schemes and the people who sign in.")


@dataclass(frozen=True)
class _Founding:
    """What the owner of the machine says of the first scheme and of themselves."""

    scheme: str
    charity: str
    country: str
    name: str
    email: str
    password: str


@group.command("create-administrator")
@click.option("--if-none", is_flag=True, help="Do nothing when somebody can sign in already.")
@click.option("--scheme", help="Short name of the scheme (letters and hyphens).")
@click.option("--charity", help="Name of the charity.")
@click.option("--country", type=click.Choice(list(TIME_ZONES)), help="Country of the scheme.")
@click.option("--name", help="Your full name.")
@click.option("--email", help="Your email address.")
@click.option("--password", help=f"At least {SHORTEST_PASSWORD} characters; asked for unless given.")
def create_administrator(if_none: bool, **given: str | None) -> None:
    """Found a scheme, if it is new, with its first administrator; what is not given is asked for."""
    # The question comes before all others, so that nobody is asked for what is not needed.
    if if_none and queries.has_accounts(reading()):
        click.echo("Somebody can sign in already, so nothing was done.")
        return
    founding = _ask(given)
    try:
        _create(founding)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{founding.email} can now sign in as administrator of {founding.scheme}.")


def _ask(given: dict[str, str | None]) -> _Founding:
    """Ask for whatever was not given on the command line."""
    country = click.Choice(list(TIME_ZONES))
    return _Founding(
        scheme=given["scheme"] or click.prompt("Short name of the scheme (letters and hyphens)", default="my-scheme"),
        charity=given["charity"] or click.prompt("Name of the charity"),
        country=given["country"] or click.prompt("Country", type=country, default="GB"),
        name=given["name"] or click.prompt("Your full name"),
        email=given["email"] or click.prompt("Your email address"),
        password=given["password"]
        or click.prompt("Password", hide_input=True, confirmation_prompt=True, value_proc=_long_enough),
    )


def _long_enough(password: str) -> str:
    """Ask again for a password that is too short, instead of throwing away all other answers."""
    if len(password) < SHORTEST_PASSWORD:
        raise click.UsageError(f"Use at least {SHORTEST_PASSWORD} characters.")
    return password


def _create(founding: _Founding) -> None:
    """Do in one transaction what the command asks for."""
    at = clock.now()
    with transaction() as session:
        scheme = queries.find_scheme(session, founding.scheme) or operations.found_scheme(
            session,
            slug=founding.scheme,
            name=founding.charity,
            charity=founding.charity,
            country=founding.country,
            time_zone=TIME_ZONES[founding.country],
            contact_email=founding.email,
            starts_on=at.date(),
            ends_on=date(at.year + 3, at.month, min(at.day, 28)),
            at=at,
        )
        by = portal_in(scheme)
        person = operations.add_person(session, name=founding.name, email=founding.email, phone="", by=by, at=at)
        session.flush()
        account = operations.open_account(session, person=person, by=by, at=at)
        operations.set_password(session, account=account, password=founding.password, at=at)
        for role in (Role.ADMINISTRATOR, Role.COORDINATOR):
            operations.grant_role(session, person=person, role=role, by=by, at=at)


@group.command("has-any")
def has_any() -> None:
    """Exit with 0 if somebody can sign in, else with 1."""
    raise SystemExit(0 if queries.has_accounts(reading()) else 1)
