"""Who does privacy work: coordinators in their scheme; an administrator may be the second person."""

from sqlalchemy import ColumnElement, and_, exists, or_

from accounts.models import Person, RoleGrant
from accounts.policy import Actor
from mentees.models import Mentee
from mentors.models import Volunteer
from privacy.models import Erasure, RetentionRun
from privacy.rules import ErasureState


def known_here(by: Actor) -> ColumnElement[bool]:
    """Give the people whom the actor's scheme holds data about: volunteers, people mentored, and staff."""
    return or_(
        *(
            exists().where(and_(model.person_id == Person.id, model.scheme_id == by.scheme_id))
            for model in (Volunteer, Mentee, RoleGrant)
        )
    )


def may_confirm(by: Actor, erasure: Erasure) -> bool:
    """Tell whether somebody may be the second person of an erasure: not who asked, and not who is erased."""
    return (
        erasure.state is ErasureState.ASKED
        and erasure.scheme_id == by.scheme_id
        and by.person_id is not None
        and by.person_id not in {erasure.asked_by_id, erasure.subject_id}
    )


def may_run(by: Actor, run: RetentionRun) -> bool:
    """Tell whether somebody may carry a preview out; where people go for good, it takes a second person."""
    if run.scheme_id != by.scheme_id or run.run_at is not None:
        return False
    return not run.person_ids or (by.person_id is not None and by.person_id != run.made_by_id)
