"""Emptying everything about one person: rows that figures are counted from stay as shells, all others go."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, Column, ScalarElementColumnDefault

from accounts.models import Person, Scheme
from accounts.policy import Actor, portal_in
from foundation import audit
from foundation.db import Base
from foundation.language import _
from foundation.outbox import Letter
from matching import operations as matching
from mentees import operations as mentees
from mentees.models import ContactBan, Mentee
from mentees.rules import CaseStage, Setting
from mentors import operations as mentors
from mentors.models import Volunteer
from mentors.rules import Stage
from privacy.gathering.paths import is_personal
from privacy.gathering.rows import Trace, kind_of, load, trace
from privacy.rules import KEPT, MENTORED, SHARED, STAYS_WITH_MENTORED, pseudonym_of

NEUTRAL: Mapping[str, object] = {"mentee.setting": Setting.COMMUNITY}
"""What a column says of nobody, where it may not be empty and no default says it."""


_BLANKS: Mapping[type, Callable[[], object]] = {kind: kind for kind in (str, int, float, bool, list, dict)}
"""What makes the empty value of a kind."""


def carry_out(session: Session, *, person: Person, by: Actor, at: datetime) -> tuple[dict[str, int], list[str]]:
    """Empty everything about a person, whatever their state; who asks has made sure that it may be done.

    Open cases and ways are brought to their end first, so that no shell is proposed or waits.

    Returns:
        Table -> rows emptied or taken away, and the ids of letters whose files have to go too.
    """
    _close(session, person, at)
    found = trace(session, person)
    for ban in session.scalars(select(ContactBan).where(ContactBan.banned_person_id == person.id)):
        # The ban is part of somebody else's record and still protects; it no longer leads to the emptied row.
        ban.banned_person_id = None
    _forget_rounds(session, person)
    session.flush()
    counts = {table: len(rows) for table, rows in found.items()}
    letters = [str(letter_id) for letter_id in found.get(Letter.__tablename__, {})]
    _take_away(session, found)
    _empty(session, found, at)
    forget_in_audit(session, person_id=person.id, by=by, at=at)
    session.flush()
    session.expire_all()
    return counts, letters


def forget_in_audit(session: Session, *, person_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Make what the audit trail holds of a person unreadable; the chain itself stays whole."""
    audit.destroy_person_key(session, person_id=person_id, by=by, at=at)


def _close(session: Session, person: Person, at: datetime) -> None:
    """Bring the person's way and case to an end, as the portal, which tells whoever listens."""
    why = str(_("Erased."))
    for volunteer in session.scalars(select(Volunteer).where(Volunteer.person_id == person.id).order_by(Volunteer.id)):
        if volunteer.stage is not Stage.LEFT:
            by = _portal(session, volunteer.scheme_id)
            mentors.move_volunteer(session, volunteer=volunteer, to=Stage.LEFT, why=why, by=by, at=at)
    for mentee in session.scalars(select(Mentee).where(Mentee.person_id == person.id).order_by(Mentee.id)):
        if mentee.stage not in {CaseStage.CLOSED, CaseStage.NOT_TAKEN}:
            to = CaseStage.NOT_TAKEN if mentee.stage is CaseStage.REFERRED else CaseStage.CLOSED
            by = _portal(session, mentee.scheme_id)
            mentees.move_case(session, mentee=mentee, to=to, why=why, by=by, at=at)
    session.flush()


def _forget_rounds(session: Session, person: Person) -> None:
    """Remove the records of matching rounds in which the person stood, on either side."""
    both = (select(model.id).where(model.person_id == person.id).order_by(model.id) for model in (Mentee, Volunteer))
    matching.forget_records(session, ids=[each for side in both for each in session.scalars(side)])


def _portal(session: Session, scheme_id: uuid.UUID) -> Actor:
    """Act as the portal in the scheme of a record."""
    return portal_in(session.get_one(Scheme, scheme_id), origin="job")


def _take_away(session: Session, found: Trace) -> None:
    """Delete the rows that nothing is counted from, those below before those above."""
    order = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
    for table in sorted(set(found) - KEPT, key=lambda name: -order[name]):
        for row in load(session, table, found[table]):
            session.delete(row)
        session.flush()


def _empty(session: Session, found: Trace, at: datetime) -> None:
    """Empty the personal columns of the rows that stay."""
    for table in sorted(set(found) & KEPT):
        columns = [column for column in Base.metadata.tables[table].columns if is_personal(column)]
        for row in load(session, table, found[table]):
            if _is_others(table, found[table][row.id]):
                continue
            for column in columns:
                setattr(row, column.name, blank_of(column))
            if isinstance(row, Person):
                row.name = pseudonym_of(row.id)
                row.changed_at, row.changed_by_id = at, None


def _is_others(table: str, sides: frozenset[str]) -> bool:
    """Whether the words in a row are about the other of two people, and stay with them."""
    return table in SHARED and table in STAYS_WITH_MENTORED and MENTORED not in sides


def blank_of(column: Column[Any]) -> Any:  # noqa: ANN401 - a value of any column.
    """Give what a column holds of nobody.

    Raises:
        TypeError: Nobody has decided it for this column.
    """
    if (name := f"{column.table.name}.{column.name}") in NEUTRAL:
        return NEUTRAL[name]
    if column.nullable:
        return None
    if isinstance(column.default, ScalarElementColumnDefault):
        return column.default.arg
    if isinstance(column.default, CallableColumnDefault):
        return column.default.arg(None)  # type: ignore[arg-type] # our makers of defaults do not look at the context.
    kind = kind_of(column)
    if kind in _BLANKS:
        return _BLANKS[kind]()
    raise TypeError(f"nobody has decided what {name} holds of nobody")
