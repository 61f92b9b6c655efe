"""Reads about people referred: level 1 for the officer who referred them, everything for staff of the scheme."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer_group

from accounts.models import Agency, Person, RoleGrant, Scheme
from accounts.policy import Actor
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from mentees.models import ContactBan, ExclusionArea, Mentee
from mentees.policy import everybody_waiting, visible_mentees, visible_referrals
from mentees.rules import PAGE_SIZE, CaseStage, normalise_name

_Columns = TypeVarTuple("_Columns")


@dataclass(frozen=True)
class Listing:
    """One page of a list.

    Attributes:
        rows: What stands on this page.
        page: Its number, from 1.
        pages: How many there are; at least 1.
        total: How many rows all pages have together.
    """

    rows: Sequence[Any]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class ReferralLine:
    """Level 1 of a referral, and nothing more: what the officer who made it may read."""

    id: uuid.UUID
    reference: str
    name: str
    referred_at: datetime
    stage: CaseStage
    stage_since: datetime
    consent_on: date | None


_LINE = (
    Mentee.id,
    Mentee.reference,
    Person.name,
    Mentee.referred_at,
    Mentee.stage,
    Mentee.stage_since,
    Mentee.consent_on,
)


def list_referrals(session: Session, by: Actor, *, page: int = 1) -> Listing:
    """List the referrals that somebody may see, newest first: an officer their agency's, staff all of the scheme."""
    statement = (
        select(*_LINE)
        .join(Person, Person.id == Mentee.person_id)
        .where(visible_referrals(by))
        .order_by(Mentee.referred_at.desc(), Mentee.reference.desc(), Mentee.id)
    )
    total = session.scalar(select(func.count()).select_from(Mentee).where(visible_referrals(by))) or 0
    number, pages, window = _page(statement, page, total)
    return Listing([ReferralLine(*row) for row in session.execute(window)], number, pages, total)


