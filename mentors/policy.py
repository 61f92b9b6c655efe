"""Who may see or decide about a volunteer: staff of the scheme, and each volunteer their own record."""

from sqlalchemy import ColumnElement, and_, false

from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation.errors import NotPermitted
from foundation.language import _
from mentors.models import Volunteer


def may_see_volunteer(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may open the record of a volunteer."""
    if actor.scheme_id != volunteer.scheme_id:
        return False
    return actor.may(Permission.VOLUNTEERS_READ) or is_own_record(actor, volunteer)


def visible_volunteers(actor: Actor) -> ColumnElement[bool]:
    """Give the same rule as a filter of rows."""
    if actor.may(Permission.VOLUNTEERS_READ):
        return Volunteer.scheme_id == actor.scheme_id
    return and_(Volunteer.scheme_id == actor.scheme_id, own_record(actor))


def is_own_record(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether this is the actor's own record."""
    return actor.may(Permission.OWN_RECORD_READ) and actor.person_id == volunteer.person_id


def own_record(actor: Actor) -> ColumnElement[bool]:
    """Give the filter for the actor's own record."""
    if actor.person_id is None or not actor.may(Permission.OWN_RECORD_READ):
        return false()
    return Volunteer.person_id == actor.person_id


def may_decide(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may move, check and clear a volunteer; nobody decides about themselves."""
    is_own = actor.person_id is not None and actor.person_id == volunteer.person_id
    return actor.scheme_id == volunteer.scheme_id and actor.may(Permission.VOLUNTEERS_DECIDE) and not is_own


def may_read_confidential(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may read checks, clearance, lived experience and reasons: whoever decides on them."""
    return may_decide(actor, volunteer)


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
