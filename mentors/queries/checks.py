"""Reads about checks: what stands and what was before, what a scheme may ask for, and whose details are to go."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session, joinedload, undefer_group

from accounts.models import Scheme
from foundation.encryption import GROUP
from foundation.language import _
from mentors.models import Check, DbsCeiling, Volunteer
from mentors.rules import PASSED, REMINDER_DAYS, USUAL_DBS_LEVEL, CheckKind, DbsLevel, Stage

CHECKED_STAGES = (Stage.CHECKS, Stage.TRAINING, Stage.READY, Stage.ON_A_BREAK)
"""Stages in which it matters that a check runs out."""


@dataclass(frozen=True)
class DbsAllowance:
    """Up to which level a scheme may ask for a criminal record check, and why.

    Attributes:
        decided_at: When the scheme decided so; None while the usual level holds.
    """

    level: DbsLevel
    why: object
    decided_at: datetime | None = None
    decided_by_id: uuid.UUID | None = None


def get_dbs_allowance(session: Session, scheme_id: uuid.UUID) -> DbsAllowance:
    """Get the highest level of criminal record check that the role of a mentor allows in a scheme."""
    statement = (
        select(DbsCeiling)
        .where(DbsCeiling.scheme_id == scheme_id)
        .order_by(DbsCeiling.decided_at.desc(), DbsCeiling.id)
        .limit(1)
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        return DbsAllowance(
            USUAL_DBS_LEVEL,
            _(
                "Mentors advise and guide adults who are supervised by probation. That is work with adults, and it is "
                "no regulated activity, so the barred lists are not asked."
            ),
        )
    return DbsAllowance(found.level, found.why, found.decided_at, found.decided_by_id)


def list_checks(session: Session, volunteer: Volunteer) -> Sequence[Check]:
    """List all checks on a volunteer with their details, those that stand first, then the newest history."""
    statement = (
        select(Check)
        .where(Check.volunteer_id == volunteer.id)
        .options(undefer_group(GROUP), joinedload(Check.establishment))
        .order_by(Check.ended_at.is_not(None), Check.kind, Check.ended_at.desc(), Check.id)
    )
    return session.scalars(statement).all()


def are_details_over(scheme: Scheme, on: date, held: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Say whose details are kept no longer on a day; those of people whose data is held stay."""
    return and_(
        Volunteer.scheme_id == scheme.id,
        Check.details_until_on <= on,
        Volunteer.person_id.not_in(held) if held else true(),
    )


def has_details_over(session: Session, scheme: Scheme, on: date, held: Collection[uuid.UUID]) -> bool:
    """Look whether anything is to go, before opening a transaction that every other writer would wait for."""
    statement = select(Check.id).join(Volunteer, Volunteer.id == Check.volunteer_id)
    return session.scalar(statement.where(are_details_over(scheme, on, held)).limit(1)) is not None


def list_to_remind(session: Session, scheme: Scheme, on: date) -> Sequence[Check]:
    """List the checks about which a letter may be due, with volunteer and person, the first to run out first."""
    statement = (
        select(Check)
        .join(Volunteer, Volunteer.id == Check.volunteer_id)
        .where(
            Volunteer.scheme_id == scheme.id,
            Volunteer.stage.in_(CHECKED_STAGES),
            Check.ended_at.is_(None),
            Check.outcome.in_(PASSED),
            Check.expires_on > on,
            Check.expires_on <= on + timedelta(days=max(REMINDER_DAYS)),
        )
        .options(joinedload(Check.volunteer).joinedload(Volunteer.person))
        .order_by(Check.expires_on, Check.id)
    )
    return session.scalars(statement).all()


def vetted_establishments(
    session: Session, volunteer_ids: Sequence[uuid.UUID], on: date
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Tell for each of several volunteers which establishments have vetted them with effect on a day."""
    return _vetted(session, Check.volunteer_id.in_(volunteer_ids), on)


def list_vetted(session: Session, scheme_id: uuid.UUID, on: date) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Tell for each volunteer of a scheme which establishments have vetted them with effect on a day."""
    return _vetted(session, Volunteer.scheme_id == scheme_id, on)


def _vetted(session: Session, whose: ColumnElement[bool], on: date) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Read vetting that stands, was passed, and has not run out."""
    statement = (
        select(Check.volunteer_id, Check.establishment_id)
        .join(Volunteer, Volunteer.id == Check.volunteer_id)
        .where(
            whose,
            Check.kind == CheckKind.PRISON_VETTING,
            Check.establishment_id.is_not(None),
            Check.ended_at.is_(None),
            Check.outcome.in_(PASSED),
            Check.expires_on > on,
        )
        .order_by(Check.volunteer_id, Check.establishment_id)
    )
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for volunteer_id, establishment_id in session.execute(statement):
        found.setdefault(volunteer_id, set()).add(cast("uuid.UUID", establishment_id))
    return {key: frozenset(places) for key, places in found.items()}
