"""Who may see and do what with hours and plans: training leads and coordinators in their scheme, others their own."""

from sqlalchemy import ColumnElement

from accounts.policy import Actor
from accounts.rules import Permission
from foundation.conditions import Allowed, Condition, Is
from mentors.models import Volunteer
from mentors.policy import seen_by
from training.models import Course, TrainingEvent


def may_see_training(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may see the hours of a volunteer."""
    return seen_by(actor, Permission.TRAINING_READ).holds(volunteer)


def sees_training(actor: Actor) -> ColumnElement[bool]:
    """Give the volunteers for whom ``may_see_training`` holds."""
    return seen_by(actor, Permission.TRAINING_READ).rows()


def may_see_plan(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may see the development plan of a volunteer."""
    return seen_by(actor, Permission.PLANS_REVIEW).holds(volunteer)


def sees_plans(actor: Actor) -> ColumnElement[bool]:
    """Give the volunteers for whom ``may_see_plan`` holds."""
    return seen_by(actor, Permission.PLANS_REVIEW).rows()


def may_note_progress(actor: Actor, volunteer: Volunteer) -> bool:
    """Tell whether somebody may note progress on a goal: whoever may see the plan, and so the volunteer themself."""
    return may_see_plan(actor, volunteer)


def _reviewed(actor: Actor) -> Condition:
    """Declare whose plans somebody reviews; one's own plan is seen and not reviewed by oneself."""
    return Allowed(actor.may(Permission.PLANS_REVIEW)) & Is(Volunteer.scheme_id, actor.scheme_id)


def reviews_plans(actor: Actor) -> ColumnElement[bool]:
    """Give the volunteers whose plans somebody reviews."""
    return _reviewed(actor).rows()


def seen_courses(actor: Actor) -> ColumnElement[bool]:
    """Give the courses that somebody may open and change: those of their scheme, for whoever logs hours."""
    return (Allowed(actor.may(Permission.TRAINING_LOG)) & Is(Course.scheme_id, actor.scheme_id)).rows()


def seen_evenings(actor: Actor) -> ColumnElement[bool]:
    """Give the evenings that somebody may open, with everybody on their sheets."""
    return (Allowed(actor.may(Permission.TRAINING_READ)) & Is(TrainingEvent.scheme_id, actor.scheme_id)).rows()
