"""How checks on a volunteer stand is written down."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _
from mentors.models import Check, Volunteer
from mentors.operations.deciding import require_decision_on, touch
from mentors.rules import PASSED, CheckKind, CheckOutcome, DbsLevel


def record_check(
    session: Session,
    *,
    volunteer: Volunteer,
    kind: CheckKind,
    outcome: CheckOutcome,
    by: Actor,
    at: datetime,
    level: DbsLevel | None = None,
    decided_on: date | None = None,
    expires_on: date | None = None,
    conditions: str = "",
    version: int | None = None,
) -> Check:
    """Write down how a check on a volunteer stands; each kind has one row, which is overwritten.

    Args:
        session: The transaction.
        volunteer: Who is checked.
        kind: What is checked.
        outcome: How it stands.
        by: Who decided.
        at: When it is written down.
        level: Of a DBS check only.
        decided_on: The day of the decision; must not be to come, and is needed once there is an outcome.
        expires_on: First day on which it no longer counts; None if it always does.
        conditions: What the volunteer must keep to.
        version: The volunteer's version that the form carried.

    Raises:
        Refusal: Something is missing or contradicts itself; the field says what.
    """
    require_decision_on(by, volunteer, version)
    _require_sound_check(kind, outcome, level, decided_on, expires_on, conditions, day_of(at, by.time_zone))
    check = next((row for row in volunteer.checks if row.kind is kind), None)
    if check is None:
        check = Check(kind=kind, volunteer_id=volunteer.id)
        volunteer.checks.append(check)
    check.outcome, check.level, check.conditions = outcome, level, conditions
    check.decided_on, check.expires_on = decided_on, expires_on
    check.changed_at, check.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="record_check", subject=check)
    touch(volunteer, by, at)
    session.flush()
    return check


def _require_sound_check(  # noqa: PLR0917 - the parts of one check.
    kind: CheckKind,
    outcome: CheckOutcome,
    level: DbsLevel | None,
    decided_on: date | None,
    expires_on: date | None,
    conditions: str,
    today: date,
) -> None:
    """Refuse a check whose parts contradict each other."""
    if kind is CheckKind.DBS and outcome in PASSED and level is None:
        raise Refusal(_("Choose the level of the DBS check"), field="level")
    if kind is not CheckKind.DBS and level is not None:
        raise Refusal(_("Only a DBS check has a level"), field="level")
    if outcome is not CheckOutcome.AWAITED and decided_on is None:
        raise Refusal(_("Enter the day of the decision"), field="decided_on")
    if decided_on is not None and decided_on > today:
        raise Refusal(_("The day of the decision is not to come"), field="decided_on")
    if decided_on is not None and expires_on is not None and expires_on <= decided_on:
        raise Refusal(_("A check runs out after it was decided"), field="expires_on")
    if outcome is CheckOutcome.CLEAR_WITH_CONDITIONS and not conditions.strip():
        raise Refusal(_("Enter the conditions"), field="conditions")
