"""What happens elsewhere can make an open proposal out of date; these listen, in the same transaction."""

import uuid
from collections.abc import Mapping

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from foundation import audit
from matching.models import Proposal
from matching.rules import OPEN_PROPOSALS, PROPOSALS, ProposalState, StaleWhy
from mentees.rules import CaseMoved, CaseStage, RestrictionsChanged, RiskChanged, WhereaboutsChanged
from mentors.rules import Stage, StageMoved

PersonChanged = RiskChanged | RestrictionsChanged | WhereaboutsChanged
"""Facts by which a person may no longer fit the mentor who was proposed."""

_WHY: Mapping[type[PersonChanged], StaleWhy] = {
    RiskChanged: StaleWhy.RISK,
    RestrictionsChanged: StaleWhy.RESTRICTIONS,
    WhereaboutsChanged: StaleWhy.WHEREABOUTS,
}


def withdraw_for_person(session: Session, fact: PersonChanged) -> None:
    """A person's risk, restrictions or whereabouts changed: their proposals were judged by what no longer holds."""
    _withdraw(session, Proposal.mentee_id == fact.mentee_id, fact, _WHY[type(fact)])


def withdraw_for_case(session: Session, fact: CaseMoved) -> None:
    """A person no longer waits, so nothing that was proposed for them stands."""
    if fact.after is not CaseStage.WAITING:
        _withdraw(session, Proposal.mentee_id == fact.mentee_id, fact, StaleWhy.CASE)


def withdraw_for_mentor(session: Session, fact: StageMoved) -> None:
    """A mentor is no longer ready, so nobody is to be matched with them."""
    if fact.after is not Stage.READY:
        _withdraw(session, Proposal.volunteer_id == fact.volunteer_id, fact, StaleWhy.MENTOR)


def _withdraw(
    session: Session,
    whose: ColumnElement[bool],
    fact: PersonChanged | CaseMoved | StageMoved,
    why: StaleWhy,
) -> None:
    """Mark open proposals as out of date."""
    statement = select(Proposal).where(whose, Proposal.state.in_(OPEN_PROPOSALS)).order_by(Proposal.id)
    for proposal in session.scalars(statement):
        PROPOSALS.check(proposal.state, ProposalState.STALE)
        proposal.state, proposal.stale_why = ProposalState.STALE, why
        proposal.changed_at = fact.at
        proposal.changed_by_id = _person(fact.by)
        audit.record(session, by=fact.by, at=fact.at, verb="withdraw_proposal", subject=proposal)


def _person(by: object) -> uuid.UUID | None:
    """Tell the person behind an actor; None for the portal itself."""
    return getattr(by, "person_id", None)
