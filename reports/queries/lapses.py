"""What runs out and what was lost: checks by kind and time left, and mentors who are no longer ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from accounts.models import Establishment, Person
from accounts.policy import Actor
from accounts.rules import Permission
from mentoring.models import Match, ReadinessLoss
from mentoring.rules import OPEN_STATES
from mentors.models import Check, Volunteer
from mentors.policy import visible_volunteers
from mentors.queries import CHECKED_STAGES
from mentors.rules import CHECK_PAGE_LENGTH, PASSED, CheckKind, Lapse, Stage, lapse_between, lapse_of


@dataclass(frozen=True)
class LapseRow:
    """One check that runs out, or has run out.

    Attributes:
        establishment: Of prison vetting; else empty.
        is_matched: Whether the volunteer has an open match.
        is_renewed: Whether a renewal has been asked for.
    """

    volunteer_id: UUID
    name: str
    stage: Stage
    kind: CheckKind
    establishment: str
    expires_on: date
    lapse: Lapse
    is_matched: bool
    is_renewed: bool


@dataclass(frozen=True)
class LostRow:
    """One mentor who was ready and is no longer."""

    volunteer_id: UUID
    name: str
    since: date
    is_matched: bool


def count_lapses(session: Session, by: Actor, on: date, kind: CheckKind | None = None) -> dict[Lapse, int]:
    """Count the checks that run out, by how soon."""
    counts = [func.count().filter(_runs_out(lapse, on)) for lapse in Lapse]
    statement = select(*counts).select_from(Check).join(Volunteer, Volunteer.id == Check.volunteer_id)
    found = session.execute(statement.where(*_looked_at(by, kind))).one()
    return dict(zip(Lapse, found, strict=True))


def list_lapses(
    session: Session, by: Actor, on: date, *, lapse: Lapse | None = None, kind: CheckKind | None = None, page: int = 1
) -> list[LapseRow]:
    """List one page of the checks that run out within 90 days or have run out, the first to lapse first.

    Args:
        session: Where to read.
        by: Who asks; only whoever decides about volunteers is told.
        on: Today where the scheme is.
        lapse: Only those that run out so soon.
        kind: Only checks of a kind.
        page: From 1.
    """
    renewal = Check.__table__.alias("renewal")
    is_renewed = (
        select(renewal.c.id)
        .where(
            renewal.c.volunteer_id == Check.volunteer_id,
            renewal.c.kind == Check.kind,
            renewal.c.ended_at.is_(None),
            renewal.c.outcome == "awaited",
        )
        .correlate(Check)
        .exists()
    )
    statement = (
        select(
            Volunteer.id,
            Person.name,
            Volunteer.stage,
            Check.kind,
            Establishment.name,
            Check.expires_on,
            _is_matched(),
            is_renewed,
        )
        .join(Volunteer, Volunteer.id == Check.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .outerjoin(Establishment, Establishment.id == Check.establishment_id)
        .where(*_looked_at(by, kind), *([_runs_out(lapse, on)] if lapse else [_any_runs_out(on)]))
        .order_by(Check.expires_on, Check.id)
        .limit(CHECK_PAGE_LENGTH)
        .offset((max(page, 1) - 1) * CHECK_PAGE_LENGTH)
    )
    return [_row(line, on) for line in session.execute(statement)]


def _row(line: Any, on: date) -> LapseRow:  # noqa: ANN401 - a row of the statement.
    """Turn a line of the statement into one of the page."""
    volunteer_id, name, stage, kind, place, expires_on, is_matched, is_renewed = line
    lapse = lapse_of(expires_on, on) or Lapse.IN_90
    return LapseRow(volunteer_id, name, stage, kind, place or "", expires_on, lapse, bool(is_matched), bool(is_renewed))


def list_lost(session: Session, by: Actor) -> Sequence[LostRow]:
    """List the mentors who are no longer ready, those longest lost first, as many as one page holds."""
    statement = (
        select(Volunteer.id, Person.name, ReadinessLoss.lost_on, _is_matched())
        .join(Volunteer, Volunteer.id == ReadinessLoss.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(_may_see(by), ReadinessLoss.restored_on.is_(None))
        .order_by(ReadinessLoss.lost_on, ReadinessLoss.id)
        .limit(CHECK_PAGE_LENGTH)
    )
    return [LostRow(row[0], row[1], row[2], bool(row[3])) for row in session.execute(statement)]


def _may_see(by: Actor) -> ColumnElement[bool]:
    """Say whose checks somebody is told of."""
    return visible_volunteers(by) if by.may(Permission.VOLUNTEERS_DECIDE) else false()


def _is_matched() -> ColumnElement[bool]:
    """Say whether a volunteer has somebody to meet."""
    is_open = (Match.volunteer_id == Volunteer.id, Match.state.in_(OPEN_STATES))
    return select(Match.id).where(*is_open).correlate(Volunteer).exists()


def _looked_at(by: Actor, kind: CheckKind | None) -> list[ColumnElement[bool]]:
    """Say which checks are looked at: those that stand and were passed, of volunteers for whom it matters."""
    where = [
        _may_see(by),
        Volunteer.stage.in_(CHECKED_STAGES),
        Check.ended_at.is_(None),
        Check.outcome.in_(PASSED),
    ]
    return [*where, Check.kind == kind] if kind else where


def _runs_out(lapse: Lapse, on: date) -> ColumnElement[bool]:
    """Say that a check runs out so soon."""
    after, until = lapse_between(lapse, on)
    return Check.expires_on <= until if after is None else (Check.expires_on > after) & (Check.expires_on <= until)


def _any_runs_out(on: date) -> ColumnElement[bool]:
    """Say that a check runs out within 90 days, or has run out."""
    return Check.expires_on <= lapse_between(Lapse.IN_90, on)[1]
