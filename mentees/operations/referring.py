"""Referring a person."""

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.models import Person, Scheme
from accounts.operations import add_person
from accounts.policy import Actor, require
from accounts.queries import get_own_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import NotVisible, Refusal
from foundation.language import _
from mentees import queries
from mentees.models import Mentee
from mentees.operations.keeping import check_risk, keep_ban, keep_exclusion, keep_risk, write_move
from mentees.operations.whereabouts import check_whereabouts, put_inside, put_whereabouts
from mentees.rules import CASES, Referral, next_reference


def refer(
    session: Session, *, referral: Referral, by: Actor, at: datetime, agency_id: uuid.UUID | None = None
) -> Mentee:
    """Refer a person to the actor's scheme; their case waits for a decision.

    Args:
        session: The transaction.
        referral: What is said of the person.
        by: Who refers; an officer always refers for their own agency.
        at: When.
        agency_id: The agency for which staff enter a referral.

    Raises:
        Refusal: Consent, a place, the risk or a reason is missing or cannot be right.
    """
    require(by, Permission.REFERRALS_MAKE)
    scheme = get_own_scheme(session, by)
    _check_referral(referral, scheme, day_of(at, scheme.time_zone))
    agency_id = _agency_of(session, by, agency_id)
    reference = next_reference(scheme.slug, queries.find_newest_reference(session, scheme))
    person = add_person(session, name=referral.name, email=referral.email, phone=referral.phone, by=by, at=at)
    mentee = _open_case(referral, person, scheme, by, at)
    put_inside(session, mentee, referral.whereabouts, by, at)
    mentee.reference, mentee.agency_id = reference, agency_id
    session.add(mentee)
    audit.record(session, by=by, at=at, verb="refer", subject=mentee)
    write_move(mentee, None, by, at, "")
    for risk in referral.risks:
        keep_risk(session, mentee, risk, by, at, verb="refer")
    for exclusion in referral.exclusions:
        keep_exclusion(session, mentee, exclusion, scheme, by=by, at=at)
    for ban in referral.bans:
        keep_ban(session, mentee, ban, by, at)
    session.flush()
    return mentee


def _check_referral(referral: Referral, scheme: Scheme, today: date) -> None:
    """Refuse a referral that cannot be worked with."""
    if not referral.name.strip():
        raise Refusal(_("Enter the person's name."), field="name")
    if referral.consent_on is None:
        raise Refusal(_("Without the person's consent they cannot be referred."), field="consent_on")
    if referral.consent_on > today:
        raise Refusal(_("The day of consent cannot lie in the future."), field="consent_on")
    if (referral.stated_gender is None) != (not referral.stated_gender_why.strip()):
        raise Refusal(
            _("A stated need for a woman or a man needs its reason, and a reason the need."), field="stated_gender"
        )
    if not referral.risks:
        raise Refusal(_("Give the risk of serious harm for at least one group."), field="risk_children")
    for risk in referral.risks:
        check_risk(risk, today)
    check_whereabouts(referral.whereabouts, scheme.country, today)


def _agency_of(session: Session, by: Actor, agency_id: uuid.UUID | None) -> uuid.UUID | None:
    """Tell for which agency somebody refers: an officer for their own, staff for any of the scheme or for none."""
    if not by.may(Permission.MENTEES_READ):
        return by.agency_id
    if agency_id is not None and queries.find_agency(session, by, agency_id) is None:
        raise NotVisible(_("There is no such agency."))
    return agency_id


def _open_case(referral: Referral, person: Person, scheme: Scheme, by: Actor, at: datetime) -> Mentee:
    """Make the record of a referral."""
    mentee = Mentee(
        scheme_id=scheme.id,
        person_id=person.id,
        person=person,
        stage=CASES.start,
        stage_since=at,
        referred_by_id=by.person_id,
        referred_at=at,
        consent_on=referral.consent_on,
        needs=sorted(referral.needs),
        languages=sorted(referral.languages),
        has_interpreter=referral.has_interpreter,
        wanted_experience=sorted(referral.wanted_experience),
        interests=sorted(referral.interests),
        stated_gender=referral.stated_gender,
        stated_gender_why=referral.stated_gender_why.strip(),
        about=referral.about,
        changed_at=at,
        changed_by_id=by.person_id,
        # A new record has none of these yet; said here, nothing is read for them.
        risks=[],
        exclusion_areas=[],
        contact_bans=[],
        moves=[],
    )
    put_whereabouts(mentee, referral.whereabouts, scheme.country)
    return mentee
