"""Cards about pairs: proposals to decide on, offers without an answer, and quiet matches."""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Date,
    Select,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from accounts.models import Person
from accounts.rules import Permission
from matching.models import Proposal
from matching.policy import readable_proposals
from matching.rules import OPEN_PROPOSALS
from mentees.models import Mentee
from mentoring.models import Match, Meeting
from mentoring.policy import seen_matches
from mentoring.rules import QUIET_AFTER_DAYS, TOOK_PLACE, MatchState
from mentors.models import Volunteer
from reports.queries.waiting.lines import Asked, lines
from reports.rules import Card

_MENTOR = aliased(Person, name="mentor")


def proposals(asked: Asked) -> Select[Any]:
    """Read proposals to decide on, the best fit first, without those that wait for a second person than this one."""
    is_mine = or_(Proposal.first_by_id.is_(None), Proposal.first_by_id != asked.by.person_id)
    order = (Proposal.fit.desc(), Proposal.id)
    return (
        lines(Card.PROPOSALS, Proposal.id, Person.name, *order, other=_MENTOR.name)
        .join(Mentee, Mentee.id == Proposal.mentee_id)
        .join(Person, Person.id == Mentee.person_id)
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .join(_MENTOR, _MENTOR.id == Volunteer.person_id)
        .where(readable_proposals(asked.by), Proposal.state.in_(OPEN_PROPOSALS), is_mine)
    )


def offers(asked: Asked) -> Select[Any]:
    """Read matches that wait for the mentor's answer, the oldest first."""
    order = (Match.approved_at, Match.id)
    return _with_both(
        lines(Card.OFFERS, Match.id, Person.name, *order, other=_MENTOR.name, at=Match.approved_at), asked
    ).where(Match.state == MatchState.OFFERED)


def quiet(asked: Asked) -> Select[Any]:
    """Read running matches without a meeting for too long, the longest silence first."""
    last_met = (
        select(func.max(Meeting.held_on))
        .where(Meeting.match_id == Match.id, Meeting.outcome.in_(TOOK_PLACE))
        .correlate(Match)
        .scalar_subquery()
    )
    since = type_coerce(func.coalesce(last_met, Match.starts_on), Date)
    return _with_both(
        lines(Card.QUIET, Match.id, Person.name, since, Match.id, other=_MENTOR.name, day=since), asked
    ).where(Match.state == MatchState.ACTIVE, since < asked.on - timedelta(days=QUIET_AFTER_DAYS))


def _with_both(begun: Select[Any], asked: Asked) -> Select[Any]:
    """Join the two people of a match, for those who may see matches of the whole scheme."""
    may_see = seen_matches(asked.by) if asked.by.may(Permission.MATCHES_READ) else false()
    return (
        begun.join(Mentee, Mentee.id == Match.mentee_id)
        .join(Person, Person.id == Mentee.person_id)
        .join(Volunteer, Volunteer.id == Match.volunteer_id)
        .join(_MENTOR, _MENTOR.id == Volunteer.person_id)
        .where(may_see)
    )
