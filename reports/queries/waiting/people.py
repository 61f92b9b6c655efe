"""Cards about people who are mentored: who was referred, who waits, who leaves prison soon."""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Select,
    false,
)

from accounts.models import Person
from mentees.models import Mentee
from mentees.policy import everybody_waiting, visible_mentees, visible_referrals
from mentees.rules import CaseStage
from reports.queries.waiting.lines import Asked, lines
from reports.rules import RELEASE_DAYS, Card

_OPEN_CASES = (CaseStage.REFERRED, CaseStage.WAITING, CaseStage.MATCHED)


def referrals(asked: Asked) -> Select[Any]:
    """Read referrals that nobody has decided on, the oldest first."""
    order = (Mentee.referred_at, Mentee.id)
    return (
        lines(Card.REFERRALS, Mentee.id, Person.name, *order, at=Mentee.referred_at)
        .join(Person, Person.id == Mentee.person_id)
        .where(visible_mentees(asked.by), Mentee.stage == CaseStage.REFERRED)
    )


def waiting(asked: Asked) -> Select[Any]:
    """Read who waits for a mentor, the longest first."""
    order = (Mentee.stage_since, Mentee.id)
    return (
        lines(Card.WAITING, Mentee.id, Person.name, *order, at=Mentee.stage_since)
        .join(Person, Person.id == Mentee.person_id)
        .where(everybody_waiting(asked.by))
    )


def releases(asked: Asked) -> Select[Any]:
    """Read who leaves prison soon, the next one first."""
    order = (Mentee.release_on, Mentee.id)
    return (
        lines(Card.RELEASES, Mentee.id, Person.name, *order, day=Mentee.release_on, word=Mentee.stage)
        .join(Person, Person.id == Mentee.person_id)
        .where(
            visible_mentees(asked.by),
            Mentee.stage.in_(_OPEN_CASES),
            Mentee.release_on.between(asked.on, asked.on + timedelta(days=RELEASE_DAYS)),
        )
    )


def own_referrals(asked: Asked) -> Select[Any]:
    """Read what an officer's agency referred, the newest first."""
    order = (Mentee.referred_at.desc(), Mentee.id)
    # Those who work for no agency are not given what came from no agency.
    is_ours = Mentee.agency_id == asked.by.agency_id if asked.by.agency_id else false()
    return (
        lines(Card.OWN_REFERRALS, Mentee.id, Person.name, *order, word=Mentee.stage, at=Mentee.referred_at)
        .join(Person, Person.id == Mentee.person_id)
        .where(visible_referrals(asked.by), is_ours)
    )
