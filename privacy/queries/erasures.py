"""Erasures, and what stands in their way."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from accounts.models import RoleGrant
from accounts.policy import Actor
from accounts.rules import Role
from foundation.errors import NotVisible
from foundation.language import _
from mentees.models import Mentee
from mentoring.models import Match
from mentoring.rules import OPEN_STATES
from mentors.models import Volunteer
from privacy.models import Complaint, Erasure, LegalHold, SubjectRequest
from privacy.rules import Blocker, ErasureState


def get_erasure(session: Session, by: Actor, erasure_id: uuid.UUID) -> Erasure:
    """Get an erasure of the actor's scheme.

    Raises:
        NotVisible: There is none.
    """
    statement = select(Erasure).where(Erasure.id == erasure_id, Erasure.scheme_id == by.scheme_id)
    erasure = session.scalars(statement).one_or_none()
    if erasure is None:
        raise NotVisible(_("There is no such erasure."))
    return erasure


def list_erasures(session: Session, by: Actor) -> Sequence[Erasure]:
    """List the erasures of the actor's scheme, newest first."""
    statement = select(Erasure).where(Erasure.scheme_id == by.scheme_id).order_by(Erasure.asked_at.desc(), Erasure.id)
    return session.scalars(statement).all()


def find_open_erasure(session: Session, person_id: uuid.UUID) -> Erasure | None:
    """Find the erasure of a person that waits for a second person or has been carried out."""
    statement = (
        select(Erasure)
        .where(Erasure.subject_id == person_id, Erasure.state != ErasureState.WITHDRAWN)
        .order_by(Erasure.asked_at.desc(), Erasure.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def list_done_erasures(session: Session) -> Sequence[Erasure]:
    """List all erasures that were carried out, oldest first."""
    statement = select(Erasure).where(Erasure.state == ErasureState.DONE).order_by(Erasure.decided_at, Erasure.id)
    return session.scalars(statement).all()


def list_unscrubbed(session: Session) -> Sequence[Erasure]:
    """List erasures whose last traces may still lie on the disk, oldest first."""
    statement = (
        select(Erasure)
        .where(Erasure.state == ErasureState.DONE, Erasure.scrubbed_at.is_(None))
        .order_by(Erasure.decided_at, Erasure.id)
    )
    return session.scalars(statement).all()


def blockers_of(session: Session, person_id: uuid.UUID, scheme_id: uuid.UUID | None) -> list[Blocker]:
    """Tell in one statement what must be settled before a person can be erased, in the order of the rules."""
    asked = _obstacles(person_id, scheme_id)
    row = session.execute(select(*(exists(statement).label(blocker.name) for blocker, statement in asked.items())))
    return [blocker for blocker, stands in zip(asked, row.one(), strict=True) if stands]


def _obstacles(person_id: uuid.UUID, scheme_id: uuid.UUID | None) -> dict[Blocker, Select[Any]]:
    """Say how each obstacle is found."""
    of_person = or_(Volunteer.person_id == person_id, Mentee.person_id == person_id)
    is_staff = and_(RoleGrant.ended_at.is_(None), RoleGrant.role.not_in([Role.VOLUNTEER, Role.MENTOR]))
    return {
        Blocker.OPEN_MATCH: select(Match.id)
        .join(Match.volunteer)
        .join(Match.mentee)
        .where(of_person, Match.state.in_(OPEN_STATES)),
        Blocker.LEGAL_HOLD: select(LegalHold.id).where(LegalHold.person_id == person_id, LegalHold.lifted_at.is_(None)),
        Blocker.STAFF_ROLE: select(RoleGrant.id).where(RoleGrant.person_id == person_id, is_staff),
        Blocker.OPEN_REQUEST: select(SubjectRequest.id).where(
            SubjectRequest.person_id == person_id, SubjectRequest.delivered_on.is_(None)
        ),
        Blocker.OPEN_COMPLAINT: select(Complaint.id).where(
            Complaint.person_id == person_id, Complaint.answered_on.is_(None)
        ),
        Blocker.OTHER_SCHEME: _elsewhere(person_id, scheme_id),
    }


def _elsewhere(person_id: uuid.UUID, scheme_id: uuid.UUID | None) -> Select[Any]:
    """Say how to find out whether another scheme holds data about a person too."""
    parts = [
        exists().where(model.person_id == person_id, model.scheme_id != scheme_id) for model in (Volunteer, Mentee)
    ]
    live = exists().where(
        RoleGrant.person_id == person_id, RoleGrant.scheme_id != scheme_id, RoleGrant.ended_at.is_(None)
    )
    return select(1).where(or_(*parts, live))
