"""A condition tells the same of a record in hand and of the rows of its table."""

import uuid
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.builders import Builder
from foundation.conditions import NEVER, Allowed, Condition, Is, IsNot, Of, OneOf, Present
from mentees.models import Mentee
from mentees.rules import CaseStage
from mentoring.models import Match

SOMEBODY = uuid.UUID("00000000-0000-4000-8000-000000000000")


def leaves(known: Mentee) -> list[Condition]:
    """Conditions of every kind, with values that stand in the rows, that do not, and none at all."""
    values = (known.scheme_id, SOMEBODY, None)
    return [
        NEVER,
        Allowed(is_allowed=True),
        *(Is(Mentee.scheme_id, value) for value in values),
        *(IsNot(Mentee.scheme_id, value) for value in values),
        *(kind(Mentee.agency_id, value) for kind in (Is, IsNot) for value in (known.agency_id, SOMEBODY, None)),
        OneOf(Mentee.stage, (CaseStage.WAITING, CaseStage.CLOSED)),
        OneOf(Mentee.stage, ()),
        Present(Mentee.consent_on),
        Present(Mentee.agency_id),
    ]


def joined(conditions: list[Condition]) -> list[Condition]:
    """The conditions themselves and every two of them joined both ways."""
    pairs = [(one, other) for number, one in enumerate(conditions) for other in conditions[number + 1 :]]
    return [*conditions, *(one & other for one, other in pairs), *(one | other for one, other in pairs)]


def test_a_condition_of_any_kind_gives_the_rows_for_which_it_holds(build: Builder, session: Session) -> None:
    known = build.mentee(agency=build.agency())
    build.mentee(CaseStage.CLOSED)
    build.mentee(slug="turin")
    build.mentee().consent_on = None
    session.flush()
    every = session.scalars(select(Mentee).order_by(Mentee.id)).all()
    for condition in joined(leaves(known)):
        rows = set(session.scalars(select(Mentee.id).where(condition.rows()).order_by(Mentee.id)))
        assert rows == {row.id for row in every if condition.holds(row)}, condition


def test_a_condition_follows_a_relationship_for_one_record_and_for_rows(build: Builder, session: Session) -> None:
    match = build.match()
    build.match()
    session.flush()
    condition = Of(Match.mentee, Is(Mentee.person_id, match.mentee.person_id))
    every = session.scalars(select(Match).order_by(Match.id)).all()
    assert [row.id for row in every if condition.holds(row)] == [match.id]
    assert session.scalars(select(Match.id).where(condition.rows()).order_by(Match.id)).all() == [match.id]


def test_nothing_to_compare_with_fits_not_even_where_nothing_stands(build: Builder, session: Session) -> None:
    mentee = build.mentee()
    session.flush()
    assert mentee.agency_id is None
    assert not Is(Mentee.agency_id, None).holds(mentee)
    assert session.scalars(select(Mentee).where(Is(Mentee.agency_id, None).rows()).order_by(Mentee.id)).all() == []


def test_a_condition_that_tells_two_things_would_be_seen(build: Builder, session: Session) -> None:
    class Torn(Present):
        def holds(self, record: object) -> bool:
            return True

    build.mentee(consent_on=date(2026, 11, 1)).consent_on = None
    session.flush()
    torn = Torn(Mentee.consent_on)
    every = session.scalars(select(Mentee).order_by(Mentee.id)).all()
    rows = set(session.scalars(select(Mentee.id).where(torn.rows()).order_by(Mentee.id)))
    with pytest.raises(AssertionError):
        assert rows == {row.id for row in every if torn.holds(row)}
