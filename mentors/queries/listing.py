"""Lists and counts of volunteers."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import Person
from accounts.policy import Actor
from accounts.rules import email_key
from mentors.models import Volunteer
from mentors.policy import visible_volunteers
from mentors.queries.volunteers import PAGE_LENGTH
from mentors.rules import Stage


def list_volunteers(
    session: Session, by: Actor, *, stages: Collection[Stage] = (), text: str = "", page: int = 1
) -> Sequence[Volunteer]:
    """List one page of volunteers with person and checks, those longest in their stage first.

    Args:
        session: To read with.
        by: Who asks.
        stages: Only these; all where empty.
        text: A part of the name.
        page: From 1; ``PAGE_LENGTH`` volunteers each.
    """
    statement = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(*_asked_for(by, stages, text))
        .options(joinedload(Volunteer.person), selectinload(Volunteer.checks))
        .order_by(Volunteer.stage_since, Volunteer.id)
        .limit(PAGE_LENGTH)
        .offset((max(page, 1) - 1) * PAGE_LENGTH)
    )
    return session.scalars(statement).all()


def count_volunteers(session: Session, by: Actor, *, stages: Collection[Stage] = (), text: str = "") -> int:
    """Count the volunteers that ``list_volunteers`` lists on all its pages."""
    statement = select(func.count()).select_from(Volunteer).join(Volunteer.person)
    return session.scalar(statement.where(*_asked_for(by, stages, text))) or 0


def count_by_stage(session: Session, by: Actor) -> dict[Stage, int]:
    """Count the volunteers of every stage, empty stages included."""
    statement = (
        select(Volunteer.stage, func.count())
        .where(visible_volunteers(by))
        .group_by(Volunteer.stage)
        .order_by(Volunteer.stage)
    )
    found = dict(session.execute(statement).all())
    return {stage: found.get(stage, 0) for stage in Stage}


def list_ready(session: Session, by: Actor) -> Sequence[Volunteer]:
    """List all volunteers who are ready, with person and checks, those longest ready first."""
    statement = (
        select(Volunteer)
        .where(visible_volunteers(by), Volunteer.stage == Stage.READY)
        .options(joinedload(Volunteer.person), selectinload(Volunteer.checks))
        .order_by(Volunteer.stage_since, Volunteer.id)
    )
    return session.scalars(statement).all()


def list_same_address(session: Session, by: Actor, volunteer: Volunteer) -> Sequence[Volunteer]:
    """List other volunteers of the scheme with the same e-mail address: possibly the same person, oldest first."""
    key = email_key(volunteer.person.email)
    if not key:
        return []
    statement = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(visible_volunteers(by), func.lower(func.trim(Person.email)) == key, Volunteer.id != volunteer.id)
        .options(joinedload(Volunteer.person))
        .order_by(Volunteer.applied_at, Volunteer.id)
    )
    return session.scalars(statement).all()


def list_known_as(session: Session, by: Actor) -> Sequence[tuple[str, str, str]]:
    """List name, e-mail address and area of every volunteer, by name, by which an import knows somebody again."""
    statement = (
        select(Person.name, Person.email, Volunteer.area)
        .join(Volunteer, Volunteer.person_id == Person.id)
        .where(visible_volunteers(by))
        .order_by(Person.name, Volunteer.id)
    )
    return [(name, email, area) for name, email, area in session.execute(statement)]


def _asked_for(by: Actor, stages: Collection[Stage], text: str) -> list[ColumnElement[bool]]:
    """Filter by what the actor may see and what they asked for."""
    filters = [visible_volunteers(by)]
    if stages:
        filters.append(Volunteer.stage.in_(stages))
    if text:
        filters.append(Person.name.icontains(text, autoescape=True))
    return filters
