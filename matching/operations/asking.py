"""Asking for a round: a row that the worker takes up."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit
from foundation.db import after_commit
from foundation.errors import Conflict, Refusal
from foundation.jobs import wake_worker
from foundation.language import _
from matching import queries
from matching.models import Round
from matching.rules import DEFAULT_WEIGHTS, MOST_WEIGHT, Component


class RoundRunning(Conflict):
    """A round of this scheme has not ended yet; two at once would propose the same people twice."""


def ask_round(session: Session, *, by: Actor, at: datetime, weights: Mapping[Component, int] | None = None) -> Round:
    """Ask for a round of the actor's scheme; the worker runs it at once.

    Args:
        session: The transaction.
        by: A coordinator.
        at: When.
        weights: How much each component counts, 0 to 100; the defaults unless given.

    Raises:
        RoundRunning: One is under way.
        Refusal: The weights are unsound.
    """
    require(by, Permission.MATCHING_DECIDE)
    if queries.find_unfinished_round(session, by) is not None:
        raise RoundRunning(_("A round is under way already. Look at its result first."))
    chosen = require_weights(weights or DEFAULT_WEIGHTS)
    round_ = Round(scheme_id=by.scheme_id, asked_at=at, asked_by_id=by.person_id, weights=chosen)
    session.add(round_)
    audit.record(session, by=by, at=at, verb="ask_round", subject=round_)
    after_commit(session, wake_worker)
    session.flush()
    return round_


def require_weights(weights: Mapping[Component, int]) -> dict[str, int]:
    """Give sound weights as they are stored, or refuse.

    Raises:
        Refusal: A weight is outside 0 to 100, or all are 0.
    """
    chosen = {component.value: int(weights.get(component, 0)) for component in Component}
    if any(not 0 <= weight <= MOST_WEIGHT for weight in chosen.values()):
        raise Refusal(_("Each weight is a whole number from 0 to 100."))
    if not any(chosen.values()):
        raise Refusal(_("At least one weight must be more than 0."))
    return chosen
