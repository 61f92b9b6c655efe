"""Cards about volunteers: who applied, whose checks lapse, who is ready no longer, who gives too little."""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Select,
    String,
    case,
    false,
    literal,
    select,
)

from accounts.models import Person
from accounts.rules import Permission
from mentoring.models import Match, ReadinessLoss
from mentoring.rules import OPEN_STATES
from mentors.models import Check, Commitment, CommitmentAlert, Volunteer
from mentors.policy import decided_volunteers, visible_volunteers
from mentors.queries import CHECKED_STAGES
from mentors.rules import PASSED, CommitmentState, Stage
from reports.queries.waiting.lines import Asked, Column, lines
from reports.rules import LAPSING_DAYS, Card


def applications(asked: Asked) -> Select[Any]:
    """Read applications that nobody has taken up, the oldest first."""
    order = (Volunteer.applied_at, Volunteer.id)
    return (
        lines(Card.APPLICATIONS, Volunteer.id, Person.name, *order, at=Volunteer.applied_at)
        .join(Person, Person.id == Volunteer.person_id)
        .where(visible_volunteers(asked.by), Volunteer.stage == Stage.APPLIED)
    )


def commitments(asked: Asked) -> Select[Any]:
    """Read which mentors give too little or too much and nobody has answered, the longest first."""
    row = CommitmentAlert
    found = _of_volunteers(asked, Card.COMMITMENTS, row, row.since_on, day=row.since_on, word=row.kind)
    return found.where(row.ended_at.is_(None), row.answered_at.is_(None))


def wishes(asked: Asked) -> Select[Any]:
    """Read who asks for other hours, the longest first."""
    found = _of_volunteers(asked, Card.WISHES, Commitment, Commitment.asked_at, at=Commitment.asked_at)
    return found.where(Commitment.state == CommitmentState.ASKED)


def _of_volunteers(asked: Asked, card: Card, row: Any, first: Column, **told: Column) -> Select[Any]:  # noqa: ANN401 - a model.
    """Read rows about volunteers of whom the actor may decide."""
    begun = lines(card, Volunteer.id, Person.name, first, row.id, **told)
    found = begun.join(Volunteer, Volunteer.id == row.volunteer_id).join(Person, Person.id == Volunteer.person_id)
    return found.where(decided_volunteers(asked.by))


def lapsing(asked: Asked) -> Select[Any]:
    """Read passed checks that run out soon or have run out, the first to lapse first."""
    order = (Check.expires_on, Check.id)
    may_see = visible_volunteers(asked.by) if asked.by.may(Permission.VOLUNTEERS_DECIDE) else false()
    return (
        lines(Card.LAPSING, Volunteer.id, Person.name, *order, day=Check.expires_on, word=Check.kind)
        .join(Volunteer, Volunteer.id == Check.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(
            may_see,
            Volunteer.stage.in_(CHECKED_STAGES),
            Check.ended_at.is_(None),
            Check.outcome.in_(PASSED),
            Check.expires_on <= asked.on + timedelta(days=LAPSING_DAYS),
        )
    )


def lost(asked: Asked) -> Select[Any]:
    """Read which mentors were found to be ready no longer: those who are matched first, then the longest ago."""
    is_matched = (
        select(Match.id)
        .where(Match.volunteer_id == Volunteer.id, Match.state.in_(OPEN_STATES))
        .correlate(Volunteer)
        .exists()
    )
    state = case((is_matched, literal("matched", String)), else_=literal("", String))
    order = (state.desc(), ReadinessLoss.lost_on, ReadinessLoss.id)
    may_see = visible_volunteers(asked.by) if asked.by.may(Permission.VOLUNTEERS_DECIDE) else false()
    return (
        lines(Card.LOST, Volunteer.id, Person.name, *order, day=ReadinessLoss.lost_on, other=state)
        .join(Volunteer, Volunteer.id == ReadinessLoss.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(may_see, ReadinessLoss.restored_on.is_(None))
    )
