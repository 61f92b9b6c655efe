"""Reads about what volunteers offer, their breaks, and what a coordinator is told of their weeks."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer_group

from accounts.policy import Actor
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import Commitment, CommitmentAlert, CommitmentLook, Volunteer, VolunteerBreak
from mentors.policy import decided_volunteers, visible_volunteers
from mentors.rules import CommitmentState, Promise, Span, Terms

_ONE_DAY = timedelta(days=1)
MOST_ALERTS = 200
"""Lines of the list of hours; who has more mentors in trouble than this does not work it off by a list."""


def promises_of(session: Session, volunteer_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Promise]]:
    """List what each of several volunteers offered, in the order in which it was agreed, in one statement."""
    row = Commitment
    statement = (
        select(row.volunteer_id, row.from_on, row.until_on, row.hours_per_week, row.months, row.terms)
        .where(row.volunteer_id.in_(volunteer_ids), row.state == CommitmentState.AGREED)
        .order_by(row.volunteer_id, row.decided_at, row.id)
    )
    found: dict[uuid.UUID, list[Promise]] = {volunteer_id: [] for volunteer_id in volunteer_ids}
    for volunteer_id, from_on, until_on, hours, months, terms in session.execute(statement):
        found[volunteer_id].append(Promise(_span_of(from_on, until_on), hours, months, terms is Terms.FLEXIBLE))
    return found


def breaks_of(session: Session, volunteer_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Span]]:
    """List when each of several volunteers was on a break, the first first, in one statement."""
    row = VolunteerBreak
    statement = (
        select(row.volunteer_id, row.from_on, row.back_on, row.ended_on)
        .where(row.volunteer_id.in_(volunteer_ids))
        .order_by(row.volunteer_id, row.from_on, row.id)
    )
    found: dict[uuid.UUID, list[Span]] = {volunteer_id: [] for volunteer_id in volunteer_ids}
    for volunteer_id, from_on, back_on, ended_on in session.execute(statement):
        found[volunteer_id].append(Span(from_on, ended_on or back_on))
    return found


def as_promises(rows: Sequence[Commitment]) -> list[Promise]:
    """Tell what rows that are loaded already promise, in the order in which it was agreed."""
    agreed = [row for row in rows if row.state is CommitmentState.AGREED and row.decided_at is not None]
    return [
        Promise(_span_of(row.from_on, row.until_on), row.hours_per_week, row.months, row.terms is Terms.FLEXIBLE)
        for row in sorted(agreed, key=lambda row: (row.decided_at or row.asked_at, row.id.hex))
    ]


def as_spans(rows: Sequence[VolunteerBreak]) -> list[Span]:
    """Tell on which days breaks that are loaded already are."""
    return [Span(row.from_on, row.ended_on or row.back_on) for row in rows]


def _span_of(from_on: date, until_on: date | None) -> Span:
    """Turn a first and a last day into a span."""
    return Span(from_on, until_on + _ONE_DAY if until_on else None)


def get_volunteer_head(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    """Get a volunteer with their person alone, for pages that show nothing of checks and moves.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = select(Volunteer).where(Volunteer.id == volunteer_id, visible_volunteers(by))
    found = session.scalars(statement.options(joinedload(Volunteer.person))).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such volunteer."))
    return found


def list_commitments(session: Session, volunteer: Volunteer) -> Sequence[Commitment]:
    """List everything that a volunteer offered or asked for, with the reasons, the latest first."""
    statement = (
        select(Commitment)
        .where(Commitment.volunteer_id == volunteer.id)
        .options(undefer_group(GROUP))
        .order_by(Commitment.asked_at.desc(), Commitment.from_on.desc(), Commitment.id)
    )
    return session.scalars(statement).all()


def list_breaks(session: Session, volunteer: Volunteer) -> Sequence[VolunteerBreak]:
    """List the breaks of a volunteer with their reasons, the latest first."""
    statement = (
        select(VolunteerBreak)
        .where(VolunteerBreak.volunteer_id == volunteer.id)
        .options(undefer_group(GROUP))
        .order_by(VolunteerBreak.from_on.desc(), VolunteerBreak.id)
    )
    return session.scalars(statement).all()


