"""Every leaving is written down once, by whichever way a volunteer leaves."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from mentors.models import Departure, Volunteer
from mentors.rules import Leaving


def note_departure(session: Session, *, volunteer: Volunteer, leaving: Leaving, by: Actor, at: datetime) -> Departure:
    """Write down that a volunteer leaves, with the last day and why.

    Raises:
        Refusal: The last day is to come, or lies before the application.
    """
    today = day_of(at, by.time_zone)
    left_on = leaving.left_on or today
    if left_on > today:
        raise Refusal(_("The last day is not to come. Record it when they have left."), field="left_on")
    if left_on < day_of(volunteer.applied_at, by.time_zone):
        raise Refusal(_("The last day lies before the application"), field="left_on")
    departure = Departure(
        volunteer_id=volunteer.id,
        left_on=left_on,
        ground=leaving.ground,
        reason=leaving.reason,
        note=leaving.note,
        recorded_at=at,
        recorded_by_id=by.person_id,
    )
    session.add(departure)
    audit.record(session, by=by, at=at, verb="note_departure", subject=departure)
    session.flush()
    return departure
