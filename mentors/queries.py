"""Reads about volunteers, their applications, and people who want to be asked again."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer_group

from accounts.models import Person, Scheme
from accounts.operations import hash_token
from accounts.policy import Actor
from accounts.rules import email_key
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import ApplicationDraft, AskAgain, Volunteer
from mentors.policy import own_record, visible_volunteers
from mentors.rules import Stage

PAGE_LENGTH = 25


def get_volunteer(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    """Get everything about a volunteer, with person, checks and moves.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = (
        _whole()
        .options(undefer_group(GROUP), selectinload(Volunteer.checks).undefer_group(GROUP))
        .where(Volunteer.id == volunteer_id, visible_volunteers(by))
    )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such volunteer."))
    return found


def find_own_volunteer(session: Session, by: Actor) -> Volunteer | None:
    """Find the actor's own record in the scheme they work in, with checks and moves."""
    return session.scalars(_whole().where(Volunteer.scheme_id == by.scheme_id, own_record(by))).one_or_none()


def find_volunteer_of_address(session: Session, scheme_id: uuid.UUID, email: str) -> Volunteer | None:
    """Find the newest volunteer of an e-mail address, for whoever must name a record without reading any."""
    statement = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(Volunteer.scheme_id == scheme_id, func.lower(func.trim(Person.email)) == email_key(email))
        .order_by(Volunteer.applied_at.desc(), Volunteer.id)
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def get_own_volunteer(session: Session, by: Actor) -> Volunteer:
    """Get the actor's own record.

    Raises:
        NotVisible: They are no volunteer here.
    """
    found = find_own_volunteer(session, by)
    if found is None:
        raise NotVisible(_("You have no application in this scheme."))
    return found


def get_volunteer_of_token(session: Session, token: str) -> Volunteer:
    """Get the volunteer whose status page a letter's link names; the link alone is the right to see it.

    Raises:
        NotVisible: No letter ever had such a link.
    """
    found = session.scalars(_whole().where(Volunteer.status_token_hash == hash_token(token))).one_or_none()
    if found is None:
        raise NotVisible(_("There is no application at this address."))
    return found


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


def find_draft(
    session: Session, scheme: Scheme, token: str | None, *, for_update: bool = False
) -> ApplicationDraft | None:
    """Find the application that somebody is writing, by the token in their cookie.

    Args:
        session: To read with.
        scheme: Where they apply.
        token: What the cookie holds.
        for_update: Lock the row, so that two sendings of the same draft queue.
    """
    if token is None:
        return None
    statement = select(ApplicationDraft).where(
        ApplicationDraft.token_hash == hash_token(token), ApplicationDraft.scheme_id == scheme.id
    )
    return session.scalars(statement.with_for_update() if for_update else statement).one_or_none()


def list_due_requests(session: Session, scheme: Scheme, on: date) -> Sequence[AskAgain]:
    """List who wanted to be asked again on or before a day and has not been asked, in the order of their days."""
    statement = (
        select(AskAgain)
        .where(AskAgain.scheme_id == scheme.id, AskAgain.ask_on <= on, AskAgain.asked_at.is_(None))
        .order_by(AskAgain.ask_on, AskAgain.id)
    )
    return session.scalars(statement).all()


def list_due_volunteers(session: Session, scheme: Scheme, on: date) -> Sequence[Volunteer]:
    """List volunteers who said “not now” and whose day to be asked again has come, in the order of their days."""
    statement = (
        select(Volunteer)
        .where(Volunteer.scheme_id == scheme.id, Volunteer.stage == Stage.NOT_NOW, Volunteer.ask_again_on <= on)
        .options(joinedload(Volunteer.person))
        .order_by(Volunteer.ask_again_on, Volunteer.id)
    )
    return session.scalars(statement).all()


def _whole() -> Select[Volunteer]:
    """Select volunteers with everything that their page shows."""
    return select(Volunteer).options(
        joinedload(Volunteer.person), selectinload(Volunteer.checks), selectinload(Volunteer.moves)
    )


def _asked_for(by: Actor, stages: Collection[Stage], text: str) -> list[ColumnElement[bool]]:
    """Filter by what the actor may see and what they asked for."""
    filters = [visible_volunteers(by)]
    if stages:
        filters.append(Volunteer.stage.in_(stages))
    if text:
        filters.append(Person.name.icontains(text, autoescape=True))
    return filters
