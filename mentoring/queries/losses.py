"""Reads about readiness that was lost: who is ready or matched, what they lack now, and what was noted before."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from mentoring.models import Match, ReadinessLoss, ReadinessNight
from mentoring.queries.readiness import check_points, checklists_of
from mentoring.rules import OPEN_STATES, Point
from mentors.models import Check, Volunteer
from mentors.rules import PASSED, Stage

AT_ONCE = 500
"""Volunteers judged in one step, so that neither memory nor a statement grows with the scheme."""


@dataclass(frozen=True)
class Judged:
    """What a look at everybody found.

    Attributes:
        count: How many were judged.
        changed: Who has lost readiness, or has it back, since it was last noted.
    """

    count: int
    changed: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class Lost:
    """What a mentor lacks while they are matched.

    Attributes:
        points: The checks that are lacking today; whatever else is lacking stands on the page of readiness.
        since: The day on which it was noted; None if it is not noted yet.
        is_vetted: Whether the establishment where the person is has vetted the mentor; true for whoever is out.
    """

    points: list[Point]
    since: date | None
    is_vetted: bool


def find_lost(session: Session, match: Match, on: date) -> Lost | None:
    """Look what the mentor of an open match has lost, in three statements at most; None if nothing.

    Checks are judged by today, since they run out by themselves; the rest is taken from what was noted last.
    """
    lacking = [point for point in check_points(session, match.volunteer, on) if not point.is_met]
    loss = list_open_losses(session, [match.volunteer_id]).get(match.volunteer_id)
    is_vetted = _is_vetted(session, match, on)
    if is_vetted and not lacking and loss is None:
        return None
    return Lost(lacking, loss.lost_on if loss else None, is_vetted)


def _is_vetted(session: Session, match: Match, on: date) -> bool:
    """Tell whether the mentor may go in where the person is; whoever is out asks for no vetting."""
    if match.mentee.establishment_id is None:
        return True
    vetting = exists().where(
        Check.volunteer_id == match.volunteer_id,
        Check.establishment_id == match.mentee.establishment_id,
        Check.ended_at.is_(None),
        Check.outcome.in_(PASSED),
        Check.expires_on > on,
    )
    return bool(session.scalar(select(vetting)))


def lacking_of(session: Session, volunteers: Sequence[Volunteer], on: date) -> dict[uuid.UUID, list[Point]]:
    """List what volunteers lack who were ready once; that all places are taken is no loss."""
    checklists = checklists_of(session, volunteers, on, with_places=False)
    return {key: [point for point in points if not point.is_met] for key, points in checklists.items()}


def has_judged(session: Session, scheme_id: uuid.UUID, on: date) -> bool:
    """Tell whether everybody of a scheme has been judged on a day."""
    statement = select(ReadinessNight.id).where(ReadinessNight.scheme_id == scheme_id, ReadinessNight.night_on == on)
    return session.scalar(statement) is not None


def find_changed_readiness(session: Session, scheme_id: uuid.UUID, on: date) -> Judged:
    """Judge everybody of a scheme who is ready or matched, and find whose readiness is no longer as it was noted."""
    noted = set(_noted(session, scheme_id))
    count, lost = 0, set[uuid.UUID]()
    for volunteers in _batches(session, scheme_id):
        count += len(volunteers)
        lost |= {key for key, points in lacking_of(session, volunteers, on).items() if points}
    return Judged(count, tuple(sorted(noted ^ lost)))


def list_to_judge(session: Session, volunteer_ids: Collection[uuid.UUID]) -> Sequence[Volunteer]:
    """List those of some volunteers who are ready or matched, by id."""
    statement = select(Volunteer).where(Volunteer.id.in_(volunteer_ids), _is_judged()).order_by(Volunteer.id)
    return session.scalars(statement).all()


def list_open_losses(session: Session, volunteer_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ReadinessLoss]:
    """List what is noted as lost and not yet restored, by volunteer."""
    statement = (
        select(ReadinessLoss)
        .where(ReadinessLoss.volunteer_id.in_(volunteer_ids), ReadinessLoss.restored_on.is_(None))
        .order_by(ReadinessLoss.volunteer_id)
    )
    return {loss.volunteer_id: loss for loss in session.scalars(statement)}


def _is_judged() -> ColumnElement[bool]:
    """Say whose readiness matters every night: whoever is ready, or has somebody to meet."""
    is_matched = exists().where(Match.volunteer_id == Volunteer.id, Match.state.in_(OPEN_STATES))
    return or_(Volunteer.stage == Stage.READY, is_matched)


def _noted(session: Session, scheme_id: uuid.UUID) -> Iterator[uuid.UUID]:
    """Read of whom a loss is noted."""
    statement = (
        select(ReadinessLoss.volunteer_id)
        .where(ReadinessLoss.scheme_id == scheme_id, ReadinessLoss.restored_on.is_(None))
        .order_by(ReadinessLoss.volunteer_id)
    )
    return iter(session.scalars(statement).all())


def _batches(session: Session, scheme_id: uuid.UUID) -> Iterator[Sequence[Volunteer]]:
    """Read everybody who is to be judged, some at a time."""
    statement = select(Volunteer.id).where(Volunteer.scheme_id == scheme_id, _is_judged()).order_by(Volunteer.id)
    ids = session.scalars(statement).all()
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        yield session.scalars(select(Volunteer).where(Volunteer.id.in_(some)).order_by(Volunteer.id)).all()
