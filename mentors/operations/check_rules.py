"""What is asked of volunteers: up to which level of DBS check, and of those who drive people."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require
from accounts.rules import Permission
from foundation import audit, facts
from mentors.models import DbsCeiling, Volunteer
from mentors.operations.deciding import require_decision_on, require_reason, touch
from mentors.rules import CheckRecorded, DbsLevel


def set_dbs_ceiling(session: Session, *, level: DbsLevel, why: str, by: Actor, at: datetime) -> DbsCeiling:
    """Decide the highest level of DBS check that the role of a mentor allows in the actor's scheme, and why.

    Checks that were made before stay as they are; the decisions before this one are kept.

    Raises:
        Refusal: The reason is missing.
    """
    require(by, Permission.ACCOUNTS_MANAGE)
    require_reason(why)
    decided = DbsCeiling(scheme_id=by.scheme_id, level=level, why=why, decided_at=at, decided_by_id=by.person_id)
    session.add(decided)
    audit.record(session, by=by, at=at, verb="set_dbs_ceiling", subject=decided)
    session.flush()
    return decided


def set_driving(
    session: Session, *, volunteer: Volunteer, drives_people: bool, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Write down whether a volunteer says that they drive people; licence and insurance are then asked."""
    require_decision_on(by, volunteer, version)
    volunteer.drives_people = drives_people
    touch(volunteer, by, at)
    audit.record(session, by=by, at=at, verb="set_driving", subject=volunteer)
    session.flush()
    facts.publish(session, CheckRecorded(volunteer.id, at, by))
