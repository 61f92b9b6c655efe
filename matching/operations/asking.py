"""Asking for a round: a row that the worker takes up."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit
from foundation.db import after_commit
from foundation.errors import Conflict
from foundation.jobs import wake_worker
from foundation.language import _
from matching import queries
from matching.models import Round
from matching.operations.ruling import rules_in_force


class RoundRunning(Conflict):
    """A round of this scheme has not ended yet; two at once would propose the same people twice."""


def ask_round(session: Session, *, by: Actor, at: datetime) -> Round:
    """Ask for a round of the actor's scheme by the rules in force; the worker runs it at once.

    Args:
        session: The transaction.
        by: A coordinator.
        at: When.

    Raises:
        RoundRunning: One is under way.
    """
    require(by, Permission.MATCHING_DECIDE)
    if queries.find_unfinished_round(session, by) is not None:
        raise RoundRunning(_("A round is under way already. Look at its result first."))
    rules = rules_in_force(session, by=by, at=at)
    round_ = Round(
        scheme_id=by.scheme_id, asked_at=at, asked_by_id=by.person_id, weights=rules.weights, rule_set_id=rules.id
    )
    session.add(round_)
    audit.record(session, by=by, at=at, verb="ask_round", subject=round_)
    after_commit(session, wake_worker)
    session.flush()
    return round_
