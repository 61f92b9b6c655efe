"""Commands of the matching for whoever owns the machine."""

import uuid

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from foundation import db
from matching import queries
from matching.gathering import NotReadable
from matching.models import Round
from matching.operations import Verdict, verify_round

group = AppGroup("matching", help="Prove stored rounds again.")


@group.command("verify")
@click.argument("rounds", nargs=-1, type=click.UUID, metavar="[ROUND]...")
def verify(rounds: tuple[uuid.UUID, ...]) -> None:
    """Prove finished rounds again from what was stored, all unless some are named; fails when one does not hold."""
    failed = False
    with db.database().sessions() as session:
        done = queries.list_done_rounds(session, rounds)
        for found in done:
            line, holds = _judge(session, found)
            failed |= not holds
            click.echo(f"{found.id} {found.asked_at:%Y-%m-%d %H:%M} {line}")
        missing = sorted({str(each) for each in rounds} - {str(found.id) for found in done})
    for each in missing:
        click.echo(f"{each} is no finished round", err=True)
    if failed or missing:
        raise click.exceptions.Exit(1)


def _judge(session: Session, found: Round) -> tuple[str, bool]:
    """Tell in a line whether a round holds; one without its record can neither hold nor fail."""
    try:
        verdict = verify_round(session, found)
    except NotReadable as error:
        return str(error), False
    if not verdict.is_kept:
        return "has no record: it is older than records, too large, or somebody in it was erased", True
    return _line(verdict), verdict.holds


def _line(verdict: Verdict) -> str:
    """Tell what a look at a round found."""
    if verdict.holds:
        return "holds: what it was reckoned from is unchanged, and no other plan is better"
    faults = [
        "what it was reckoned from has changed" if not verdict.is_unchanged else "",
        f"its prices prove nothing (gap {verdict.gap})" if not verdict.is_proven else "",
        f"{verdict.strays} proposals differ from the plan" if verdict.strays else "",
    ]
    return "DOES NOT HOLD: " + "; ".join(fault for fault in faults if fault)