def get_referral(session: Session, by: Actor, mentee_id: uuid.UUID) -> ReferralLine:
    """Get level 1 of one referral.

    Raises:
        NotVisible: There is none, it is another agency's or scheme's, or consent no longer stands.
    """
    statement = (
        select(*_LINE).join(Person, Person.id == Mentee.person_id).where(Mentee.id == mentee_id, visible_referrals(by))
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotVisible(_("There is no such referral."))
    return ReferralLine(*row)


def list_mentees(
    session: Session, by: Actor, *, stages: Collection[CaseStage] = (), text: str = "", page: int = 1
) -> Listing:
    """List people whom staff may see, longest in their stage first.

    Args:
        session: Where to read.
        by: Who reads.
        stages: Only these stages; all of them if empty.
        text: Only names and references that hold this.
        page: Number of the page, from 1.
    """
    where = [visible_mentees(by)]
    if stages:
        where.append(Mentee.stage.in_(sorted(stages)))
    if text:
        where.append(
            or_(Person.name.icontains(text, autoescape=True), Mentee.reference.icontains(text, autoescape=True))
        )
    total = session.scalar(select(func.count()).select_from(Mentee).join(Mentee.person).where(*where)) or 0
    statement = (
        select(Mentee)
        .join(Mentee.person)
        .where(*where)
        .options(joinedload(Mentee.person))
        .order_by(Mentee.stage_since, Mentee.id)
    )
    number, pages, window = _page(statement, page, total)
    return Listing(session.scalars(window).all(), number, pages, total)


def count_mentees(session: Session, by: Actor) -> Mapping[CaseStage, int]:
    """Count people whom staff may see, by stage."""
    statement = (
        select(Mentee.stage, func.count().label("people"))
        .where(visible_mentees(by))
        .group_by(Mentee.stage)
        .order_by(Mentee.stage)
    )
    return {row.stage: row.people for row in session.execute(statement)}


def get_mentee(session: Session, by: Actor, mentee_id: uuid.UUID) -> Mentee:
    """Get everything about one person, for staff.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = (
        select(Mentee)
        .where(Mentee.id == mentee_id, visible_mentees(by))
        .options(
            undefer_group(GROUP),
            joinedload(Mentee.person),
            selectinload(Mentee.risks),
            selectinload(Mentee.exclusion_areas),
            selectinload(Mentee.contact_bans),
            selectinload(Mentee.moves),
        )
    )
    mentee = session.scalars(statement).one_or_none()
    if mentee is None:
        raise NotVisible(_("There is no such person."))
    return mentee


def list_waiting(session: Session, by: Actor) -> Sequence[Mentee]:
    """List everybody who waits for a mentor, longest first, with all that the matching must obey."""
    statement = (
        select(Mentee)
        .where(everybody_waiting(by))
        .options(
            undefer_group(GROUP),
            joinedload(Mentee.person),
            selectinload(Mentee.risks),
            selectinload(Mentee.exclusion_areas),
            selectinload(Mentee.contact_bans),
        )
        .order_by(Mentee.stage_since, Mentee.id)
    )
    return session.scalars(statement).all()


def list_known_as(session: Session, by: Actor) -> Sequence[tuple[str, str, str]]:
    """List name, e-mail address and area of everybody referred, by name, by which an import knows somebody again."""
    statement = (
        select(Person.name, Person.email, Mentee.area)
        .join(Mentee, Mentee.person_id == Person.id)
        .where(visible_mentees(by))
        .order_by(Person.name, Mentee.id)
    )
    return [(name, email, area) for name, email, area in session.execute(statement)]


def get_exclusion_area(session: Session, by: Actor, mentee_id: uuid.UUID, area_id: uuid.UUID) -> ExclusionArea:
    """Get one exclusion area of a person.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = (
        select(ExclusionArea)
        .join(ExclusionArea.mentee)
        .where(ExclusionArea.id == area_id, Mentee.id == mentee_id, visible_mentees(by))
        .options(joinedload(ExclusionArea.mentee).joinedload(Mentee.person))
    )
    area = session.scalars(statement).one_or_none()
    if area is None:
        raise NotVisible(_("There is no such exclusion area."))
    return area


def get_contact_ban(session: Session, by: Actor, mentee_id: uuid.UUID, ban_id: uuid.UUID) -> ContactBan:
    """Get one contact ban of a person.

    Raises:
        NotVisible: There is none, or not for this actor.
    """
    statement = (
        select(ContactBan)
        .join(ContactBan.mentee)
        .where(ContactBan.id == ban_id, Mentee.id == mentee_id, visible_mentees(by))
        .options(joinedload(ContactBan.mentee).joinedload(Mentee.person))
    )
    ban = session.scalars(statement).one_or_none()
    if ban is None:
        raise NotVisible(_("There is no such contact ban."))
    return ban


def find_agency_name(session: Session, mentee: Mentee) -> str:
    """Tell which agency referred a person; empty where none did."""
    if mentee.agency_id is None:
        return ""
    return session.scalar(select(Agency.name).where(Agency.id == mentee.agency_id)) or ""


def find_agency(session: Session, by: Actor, agency_id: uuid.UUID) -> Agency | None:
    """Find an agency of the actor's scheme."""
    statement = select(Agency).where(Agency.id == agency_id, Agency.scheme_id == by.scheme_id)
    return session.scalars(statement).one_or_none()


def find_newest_reference(session: Session, scheme: Scheme) -> str | None:
    """Find the newest reference of a scheme.

    Writers wait for one another from the start of their transactions, so nobody else takes the next one meanwhile; the
    database refuses the same one twice in any case.
    """
    statement = (
        select(Mentee.reference)
        .where(Mentee.scheme_id == scheme.id)
        .order_by(func.length(Mentee.reference).desc(), Mentee.reference.desc())
        .limit(1)
    )
    return session.scalar(statement)


def find_mentee_of_reference(session: Session, scheme_id: uuid.UUID, reference: str) -> Mentee | None:
    """Find who has a reference in a scheme, for whoever must name a record without reading any."""
    statement = select(Mentee).where(Mentee.scheme_id == scheme_id, Mentee.reference == reference.strip().upper())
    return session.scalars(statement).one_or_none()


def find_person_by_name(session: Session, scheme_id: uuid.UUID, name: str, *, but: uuid.UUID) -> uuid.UUID | None:
    """Find the one person of a scheme, with a role or a case in it, whose name is spelt like this one.

    Several namesakes cannot be told apart, so none is given; a ban then holds by its name.

    Args:
        session: Where to read.
        scheme_id: The scheme.
        name: What was typed.
        but: The person whom the ban protects or binds, who is never meant.
    """
    wanted = normalise_name(name)
    roles = select(RoleGrant.person_id).where(RoleGrant.scheme_id == scheme_id)
    cases = select(Mentee.person_id).where(Mentee.scheme_id == scheme_id)
    statement = (
        select(Person.id, Person.name)
        .where(or_(Person.id.in_(roles), Person.id.in_(cases)), Person.id != but)
        .order_by(Person.id)
    )
    found = [person_id for person_id, known_as in session.execute(statement) if normalise_name(known_as) == wanted]
    return found[0] if len(found) == 1 else None


def _page(statement: Select[*_Columns], page: int, total: int) -> tuple[int, int, Select[*_Columns]]:
    """Cut one page out of a list; a number beyond the end gives the last page."""
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    return number, pages, statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
