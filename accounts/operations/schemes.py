"""What changes schemes: they are founded, and partners that may refer people are added."""

import re
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.models import Agency, Scheme
from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit
from foundation.errors import Refusal
from foundation.language import _

LONGEST_SLUG = 40


def found_scheme(
    session: Session,
    *,
    slug: str,
    name: str,
    charity: str,
    country: str,
    time_zone: str,
    contact_email: str,
    starts_on: date,
    ends_on: date,
    at: datetime,
    contact_phone: str = "",
) -> Scheme:
    """Found a scheme: one charity or site with people and figures of its own.

    Raises:
        Refusal: The short name cannot stand in an address.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_SLUG:
        raise Refusal(_("Write the short name in small letters, digits and hyphens."), field="slug")
    scheme = Scheme(
        slug=slug,
        name=name,
        charity=charity,
        country=country,
        time_zone=time_zone,
        contact_email=contact_email,
        contact_phone=contact_phone,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(scheme)
    audit.record(session, by=Actor(None, scheme.id), at=at, verb="found_scheme", subject=scheme)
    return scheme


def add_agency(session: Session, *, name: str, by: Actor, at: datetime) -> Agency:
    """Add a partner that may refer people to the actor's scheme."""
    require(by, Permission.ACCOUNTS_MANAGE)
    agency = Agency(scheme_id=by.scheme_id, name=name)
    session.add(agency)
    audit.record(session, by=by, at=at, verb="add_agency", subject=agency)
    return agency
