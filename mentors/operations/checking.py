"""How checks on a volunteer stand is written down; renewals keep what was before."""

import uuid
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor
from foundation import audit, facts
from foundation.clock import day_of
from foundation.errors import Refusal
from foundation.language import _, words_for
from mentors import queries
from mentors.models import Check, Volunteer
from mentors.operations.deciding import require_decision_on, touch
from mentors.rules import (
    PASSED,
    RUNS_OUT,
    CheckKind,
    CheckOutcome,
    CheckPaper,
    CheckRecorded,
    DbsLevel,
    details_until,
)

NO_PAPER = CheckPaper()


class LevelNotAllowed(Refusal):
    """The level of a criminal record check is higher than the role of a mentor allows."""


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
    paper: CheckPaper = NO_PAPER,
    version: int | None = None,
) -> Check:
    """Write down how a check on a volunteer stands.

    A decision of another day is a renewal: the earlier one ends and is history. A check that is awaited while an
    earlier one still counts stands beside it, so that asking in good time costs nobody their readiness. A decision of
    the same day mends the one that was written down.

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
        paper: What the papers say.
        version: The volunteer's version that the form carried.

    Raises:
        LevelNotAllowed: Asking for this level is unlawful.
        Refusal: Something is missing or contradicts itself; the field says what.
    """
    require_decision_on(by, volunteer, version)
    paper = _with_reason(session, volunteer, kind, level, paper)
    _require_sound_days(outcome, decided_on, expires_on, paper, day_of(at, by.time_zone))
    _require_sound_parts(kind, outcome, level, expires_on, conditions)
    _require_establishment(kind, paper.establishment_id)
    if outcome is CheckOutcome.AWAITED:
        decided_on = expires_on = None
    check = _row_for(session, volunteer, kind, paper.establishment_id, decided_on, at)
    check.outcome, check.level, check.conditions = outcome, level, conditions
    check.decided_on, check.expires_on = decided_on, expires_on
    check.decided_by_id = by.person_id if decided_on else None
    _put_paper(check, paper)
    check.changed_at, check.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="record_check", subject=check)
    _tell(session, volunteer, by, at)
    return check


def _put_paper(check: Check, paper: CheckPaper) -> None:
    """Put what the papers say into a row, and until when it is kept."""
    check.eligible_why, check.reference = paper.eligible_why.strip() or None, paper.reference.strip() or None
    check.issued_on = paper.issued_on
    check.is_lived_route = paper.is_lived_route if check.kind is CheckKind.PRISON_VETTING else None
    check.details_until_on = details_until(check.decided_on) if check.decided_on else None
    check.reminded_days = None


def _tell(session: Session, volunteer: Volunteer, by: Actor, at: datetime) -> None:
    """Save, have the record show what stands now, and tell whoever judges readiness."""
    touch(volunteer, by, at)
    session.flush()
    session.expire(volunteer, ["checks"])
    facts.publish(session, CheckRecorded(volunteer.id, at, by))


def _with_reason(
    session: Session, volunteer: Volunteer, kind: CheckKind, level: DbsLevel | None, paper: CheckPaper
) -> CheckPaper:
    """Refuse a level of DBS check above what the role allows, and keep the reason why this one is allowed.

    Raises:
        LevelNotAllowed: The scheme's role is not eligible for it.
        Refusal: There is no level.
    """
    if kind is not CheckKind.DBS:
        return replace(paper, eligible_why="")
    if level is None:
        raise Refusal(_("Choose the level of the DBS check"), field="level")
    allowed = queries.get_dbs_allowance(session, volunteer.scheme_id)
    if level.rank > allowed.level.rank:
        raise LevelNotAllowed(
            _(
                "The role allows no higher level than “%(level)s”. Asking for more is unlawful",
                level=words_for(allowed.level),
            ),
            field="level",
        )
    return paper if paper.eligible_why.strip() else replace(paper, eligible_why=str(allowed.why))


def _require_establishment(kind: CheckKind, establishment_id: uuid.UUID | None) -> None:
    """Insist on the establishment for prison vetting, and on none for all else."""
    if kind is CheckKind.PRISON_VETTING and establishment_id is None:
        raise Refusal(_("Enter the name of the establishment"), field="establishment_name")
    if kind is not CheckKind.PRISON_VETTING and establishment_id is not None:
        raise Refusal(_("Only prison vetting belongs to an establishment"), field="establishment_name")


def _row_for(  # noqa: PLR0917 - what one row is told from others by.
    session: Session,
    volunteer: Volunteer,
    kind: CheckKind,
    establishment_id: uuid.UUID | None,
    decided_on: date | None,
    at: datetime,
) -> Check:
    """Find the row to write into, or make one beside what stands; what a new decision replaces ends."""
    standing = [row for row in volunteer.checks if row.kind is kind and row.establishment_id == establishment_id]
    awaited = next((row for row in standing if row.outcome is CheckOutcome.AWAITED), None)
    decided = next((row for row in standing if row.outcome is not CheckOutcome.AWAITED), None)
    if decided_on is not None and decided is not None:
        if awaited is None and decided.decided_on == decided_on:
            return decided
        decided.ended_at = at
        # Saved before the new one, since only one decision of a kind may stand.
        session.flush()
    if awaited is not None:
        return awaited
    row = Check(kind=kind, volunteer_id=volunteer.id, establishment_id=establishment_id)
    volunteer.checks.append(row)
    return row


def _require_sound_days(
    outcome: CheckOutcome, decided_on: date | None, expires_on: date | None, paper: CheckPaper, today: date
) -> None:
    """Refuse days that are missing or contradict each other."""
    if outcome is not CheckOutcome.AWAITED and decided_on is None:
        raise Refusal(_("Enter the day of the decision"), field="decided_on")
    if decided_on is not None and decided_on > today:
        raise Refusal(_("The day of the decision is not to come"), field="decided_on")
    if paper.issued_on is not None and paper.issued_on > today:
        raise Refusal(_("The day of the document is not to come"), field="issued_on")
    if decided_on is not None and expires_on is not None and expires_on <= decided_on:
        raise Refusal(_("A check runs out after it was decided"), field="expires_on")


def _require_sound_parts(
    kind: CheckKind, outcome: CheckOutcome, level: DbsLevel | None, expires_on: date | None, conditions: str
) -> None:
    """Refuse a check that lacks what its kind or outcome asks for."""
    if kind is not CheckKind.DBS and level is not None:
        raise Refusal(_("Only a DBS check has a level"), field="level")
    if kind in RUNS_OUT and outcome in PASSED and expires_on is None:
        raise Refusal(_("Enter the day on which it runs out"), field="expires_on")
    if outcome is CheckOutcome.CLEAR_WITH_CONDITIONS and not conditions.strip():
        raise Refusal(_("Enter the conditions"), field="conditions")
