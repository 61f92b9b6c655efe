"""Who may see and do what with hours and plans: training leads and coordinators in their scheme, others their own."""

from sqlalchemy import ColumnElement, and_, true

from accounts.policy import Actor
from accounts.rules import Permission
from mentors.models import Volunteer
from mentors.policy import is_own_record, own_record


def may_see_training(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may see the hours of a volunteer."""
    return _is_allowed(actor, volunteer, Permission.TRAINING_READ)


def sees_training(actor: Actor) -> ColumnElement[bool]:
    """Filter volunteers to those whose hours somebody may see."""
    return _filter(actor, Permission.TRAINING_READ)


def may_see_plan(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may see the development plan of a volunteer."""
    return _is_allowed(actor, volunteer, Permission.PLANS_REVIEW)


def sees_plans(actor: Actor) -> ColumnElement[bool]:
    """Filter volunteers to those whose plan somebody may see."""
    return _filter(actor, Permission.PLANS_REVIEW)


def may_note_progress(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may note progress on a goal: whoever may see the plan, and so the volunteer themself."""
    return may_see_plan(actor, volunteer)


def _is_allowed(actor: Actor, volunteer: Volunteer, permission: Permission) -> bool:
    """Tell whether the scheme is the same, and the permission is there or the record is one's own."""
    is_here = volunteer.scheme_id == actor.scheme_id
    return is_here and (actor.may(permission) or is_own_record(actor, volunteer))


def _filter(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Give the same rule as a filter of rows."""
    is_here = Volunteer.scheme_id == actor.scheme_id
    return and_(is_here, true() if actor.may(permission) else own_record(actor))
