"""Who acts: the actor that every operation is told about, and what that actor may do."""

import uuid
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from accounts.models import BreakGlass, Scheme
from accounts.rules import Permission, Role, permissions_of
from foundation.conditions import Allowed, Condition, Is, IsNot
from foundation.errors import NotPermitted, NotVisible
from foundation.language import _


@dataclass(frozen=True)
class Actor:
    """Somebody who acts in one scheme, as far as operations and queries need to know.

    Attributes:
        person_id: The person; None for the portal's own jobs.
        scheme_id: The scheme they act in; everything they read is filtered by it.
        roles: Their live roles in that scheme.
        name: For pages; never for the audit trail.
        agency_id: The partner they work for, where they refer people.
        origin: Network address, ``job`` or ``command``.
        time_zone: Of the scheme, for days.
        unsealed: The people whose records a second person has opened to them for now.
    """

    person_id: uuid.UUID | None
    scheme_id: uuid.UUID | None
    roles: frozenset[Role] = frozenset()
    name: str = ""
    agency_id: uuid.UUID | None = None
    origin: str = "command"
    time_zone: str = "Europe/London"
    unsealed: frozenset[uuid.UUID] = frozenset()
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        """Work out the permissions once."""
        ZoneInfo(self.time_zone)
        object.__setattr__(self, "permissions", permissions_of(self.roles))

    def may(self, permission: Permission) -> bool:
        """Tell whether this actor has a permission in their scheme."""
        return permission in self.permissions

    @property
    def is_portal(self) -> bool:
        """Whether this is the portal itself: a job or a command of whoever owns the machine."""
        return self.person_id is None


def portal_in(scheme: Scheme, origin: str = "command") -> Actor:
    """Make the actor that stands for the portal itself in a scheme; it may do everything that staff may."""
    roles = frozenset({Role.COORDINATOR, Role.TRAINING_LEAD, Role.ADMINISTRATOR})
    return Actor(None, scheme.id, roles, origin=origin, time_zone=scheme.time_zone)


def granters_of(role: Role) -> tuple[Permission, ...]:
    """Tell which permissions let somebody give or take back a role: one of them is enough.

    Whoever decides about volunteers makes them volunteers and mentors by it; every other role is an administrator's.
    """
    if role in {Role.VOLUNTEER, Role.MENTOR}:
        return (Permission.ACCOUNTS_MANAGE, Permission.VOLUNTEERS_DECIDE)
    return (Permission.ACCOUNTS_MANAGE,)


def require(by: Actor, *permissions: Permission) -> None:
    """Pass silently or refuse.

    Args:
        by: Who acts.
        permissions: Any one of these is enough.

    Raises:
        NotPermitted: The actor's roles include none of the permissions.
    """
    if not any(by.may(permission) for permission in permissions):
        raise NotPermitted(_("Your role does not include this. Ask your coordinator or administrator."))


def require_scheme(by: Actor, scheme_id: uuid.UUID) -> None:
    """Refuse anything that belongs to another scheme, as if it did not exist.

    Raises:
        NotVisible: The record belongs elsewhere.
    """
    if by.scheme_id != scheme_id:
        raise NotVisible(_("There is no such record."))


def _seen_glass(by: Actor) -> Condition:
    """Declare which requests for emergency access somebody may read: those of the scheme, if they have part in any."""
    has_part = by.may(Permission.RECORDS_UNSEAL) or by.may(Permission.UNSEALING_DECIDE)
    return Allowed(has_part) & Is(BreakGlass.scheme_id, by.scheme_id)


def _decided_glass(by: Actor) -> Condition:
    """Declare about which requests somebody may decide: those of others, for records of others."""
    is_others = IsNot(BreakGlass.asked_by_id, by.person_id) & IsNot(BreakGlass.person_id, by.person_id)
    return Allowed(by.may(Permission.UNSEALING_DECIDE)) & Is(BreakGlass.scheme_id, by.scheme_id) & is_others


def visible_glasses(by: Actor) -> ColumnElement[bool]:
    """Give the requests for emergency access that somebody may read."""
    return _seen_glass(by).rows()


def may_decide_glass(by: Actor, glass: BreakGlass) -> bool:
    """Tell whether somebody may decide about a request; nobody allows their own, or the opening of their own record."""
    return not by.is_portal and _decided_glass(by).holds(glass)


OPEN_REASONS = frozenset(
    {"account", "agency", "break_glass", "invitation", "role_grant", "rule_set", "scheme", "sign_in"}
)
"""Kinds of records whose reasons say nothing about anybody's life; those of all others are confidential."""


def may_read_reason(subject_kind: str) -> bool:
    """Tell whether whoever reads the audit trail may read why something was done to a kind of record."""
    return subject_kind in OPEN_REASONS
