"""Loading the invented year: all of it in one transaction, then a matching round as a coordinator would run it."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import portal_in
from demo.programme import Programme
from demo.schemes import SCHEMES, SchemePlan
from foundation.clock import day_of
from foundation.db import Database
from foundation.outbox import Letter, LetterState
from matching import operations as matching

SEED = 20140904
"""The day of the board whose figures the invented programme shows."""


def load_year(database: Database, *, at: datetime) -> list[Scheme]:
    """Load three schemes with a programme life that ends today.

    Args:
        database: An empty, migrated database.
        at: Now; the invented life ends on the day before, so that nothing of it lies in the future.
    """
    with database.transaction() as session:
        schemes = [_live(session, plan, at) for plan in SCHEMES]
        _mark_letters_sent(session, at)
    for scheme in schemes:
        _run_round(database, scheme, at)
    return schemes


def _live(session: Session, plan: SchemePlan, at: datetime) -> Scheme:
    """Live one scheme's life until yesterday, from a seed of its own."""
    yesterday = day_of(at, plan.time_zone) - timedelta(days=1)
    return Programme(session, plan, yesterday, Random(f"{SEED} {plan.slug}")).live()


def _mark_letters_sent(session: Session, at: datetime) -> None:
    """Letters of the invented life went out in their time; today's worker has no business with them."""
    session.flush()
    session.execute(
        update(Letter).where(Letter.state == LetterState.WAITING).values(state=LetterState.SENT, sent_at=at)
    )


def _run_round(database: Database, scheme: Scheme, at: datetime) -> None:
    """Run a round, so that proposals wait for a decision on the first morning."""
    with database.transaction() as session:
        round_ = matching.ask_round(session, by=portal_in(scheme), at=at)
    matching.run_round(database, round_id=round_.id, at=at)
