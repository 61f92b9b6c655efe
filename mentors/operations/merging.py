"""Applications of somebody who is a volunteer already are put with the earlier record."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import email_key
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _
from mentors.models import Volunteer
from mentors.operations.commitment import begin_commitment
from mentors.operations.deciding import require_decision_on, require_reason, touch
from mentors.operations.pipeline import move_volunteer
from mentors.rules import Stage

_ANSWERS = (
    "area",
    "latitude",
    "longitude",
    "travel_km",
    "slots",
    "hours_per_week",
    "months",
    "languages",
    "lived_experience",
    "skills",
    "interests",
    "gender",
    "why",
)
"""Columns of a volunteer that an application fills."""


def accept_as_same(
    session: Session,
    *,
    volunteer: Volunteer,
    earlier: Volunteer,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Decide that an application comes from somebody who is a volunteer already: the earlier record goes on.

    The earlier record takes the new answers and the link of the new letter; somebody who had said “not now” has
    applied again by this. The later record is closed.

    Args:
        session: The transaction.
        volunteer: The later application, still unread.
        earlier: The record that goes on.
        why: How they were recognised.
        by: Who decides.
        at: When.
        version: Of the later application, as the form carried it.

    Raises:
        Refusal: The later one is under way already, or the addresses differ.
    """
    require_decision_on(by, earlier, None)
    require_decision_on(by, volunteer, version)
    require_reason(why)
    if volunteer.stage is not Stage.APPLIED or earlier.id == volunteer.id:
        raise Refusal(_("Only an application that nobody has begun to read can be put with an earlier one."))
    if email_key(volunteer.person.email) != email_key(earlier.person.email):
        raise Refusal(_("These two have different email addresses."))
    token_hash, volunteer.status_token_hash = volunteer.status_token_hash, None
    move_volunteer(session, volunteer=volunteer, to=Stage.LEFT, why=why, by=by, at=at)
    for name in _ANSWERS:
        setattr(earlier, name, getattr(volunteer, name))
    earlier.status_token_hash = token_hash
    begin_commitment(session, volunteer=earlier, by=by, at=at)
    touch(earlier, by, at)
    audit.record(session, by=by, at=at, verb="accept_as_same", subject=earlier)
    session.flush()
    if earlier.stage is Stage.NOT_NOW:
        move_volunteer(session, volunteer=earlier, to=Stage.APPLIED, why=why, by=by, at=at)
