"""What the retention schedule lets go on a day: people long gone, and checks on volunteers who left."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant
from accounts.policy import Actor
from mentees.models import Mentee
from mentoring.models import Match, Meeting
from mentors.models import Check, Volunteer
from mentors.rules import Stage
from privacy.gathering.rows import trace
from privacy.models import Complaint, Erasure, SubjectRequest
from privacy.queries import blockers_of
from privacy.queries.known import known_here
from privacy.rules import ErasureState, check_cutoff, person_cutoff


@dataclass(frozen=True)
class Due:
    """What would go.

    Attributes:
        people: Whose last activity is long past, and in whose way nothing stands.
        checks: Details of checks on volunteers who left.
        counts: Table -> rows that would be emptied or taken away.
        digest: Changes as soon as any row joins or leaves.
    """

    people: tuple[Person, ...]
    checks: tuple[Check, ...]
    counts: dict[str, int]
    digest: str


def find_due(session: Session, by: Actor, on: date) -> Due:
    """Find what the schedule lets go in the actor's scheme on a day.

    Args:
        session: Where to read.
        by: Whose scheme.
        on: The day; the same day finds the same as long as no record changes.
    """
    people = _people(session, by, on)
    checks = _checks(session, by, on)
    rows: dict[str, set[uuid.UUID]] = {}
    for person in people:
        for table, found in trace(session, person).items():
            rows.setdefault(table, set()).update(found)
    if checks:
        rows.setdefault(Check.__tablename__, set()).update(check.id for check in checks)
    plain = {table: sorted(str(row_id) for row_id in ids) for table, ids in sorted(rows.items())}
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode("ascii")).hexdigest()
    return Due(tuple(people), tuple(checks), {table: len(ids) for table, ids in plain.items()}, digest)


def _people(session: Session, by: Actor, on: date) -> list[Person]:
    """Find the people whose every activity in the scheme lies before the cutoff, by name."""
    day = person_cutoff(on)
    at = datetime.combine(day, time(), ZoneInfo(by.time_zone))
    is_erased = exists().where(Erasure.subject_id == Person.id, Erasure.state != ErasureState.WITHDRAWN)
    statement = (
        select(Person)
        .where(known_here(by), Person.changed_at < at, ~is_erased, ~or_(*_activity_since(day, at)))
        .order_by(Person.name, Person.id)
    )
    return [person for person in session.scalars(statement) if not blockers_of(session, person.id, by.scheme_id)]


def _activity_since(day: date, at: datetime) -> list[ColumnElement[bool]]:
    """Say what counts as activity of a person since a day, in any scheme."""
    own: list[Any] = [
        exists().where(Volunteer.person_id == Person.id, or_(Volunteer.stage_since >= at, Volunteer.changed_at >= at)),
        exists().where(Mentee.person_id == Person.id, or_(Mentee.stage_since >= at, Mentee.changed_at >= at)),
        exists().where(
            RoleGrant.person_id == Person.id,
            or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at >= at, RoleGrant.granted_at >= at),
        ),
        exists().where(SubjectRequest.person_id == Person.id, SubjectRequest.received_on >= day),
        exists().where(Complaint.person_id == Person.id, Complaint.received_on >= day),
    ]
    met = (
        select(Meeting.id)
        .join(Meeting.match)
        .join(Match.volunteer)
        .join(Match.mentee)
        .where(
            or_(Volunteer.person_id == Person.id, Mentee.person_id == Person.id),
            or_(Meeting.held_on >= day, Match.closed_on >= day),
        )
        .correlate(Person)
        .exists()
    )
    return [*own, met]


def _checks(session: Session, by: Actor, on: date) -> Sequence[Check]:
    """Find the checks on volunteers who left, or for whom it was not the time, before the cutoff."""
    at = datetime.combine(check_cutoff(on), time(), ZoneInfo(by.time_zone))
    statement = (
        select(Check)
        .join(Check.volunteer)
        .where(
            Volunteer.scheme_id == by.scheme_id,
            Volunteer.stage.in_([Stage.LEFT, Stage.NOT_NOW]),
            Volunteer.stage_since < at,
        )
        .order_by(Check.volunteer_id, Check.kind, Check.id)
    )
    return session.scalars(statement).all()
