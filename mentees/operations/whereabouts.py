"""Where a person is and where and when a mentor can meet them: it changes with every release and every move."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.operations import name_establishment
from accounts.policy import Actor, require, require_scheme
from accounts.queries import get_own_scheme
from accounts.rules import Permission
from foundation import audit, facts, places
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from foundation.versions import require_version
from mentees.models import Mentee
from mentees.operations.keeping import touch
from mentees.rules import Setting, Whereabouts, WhereaboutsChanged, is_badly_formed_place


def change_whereabouts(
    session: Session,
    *,
    mentee: Mentee,
    whereabouts: Whereabouts,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Write down where a person is now and how they can be met; what was proposed for them no longer stands.

    Raises:
        Refusal: A date, a place or a reason is missing or cannot be right.
        StaleEdit: Somebody saved the record after the form was opened.
    """
    require_scheme(by, mentee.scheme_id)
    require(by, Permission.MENTEES_DECIDE)
    require_version(mentee, version)
    country = get_own_scheme(session, by).country
    check_whereabouts(whereabouts, country, day_of(at, by.time_zone))
    touch(mentee, by, at)
    put_whereabouts(mentee, whereabouts, country)
    put_inside(session, mentee, whereabouts, by, at)
    audit.record(session, by=by, at=at, verb="change_whereabouts", subject=mentee)
    session.flush()
    facts.publish(session, WhereaboutsChanged(mentee.id, at, by))


def check_whereabouts(whereabouts: Whereabouts, country: str, today: date) -> None:
    """Refuse what does not say where the person is and where a mentor can meet them.

    Raises:
        Refusal: A date, a place or a reason is missing or cannot be right.
    """
    is_inside = whereabouts.setting is Setting.CUSTODY
    if is_inside and whereabouts.release_on is None and not whereabouts.release_missing_why.strip():
        raise Refusal(_("Enter the release date, or why it is not known."), field="release_on")
    if is_inside and whereabouts.release_on is not None and whereabouts.release_on < today:
        raise Refusal(
            _("The release date has passed. Enter a later one, or choose “in the community”."), field="release_on"
        )
    if not whereabouts.area.strip() and not is_inside:
        raise Refusal(_("Enter the agreed meeting place."), field="area")
    if is_badly_formed_place(whereabouts.area, country):
        raise Refusal(_("Enter a full postcode, like L36 9UX, or the name of a town."), field="area")


def put_whereabouts(mentee: Mentee, whereabouts: Whereabouts, country: str) -> None:
    """Put into a record where the person is; a place that nobody knows has no distance, never distance zero."""
    place = places.locate(whereabouts.area, country) if whereabouts.area else None
    is_inside = whereabouts.setting is Setting.CUSTODY
    has_no_date = is_inside and whereabouts.release_on is None
    mentee.setting = whereabouts.setting
    mentee.release_on = whereabouts.release_on
    mentee.release_missing_why = whereabouts.release_missing_why if has_no_date else ""
    mentee.area = whereabouts.area.strip()
    mentee.latitude = place.latitude if place else None
    mentee.longitude = place.longitude if place else None
    mentee.travel_km = whereabouts.travel_km
    mentee.slots = whereabouts.slots
    mentee.hours_per_week = whereabouts.hours_per_week


def put_inside(session: Session, mentee: Mentee, whereabouts: Whereabouts, by: Actor, at: datetime) -> None:
    """Put into a record in which establishment the person is; whoever is out is in none."""
    named = whereabouts.establishment_name.strip()
    is_inside = whereabouts.setting is Setting.CUSTODY and bool(named)
    place = name_establishment(session, name=named, by=by, at=at) if is_inside else None
    mentee.establishment, mentee.establishment_id = place, place.id if place else None
