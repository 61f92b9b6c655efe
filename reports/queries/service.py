"""What somebody gave as a mentor: their times of service and their hours, for a certificate."""

import uuid
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from mentoring.models import Match, Meeting
from mentoring.rules import TOOK_PLACE, MeetingKind
from mentors import queries as mentors
from mentors.models import Volunteer
from mentors.policy import visible_volunteers
from mentors.rules import Spell
from training import queries as training


@dataclass(frozen=True)
class Service:
    """What somebody gave.

    Attributes:
        name: Who.
        spells: Their times of service, the first one first.
        sessions: How many sessions took place.
        session_minutes: How long these were together.
        contacts: How many other contacts took place.
        contact_minutes: How long these were together.
        trained_minutes: How long they were trained.
    """

    name: str
    spells: tuple[Spell, ...]
    sessions: int
    session_minutes: int
    contacts: int
    contact_minutes: int
    trained_minutes: int


def get_served_volunteer(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    """Get a volunteer whom the actor may see, with name and without anything confidential.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = (
        select(Volunteer)
        .options(joinedload(Volunteer.person))
        .where(Volunteer.id == volunteer_id, visible_volunteers(by))
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such volunteer."))
    return found


def find_service(session: Session, volunteer: Volunteer, time_zone: str) -> Service:
    """Add up what a volunteer gave whose record the caller may see, in four statements.

    Raises:
        NotVisible: They have not been a mentor yet, so there is nothing to certify.
    """
    spells = mentors.find_spells(session, volunteer.id, time_zone)
    if not spells:
        raise NotVisible(_("There is no certificate yet: it begins on the day of being ready to mentor."))
    is_session = Meeting.kind == MeetingKind.SESSION
    minutes = Meeting.duration_minutes
    totals = session.execute(
        select(
            func.count(case((is_session, 1))),
            func.coalesce(func.sum(case((is_session, minutes), else_=0)), 0),
            func.count(case((~is_session, 1))),
            func.coalesce(func.sum(case((is_session, 0), else_=minutes)), 0),
        )
        .select_from(Meeting)
        .join(Match, Match.id == Meeting.match_id)
        .where(Match.volunteer_id == volunteer.id, Meeting.outcome.in_(TOOK_PLACE))
    ).one()
    sessions, session_minutes, contacts, contact_minutes = (int(total) for total in totals)
    return Service(
        name=volunteer.person.name,
        spells=spells,
        sessions=sessions,
        session_minutes=session_minutes,
        contacts=contacts,
        contact_minutes=contact_minutes,
        trained_minutes=training.minutes_by_volunteer(session, [volunteer.id])[volunteer.id],
    )
