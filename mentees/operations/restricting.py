"""Changing what must be obeyed: risk of serious harm, exclusion areas and contact bans."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require, require_scheme
from accounts.queries import get_own_scheme
from accounts.rules import Permission
from foundation import audit, facts
from foundation.clock import day_of
from foundation.language import _
from foundation.versions import require_version
from mentees.models import ContactBan, ExclusionArea, Mentee, RiskOfHarm
from mentees.operations.keeping import check_risk, keep_ban, keep_exclusion, keep_risk, touch
from mentees.operations.moving import ReasonMissing
from mentees.rules import Ban, Exclusion, RestrictionsChanged, Risk, RiskChanged, RiskGroup, RiskLevel


def assess_risk(
    session: Session,
    *,
    mentee: Mentee,
    group: RiskGroup,
    level: RiskLevel,
    source: str,
    assessed_on: date,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> RiskOfHarm:
    """Write down the risk of serious harm to one group as probation gives it.

    Raises:
        Refusal: The assessment has no source, lies in the future, or is older than the one that stands.
        StaleEdit: Somebody saved the record after the form was opened.
    """
    _require_decider(by, mentee)
    require_version(mentee, version)
    risk = Risk(group, RiskLevel(level), source.strip(), assessed_on)
    check_risk(risk, day_of(at, by.time_zone))
    touch(mentee, by, at)
    kept = keep_risk(session, mentee, risk, by, at, verb="assess_risk")
    session.flush()
    facts.publish(session, RiskChanged(mentee.id, at, by))
    return kept


def add_exclusion_area(
    session: Session,
    *,
    mentee: Mentee,
    exclusion: Exclusion,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> ExclusionArea:
    """Add an area that the person must not enter.

    Raises:
        PlaceUnknown: The place cannot be found, so the area could not be obeyed.
    """
    _require_decider(by, mentee)
    require_version(mentee, version)
    touch(mentee, by, at)
    area = keep_exclusion(session, mentee, exclusion, get_own_scheme(session, by), by=by, at=at)
    session.flush()
    facts.publish(session, RestrictionsChanged(mentee.id, at, by))
    return area


def remove_exclusion_area(
    session: Session, *, area: ExclusionArea, why: str, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Take away an exclusion area that holds no longer.

    Raises:
        ReasonMissing: Nobody said why.
    """
    _forget_restriction(session, area, verb="remove_exclusion_area", why=why, by=by, at=at, version=version)


def add_contact_ban(
    session: Session, *, mentee: Mentee, ban: Ban, by: Actor, at: datetime, version: int | None = None
) -> ContactBan:
    """Forbid contact with somebody, linked to their record where the scheme knows exactly one of that name."""
    _require_decider(by, mentee)
    require_version(mentee, version)
    touch(mentee, by, at)
    kept = keep_ban(session, mentee, ban, by, at)
    session.flush()
    facts.publish(session, RestrictionsChanged(mentee.id, at, by))
    return kept


def remove_contact_ban(
    session: Session, *, ban: ContactBan, why: str, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Take away a contact ban that holds no longer.

    Raises:
        ReasonMissing: Nobody said why.
    """
    _forget_restriction(session, ban, verb="remove_contact_ban", why=why, by=by, at=at, version=version)


def _forget_restriction(
    session: Session,
    restriction: ExclusionArea | ContactBan,
    *,
    verb: str,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None,
) -> None:
    """Take away what the matching had to obey, with the reason in the audit trail."""
    mentee = restriction.mentee
    _require_decider(by, mentee)
    require_version(mentee, version)
    if not why.strip():
        raise ReasonMissing(_("Enter why, so that the next person understands."), field="why")
    touch(mentee, by, at)
    audit.record(session, by=by, at=at, verb=verb, subject=restriction, why=why)
    session.delete(restriction)
    session.flush()
    session.expire(mentee, ["exclusion_areas", "contact_bans"])
    facts.publish(session, RestrictionsChanged(mentee.id, at, by))


def _require_decider(by: Actor, mentee: Mentee) -> None:
    """Let only staff of the scheme decide about a person."""
    require_scheme(by, mentee.scheme_id)
    require(by, Permission.MENTEES_DECIDE)
