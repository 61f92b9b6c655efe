"""Deciding on a proposal: a named person approves or declines with a reason; nobody is told anything before."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Conflict, Refusal
from foundation.language import _, words_for
from foundation.versions import require_version
from matching import queries
from matching.gathering import History, People, highest_risk, read_desk, read_history, score_people
from matching.models import Proposal, Round, RoundChoice
from matching.operations.following import follow, is_open, place_of
from matching.operations.remembering import note_cost, note_decline
from matching.rules import OPEN_PROPOSALS, PROPOSALS, USUAL_DECLINE_MONTHS, Component, ProposalState, Veto
from mentees.rules import TWO_PEOPLE_FROM
from mentoring.models import Match
from mentoring.operations import open_match


class AlreadyDecided(Conflict):
    """Somebody decided on this proposal before."""


class SecondPersonNeeded(Refusal):
    """High and very high risk of serious harm: two different people approve."""


class LifterApproves(Refusal):
    """Whoever lifted a rule for a pair does not approve it."""


class NoLongerSafe(Refusal):
    """Since the round something has changed, and a rule now forbids this pair."""


def approve_proposal(
    session: Session,
    *,
    proposal: Proposal,
    why: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    base_url: str = "",
) -> Match | None:
    """Approve a proposal, after looking at both people once more in this very transaction.

    Args:
        session: The transaction.
        proposal: What was proposed.
        why: The reason, in the words of the person who decides.
        by: A coordinator.
        at: When.
        version: What the page showed.
        base_url: Beginning of links in letters.

    Returns:
        The match; None where a second person has still to approve.

    Raises:
        AlreadyDecided: Somebody else was first.
        SecondPersonNeeded: The same person cannot approve twice.
        NoLongerSafe: A rule forbids the pair now.
        Refusal: No reason, or the mentor is no longer ready or has no free place.
    """
    _prepare(session, proposal, why, by, version)
    _require_safe(session, proposal, by, at)
    # The risk that counts is today's, not that of the day of the round.
    proposal.needs_second = highest_risk(proposal.mentee) >= TWO_PEOPLE_FROM
    if proposal.needs_second and proposal.first_by_id is None:
        _approve_first(session, proposal, why, by, at)
        return None
    if proposal.needs_second and proposal.first_by_id == by.person_id:
        raise SecondPersonNeeded(
            _("You approved this first. Because of the risk, another person has to approve it too.")
        )
    _decide(session, proposal, ProposalState.APPROVED, why=why, by=by, at=at)
    return open_match(
        session, mentee=proposal.mentee, volunteer=proposal.volunteer, why=why, by=by, at=at, base_url=base_url
    )


def decline_proposal(
    session: Session,
    *,
    proposal: Proposal,
    why: str,
    by: Actor,
    at: datetime,
    months: int = USUAL_DECLINE_MONTHS,
    version: int | None = None,
) -> RoundChoice:
    """Decline a proposal with a reason; the pair is not proposed again for some months.

    The newest round is solved again at once, so that the person may be proposed to somebody else.

    Raises:
        AlreadyDecided: Somebody else was first.
        Refusal: No reason.
    """
    _prepare(session, proposal, why, by, version)
    round_ = session.get_one(Round, proposal.round_id)
    desk = read_desk(session, by, round_, day_of(at, by.time_zone)) if is_open(session, round_, by) else None
    before = desk.solve() if desk else None
    _decide(session, proposal, ProposalState.DECLINED, why=why, by=by, at=at)
    mentee_id, volunteer_id = proposal.mentee_id, proposal.volunteer_id
    choice = note_decline(
        session, round_, mentee_id=mentee_id, volunteer_id=volunteer_id, why=why, by=by, at=at, months=months
    )
    if desk is not None and before is not None:
        pair = place_of(desk, mentee_id, volunteer_id)
        note_cost(choice, before, follow(session, desk, desk.wishes.but(forbid=frozenset({pair})), by=by, at=at))
        session.flush()
    return choice


def _prepare(session: Session, proposal: Proposal, why: str, by: Actor, version: int | None) -> None:
    """Check right, reason and state; whoever comes second waits here and then sees what the first one did."""
    require(by, Permission.MATCHING_DECIDE)
    require_scheme(by, proposal.scheme_id)
    # Only the proposal is locked; the people beside it are joined and cannot be.
    session.refresh(proposal, with_for_update={"of": Proposal})
    if proposal.state not in OPEN_PROPOSALS:
        raise AlreadyDecided(_what_happened(session, proposal))
    require_version(proposal, version)
    if not why.strip():
        raise Refusal(_("Give a reason. It is kept with the decision."), field="why")


def _what_happened(session: Session, proposal: Proposal) -> object:
    """Say who decided and when."""
    if proposal.decided_by_id is None:
        return _("A newer round has replaced this proposal.")
    name = session.scalar(select(Person.name).where(Person.id == proposal.decided_by_id))
    return _(
        "%(name)s decided on this proposal on %(day)s at %(time)s UTC: %(state)s.",
        name=name,
        day=f"{proposal.decided_at:%d.%m.%Y}",
        time=f"{proposal.decided_at:%H:%M}",
        state=words_for(proposal.state),
    )


def _approve_first(session: Session, proposal: Proposal, why: str, by: Actor, at: datetime) -> None:
    """Write down the first of two approvals."""
    PROPOSALS.check(proposal.state, ProposalState.SECONDED)
    proposal.state = ProposalState.SECONDED
    proposal.first_by_id, proposal.first_at, proposal.first_why = by.person_id, at, why
    _note_change(proposal, by, at)
    audit.record(session, by=by, at=at, verb="approve_proposal_first", subject=proposal, why=why)
    session.flush()


def _decide(session: Session, proposal: Proposal, to: ProposalState, *, why: str, by: Actor, at: datetime) -> None:
    """Write down a decision."""
    PROPOSALS.check(proposal.state, to)
    proposal.state = to
    proposal.decided_by_id, proposal.decided_at, proposal.decided_why = by.person_id, at, why
    _note_change(proposal, by, at)
    verb = "approve_proposal" if to is ProposalState.APPROVED else "decline_proposal"
    audit.record(session, by=by, at=at, verb=verb, subject=proposal, why=why)
    session.flush()


def _note_change(proposal: Proposal, by: Actor, at: datetime) -> None:
    """Say who changed the proposal last, for whoever has an old page open."""
    proposal.changed_at, proposal.changed_by_id = at, by.person_id


def _require_safe(session: Session, proposal: Proposal, by: Actor, at: datetime) -> None:
    """Look at every rule again for this pair, as things stand now.

    Raises:
        NoLongerSafe: Naming the rules that forbid it.
    """
    on = day_of(at, by.time_zone)
    session.refresh(proposal.mentee)
    session.refresh(proposal.volunteer)
    history = read_history(session, proposal.scheme_id, at, on)
    _require_other_than_lifter(session, proposal, by, on)
    pair = People([proposal.mentee], [proposal.volunteer], [1], _of_pair(history, proposal), on)
    vetoes = score_people(pair, dict.fromkeys(Component, 1)).vetoes_of(0, 0)
    if vetoes:
        rules = ", ".join(words_for(Veto(name)) for name in vetoes)
        raise NoLongerSafe(_("This pair is no longer allowed: %(rules)s. Decline it or run a new round.", rules=rules))


def _of_pair(history: History, proposal: Proposal) -> History:
    """Keep of the history what concerns one pair."""
    pair = frozenset({(proposal.mentee_id, proposal.volunteer_id)})
    lifted = {each: vetoes for each, vetoes in history.lifted.items() if each in pair}
    return History(history.met & pair, history.declined & pair, history.months, lifted, history.vetted)


def _require_other_than_lifter(session: Session, proposal: Proposal, by: Actor, on: date) -> None:
    """Refuse that whoever lifted a rule for a pair also approves it, so that two people stand behind it.

    Raises:
        LifterApproves: It is the same person.
    """
    pair = proposal.mentee_id, proposal.volunteer_id
    for lift in queries.list_lifts(session, proposal.scheme_id, on):
        if (lift.mentee_id, lift.volunteer_id) == pair and lift.made_by_id == by.person_id:
            raise LifterApproves(_("You lifted a rule for this pair. Another person has to approve it."))
