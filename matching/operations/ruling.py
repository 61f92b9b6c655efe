"""Making rules of the matching: each change is a new version with its owner and reason; none is ever changed."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit
from foundation.errors import Conflict, NotVisible, Refusal
from foundation.language import _
from matching import queries
from matching.models import RuleSet
from matching.rules import DEFAULT_WEIGHTS, MOST_WEIGHT, Component


class RulesMoved(Conflict):
    """Somebody made a newer version of the rules while this one was being weighed up."""


def rules_in_force(session: Session, *, by: Actor, at: datetime) -> RuleSet:
    """Give the rules in force in the actor's scheme; the first are made of the defaults when they are first needed."""
    found = queries.find_rules(session, _scheme_of(by))
    return found or _make(session, require_weights(DEFAULT_WEIGHTS), number=1, why="", by=None, scheme_of=by, at=at)


def adopt_rules(
    session: Session, *, weights: Mapping[Component, int], why: str, by: Actor, at: datetime, number: int | None = None
) -> RuleSet:
    """Make other weights the next version of the rules; rounds asked for from now on use it.

    Args:
        session: The transaction.
        weights: How much each component counts, 0 to 100.
        why: The reason, in the words of the person who answers for it.
        by: A coordinator.
        at: When.
        number: The version that the page showed as the one in force.

    Raises:
        RulesMoved: Another version is in force by now.
        Refusal: No reason, the weights are unsound, or they are those in force.
    """
    require(by, Permission.MATCHING_DECIDE)
    before = rules_in_force(session, by=by, at=at)
    if number is not None and number != before.number:
        raise RulesMoved(
            _(
                "Version %(number)s of the rules is in force by now. Look at it, and try your weights again.",
                number=before.number,
            )
        )
    if not why.strip():
        raise Refusal(_("Give a reason. It is kept with the rules."), field="why")
    chosen = require_weights(weights)
    if chosen == before.weights:
        raise Refusal(_("These are the weights in force already."))
    return _make(session, chosen, number=before.number + 1, why=why.strip(), by=by, scheme_of=by, at=at)


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


def _make(
    session: Session,
    weights: dict[str, int],
    *,
    number: int,
    why: str,
    by: Actor | None,
    scheme_of: Actor,
    at: datetime,
) -> RuleSet:
    """Write a version down; the first one answers to nobody, though the trail tells whose act made it."""
    made = RuleSet(
        scheme_id=_scheme_of(scheme_of),
        number=number,
        weights=weights,
        made_by_id=by.person_id if by else None,
        made_at=at,
        reason=why,
    )
    session.add(made)
    audit.record(session, by=scheme_of, at=at, verb="adopt_rules", subject=made, why=why)
    session.flush()
    return made


def _scheme_of(by: Actor) -> uuid.UUID:
    """Tell the scheme that somebody acts in.

    Raises:
        NotVisible: They act in none.
    """
    if by.scheme_id is None:
        raise NotVisible(_("There is no such record."))
    return by.scheme_id