def get_commitment(session: Session, volunteer: Volunteer, commitment_id: uuid.UUID) -> Commitment:
    """Get one promise, or one wish for another, of a volunteer whom the caller may see.

    Raises:
        NotVisible: There is none.
    """
    statement = select(Commitment).where(Commitment.id == commitment_id, Commitment.volunteer_id == volunteer.id)
    found = session.scalars(statement.options(undefer_group(GROUP))).one_or_none()
    if found is None:
        raise NotVisible(_("There is nothing like this on the record."))
    return found


def get_break(session: Session, volunteer: Volunteer, break_id: uuid.UUID) -> VolunteerBreak:
    """Get one break of a volunteer whom the caller may see.

    Raises:
        NotVisible: There is none.
    """
    statement = select(VolunteerBreak).where(VolunteerBreak.id == break_id, VolunteerBreak.volunteer_id == volunteer.id)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotVisible(_("There is nothing like this on the record."))
    return found


def find_asked(session: Session, volunteer: Volunteer) -> Commitment | None:
    """Find the change that a volunteer asked for and nobody has answered."""
    statement = (
        select(Commitment)
        .where(Commitment.volunteer_id == volunteer.id, Commitment.state == CommitmentState.ASKED)
        .order_by(Commitment.asked_at, Commitment.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def find_alert(session: Session, volunteer: Volunteer) -> CommitmentAlert | None:
    """Find what a coordinator is told of a volunteer's weeks now, answered or not."""
    statement = select(CommitmentAlert).where(
        CommitmentAlert.volunteer_id == volunteer.id, CommitmentAlert.ended_at.is_(None)
    )
    return session.scalars(statement.options(undefer_group(GROUP))).one_or_none()


def list_alerts(session: Session, volunteer: Volunteer) -> Sequence[CommitmentAlert]:
    """List all that coordinators were told of a volunteer's weeks, with their notes, the latest first."""
    statement = (
        select(CommitmentAlert)
        .where(CommitmentAlert.volunteer_id == volunteer.id)
        .options(undefer_group(GROUP))
        .order_by(CommitmentAlert.raised_at.desc(), CommitmentAlert.id)
    )
    return session.scalars(statement).all()


def list_open_alerts(session: Session, by: Actor) -> Sequence[CommitmentAlert]:
    """List all that coordinators are told of mentors' weeks now, what nobody has answered first, then the longest."""
    statement = (
        select(CommitmentAlert)
        .join(CommitmentAlert.volunteer)
        .where(decided_volunteers(by), CommitmentAlert.ended_at.is_(None))
        .options(contains_eager(CommitmentAlert.volunteer).joinedload(Volunteer.person), undefer_group(GROUP))
        .order_by(CommitmentAlert.answered_at.is_not(None), CommitmentAlert.since_on, CommitmentAlert.id)
        .limit(MOST_ALERTS)
    )
    return session.scalars(statement).all()


def list_wishes(session: Session, by: Actor) -> Sequence[Commitment]:
    """List the wishes for other hours that nobody has answered, the longest waiting first."""
    statement = (
        select(Commitment)
        .join(Commitment.volunteer)
        .where(decided_volunteers(by), Commitment.state == CommitmentState.ASKED)
        .options(contains_eager(Commitment.volunteer).joinedload(Volunteer.person))
        .order_by(Commitment.asked_at, Commitment.id)
        .limit(MOST_ALERTS)
    )
    return session.scalars(statement).all()


def find_look(session: Session, scheme_id: uuid.UUID | None) -> CommitmentLook | None:
    """Find when the weeks of a scheme were last looked at."""
    return session.scalars(select(CommitmentLook).where(CommitmentLook.scheme_id == scheme_id)).one_or_none()


def list_changing(session: Session, scheme_id: uuid.UUID, since: date, on: date) -> Sequence[Volunteer]:
    """List the volunteers for whom other terms hold since a day after one and up to another, by their ids."""
    begins = Commitment.from_on.between(since + _ONE_DAY, on)
    ends = Commitment.until_on.between(since, on - _ONE_DAY)
    changing = select(Commitment.volunteer_id).where(Commitment.state == CommitmentState.AGREED, or_(begins, ends))
    statement = (
        select(Volunteer).where(Volunteer.scheme_id == scheme_id, Volunteer.id.in_(changing)).order_by(Volunteer.id)
    )
    return session.scalars(statement).all()
