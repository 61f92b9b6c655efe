"""Writing down what hangs on a person's record, for a referral and for later changes alike."""

from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from accounts.models import Scheme
from accounts.policy import Actor
from foundation import audit, places
from foundation.errors import Refusal
from foundation.language import _
from mentees import queries
from mentees.models import CaseMove, ContactBan, ExclusionArea, Mentee, RiskOfHarm
from mentees.rules import Ban, CaseStage, Exclusion, Risk


class PlaceUnknown(Refusal):
    """An area that must be obeyed cannot be found on the map."""


def touch(mentee: Mentee, by: Actor, at: datetime) -> None:
    """Count what hangs on a record as a change of the record, so that two editors of it meet at its version.

    Call it first: the record is then saved before the rest, and the later of two editors is told that they are late.
    """
    mentee.changed_at, mentee.changed_by_id = at, by.person_id
    flag_modified(mentee, "changed_at")


def write_move(mentee: Mentee, before: CaseStage | None, by: Actor, at: datetime, why: str) -> None:
    """Add to the timeline of a case."""
    mentee.moves.append(
        CaseMove(mentee_id=mentee.id, before=before, after=mentee.stage, at=at, by_id=by.person_id, why=why)
    )


def check_risk(risk: Risk, today: date) -> None:
    """Refuse an assessment that nobody made or that is not made yet."""
    if not risk.source:
        raise Refusal(_("Enter who assessed the risk."), field="source")
    if risk.assessed_on > today:
        raise Refusal(_("The day of the assessment cannot lie in the future."), field="assessed_on")


def keep_risk(session: Session, mentee: Mentee, risk: Risk, by: Actor, at: datetime, *, verb: str) -> RiskOfHarm:
    """Write an assessment over the earlier one of the same group, unless it is older."""
    kept = next((known for known in mentee.risks if known.group_at_risk == risk.group), None)
    if kept is None:
        kept = RiskOfHarm(group_at_risk=risk.group)
        mentee.risks.append(kept)
        kept.mentee_id = mentee.id
    elif risk.assessed_on < kept.assessed_on:
        raise Refusal(_("There is a newer assessment of this group already."), field="assessed_on")
    kept.level, kept.source, kept.assessed_on = int(risk.level), risk.source, risk.assessed_on
    audit.record(session, by=by, at=at, verb=verb, subject=kept)
    return kept


def keep_exclusion(
    session: Session, mentee: Mentee, exclusion: Exclusion, scheme: Scheme, *, by: Actor, at: datetime
) -> ExclusionArea:
    """Write an exclusion area down, if it can be found on the map."""
    place = places.locate(exclusion.area, scheme.country)
    if place is None:
        raise PlaceUnknown(
            _(
                "“%(place)s” is not on our map, so this exclusion area could not be obeyed. "
                "Give a postcode inside it, or a larger town and a wider circle.",
                place=exclusion.area,
            ),
            field="place",
        )
    area = ExclusionArea(
        mentee_id=mentee.id,
        label=exclusion.label.strip() or exclusion.area.strip(),
        latitude=place.latitude,
        longitude=place.longitude,
        radius_km=float(exclusion.radius_km),
    )
    mentee.exclusion_areas.append(area)
    audit.record(session, by=by, at=at, verb="add_exclusion_area", subject=area)
    return area


def keep_ban(session: Session, mentee: Mentee, ban: Ban, by: Actor, at: datetime) -> ContactBan:
    """Write a contact ban down, by name and, where it is certain, by record."""
    if not ban.name.strip():
        raise Refusal(_("Enter the name of the person with whom there must be no contact."), field="name")
    kept = ContactBan(
        mentee_id=mentee.id,
        name=ban.name.strip(),
        banned_person_id=queries.find_person_by_name(session, mentee.scheme_id, ban.name, but=mentee.person_id),
        why=ban.why,
    )
    mentee.contact_bans.append(kept)
    audit.record(session, by=by, at=at, verb="add_contact_ban", subject=kept)
    return kept
