"""Cards about who may come in: emergency access and invitations."""

from typing import Any

from sqlalchemy import (
    Select,
    String,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from accounts.models import Account, BreakGlass, Invitation, Person, RoleGrant
from accounts.policy import visible_glasses
from accounts.rules import BREAK_GLASS_WAITS, GlassState, Permission
from foundation.db import Instant
from reports.queries.waiting.lines import Asked, lines
from reports.rules import Card


def emergency(asked: Asked) -> Select[Any]:
    """Read requests for emergency access that wait for a decision, and records that stand open by one."""
    asker = aliased(Person, name="asker")
    is_asked = and_(BreakGlass.is_allowed.is_(None), BreakGlass.asked_at > asked.at - BREAK_GLASS_WAITS)
    is_open = and_(BreakGlass.is_allowed.is_(True), BreakGlass.expires_at > asked.at)
    state = case((is_open, literal(GlassState.OPEN.value, String)), else_=literal(GlassState.ASKED.value, String))
    order = (BreakGlass.asked_at, BreakGlass.id)
    return (
        lines(Card.EMERGENCY, BreakGlass.id, asker.name, *order, at=BreakGlass.asked_at, word=state)
        .join(asker, asker.id == BreakGlass.asked_by_id)
        .where(visible_glasses(asked.by), or_(is_asked, is_open))
    )


def invitations(asked: Asked) -> Select[Any]:
    """Read who has been invited to the scheme and has not chosen a password, with the day the link runs out."""
    runs_out = (
        select(func.max(Invitation.expires_at))
        .where(Invitation.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    has_role = (
        select(RoleGrant.id)
        .where(
            RoleGrant.person_id == Account.person_id,
            RoleGrant.scheme_id == asked.by.scheme_id,
            RoleGrant.ended_at.is_(None),
        )
        .correlate(Account)
        .exists()
    )
    may_see = and_(has_role, literal(asked.by.may(Permission.ACCOUNTS_MANAGE)))
    expiry = type_coerce(runs_out, Instant)
    return (
        lines(Card.INVITATIONS, Account.id, Person.name, Account.created_at, Account.id, at=expiry)
        .join(Person, Person.id == Account.person_id)
        .where(may_see, Account.password_hash.is_(None), runs_out.is_not(None))
    )
