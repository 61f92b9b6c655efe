"""Reads about the rules of the matching: the version in force and those before."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.policy import Actor
from matching.models import RuleSet
from matching.policy import readable_rules


def find_rules(session: Session, scheme_id: uuid.UUID) -> RuleSet | None:
    """Find the version of the rules in force in a scheme; None where nobody has needed one yet."""
    statement = select(RuleSet).where(RuleSet.scheme_id == scheme_id).order_by(RuleSet.number.desc()).limit(1)
    return session.scalars(statement).one_or_none()


def list_rules(session: Session, by: Actor) -> Sequence[RuleSet]:
    """List all versions of the rules of the actor's scheme, the newest first."""
    return session.scalars(select(RuleSet).where(readable_rules(by)).order_by(RuleSet.number.desc())).all()
