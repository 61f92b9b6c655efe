"""Whom the charity holds data about in one scheme."""

from sqlalchemy import ColumnElement, and_, exists, or_

from accounts.models import Person, RoleGrant
from accounts.policy import Actor
from mentees.models import Mentee
from mentors.models import Volunteer


def known_here(by: Actor) -> ColumnElement[bool]:
    """Give the people whom the actor's scheme holds data about: volunteers, people mentored, and staff."""
    return or_(
        *(
            exists().where(and_(model.person_id == Person.id, model.scheme_id == by.scheme_id))
            for model in (Volunteer, Mentee, RoleGrant)
        )
    )
