"""A release from prison: the coordinator writes down where the person is now, and how a mentor can meet them."""

from datetime import datetime
from typing import TYPE_CHECKING

from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import OPEN_CASES, Setting, Whereabouts

if TYPE_CHECKING:
    from demo.programme import Programme


def release(programme: "Programme", mentee: Mentee, at: datetime) -> None:
    """Somebody is out; a case that was closed meanwhile stays as it was."""
    if mentee.stage not in OPEN_CASES:
        return
    mentees.change_whereabouts(
        programme.session,
        mentee=mentee,
        whereabouts=Whereabouts(
            setting=Setting.COMMUNITY,
            release_on=mentee.release_on,
            area=mentee.area or programme.chance.choice(programme.plan.areas),
            travel_km=mentee.travel_km,
            slots=mentee.slots,
            hours_per_week=mentee.hours_per_week,
        ),
        by=programme.staff.coordinator,
        at=at,
    )
