"""Who may see or decide about a volunteer: staff of the scheme, and each volunteer their own record."""

from sqlalchemy import ColumnElement

from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation.conditions import Allowed, Condition, Is, IsNot, OneOf
from foundation.errors import NotPermitted
from foundation.language import _
from mentors.models import Volunteer


def _in_scheme(actor: Actor) -> Condition:
    """Declare which volunteers belong to the scheme that somebody acts in."""
    return Is(Volunteer.scheme_id, actor.scheme_id)


def _own(actor: Actor) -> Condition:
    """Declare which record is somebody's own."""
    return Allowed(actor.may(Permission.OWN_RECORD_READ)) & Is(Volunteer.person_id, actor.person_id)


def seen_by(actor: Actor, permission: Permission) -> Condition:
    """Declare which volunteers somebody may see by a permission, or because the record is their own."""
    return _in_scheme(actor) & (Allowed(actor.may(permission)) | _own(actor))


def _opened_to(actor: Actor) -> Condition:
    """Declare which records are open to somebody by emergency access."""
    return _in_scheme(actor) & OneOf(Volunteer.person_id, actor.unsealed)


def _decided_by(actor: Actor) -> Condition:
    """Declare about whom somebody may decide; nobody decides about themselves."""
    may_decide_at_all = Allowed(actor.may(Permission.VOLUNTEERS_DECIDE))
    return may_decide_at_all & _in_scheme(actor) & IsNot(Volunteer.person_id, actor.person_id)


def may_see_volunteer(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may open the record of a volunteer."""
    return (seen_by(actor, Permission.VOLUNTEERS_READ) | _opened_to(actor)).holds(volunteer)


def visible_volunteers(actor: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_see_volunteer`` holds."""
    return (seen_by(actor, Permission.VOLUNTEERS_READ) | _opened_to(actor)).rows()


def is_own_record(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether this is the actor's own record."""
    return _own(actor).holds(volunteer)


def own_record(actor: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``is_own_record`` holds."""
    return _own(actor).rows()


def may_decide(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may move, check and clear a volunteer; nobody decides about themselves."""
    return _decided_by(actor).holds(volunteer)


def decided_volunteers(actor: Actor) -> ColumnElement[bool]:
    """Give the rows for which ``may_decide`` holds."""
    return _decided_by(actor).rows()


def may_read_confidential(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may read checks, clearance, lived experience and reasons: whoever decides on them.

    Emergency access opens them too, though never one's own.
    """
    is_others = IsNot(Volunteer.person_id, actor.person_id)
    return (_decided_by(actor) | _opened_to(actor) & is_others).holds(volunteer)


def require_decision(actor: Actor, volunteer: Volunteer) -> None:
    """Pass silently if somebody may decide about a volunteer.

    Raises:
        NotPermitted: Their role does not include it, or the volunteer is they themselves.
        NotVisible: The volunteer belongs to another scheme.
    """
    require(actor, Permission.VOLUNTEERS_DECIDE)
    require_scheme(actor, volunteer.scheme_id)
    if not may_decide(actor, volunteer):
        raise NotPermitted(_("Nobody decides about themselves. Ask another coordinator."))
