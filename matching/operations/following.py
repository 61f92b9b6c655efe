"""What follows from a choice in a finished round: it is solved again, and its open proposals are made to agree.

All of it happens in the transaction of the choice. What somebody has approved stays as it is.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts.policy import Actor
from foundation import audit
from foundation.clock import day_of
from foundation.errors import NotVisible, Refusal
from foundation.language import _, words_for
from foundation.versions import StaleEdit
from matching import queries
from matching.gathering import Answer, Desk, Pair, People, Wishes, read_desk, read_history, score_people
from matching.models import Round, Unmatched
from matching.operations.proposing import make_proposals, make_unmatched
from matching.rules import PROPOSALS, Component, Origin, ProposalState, RoundState, StaleWhy, Veto
from mentees.models import Mentee
from mentoring.queries import readiness_of_many
from mentors.models import Volunteer


class NotNewest(Refusal):
    """Choices are made in the newest finished round only, while no other is under way."""


class RecordGone(Refusal):
    """What the round was reckoned from is no longer kept, so that it cannot be solved again."""


class NotAllowed(Refusal):
    """A rule forbids the pair."""


@dataclass(frozen=True)
class Settled:
    """A plan whose new pairs were looked at once more, as things stand today.

    Attributes:
        answer: The plan.
        mentees: The people of its new pairs, by row.
        volunteers: The mentors of its new pairs, by column.
    """

    answer: Answer
    mentees: dict[int, Mentee]
    volunteers: dict[int, Volunteer]


def open_desk(session: Session, *, round_id: uuid.UUID, by: Actor, at: datetime, revision: int | None) -> Desk:
    """Take up a finished round to choose in it; whoever comes second waits here.

    Raises:
        NotVisible: It belongs elsewhere.
        NotNewest: Another round has been run or is under way.
        StaleEdit: Somebody chose in it after the page was opened.
        RecordGone: It can no longer be solved again.
    """
    round_ = queries.get_round(session, by, round_id)
    session.refresh(round_, with_for_update=True)
    desk = find_desk(session, round_, by, at)
    if desk is None:
        raise RecordGone(
            _("What this round was reckoned from is no longer kept, so nothing can be chosen in it. Run a new one.")
        )
    if revision is not None and revision != round_.revision:
        raise StaleEdit(
            _("Somebody else chose in this round while you had it open. Nothing of yours was saved. Look at it again.")
        )
    return desk


def find_desk(session: Session, round_: Round, by: Actor, at: datetime) -> Desk | None:
    """Read a round to choose in it; None where its record is no longer kept.

    Raises:
        NotNewest: Another round has been run or is under way, or this one has not been finished.
    """
    if not is_open(session, round_, by):
        raise NotNewest(_("This is not the newest finished round, or another one is under way. Choose in that one."))
    return read_desk(session, by, round_, day_of(at, by.time_zone))


def is_open(session: Session, round_: Round, by: Actor) -> bool:
    """Whether choices can be made in a round: it is finished, the newest, and no other is under way."""
    last = queries.find_last_round(session, by)
    return round_.state is RoundState.DONE and last is not None and last.id == round_.id


def place_of(desk: Desk, mentee_id: uuid.UUID, volunteer_id: uuid.UUID) -> Pair:
    """Find a pair in the record of a round.

    Raises:
        NotVisible: One of them did not stand in it.
    """
    if mentee_id not in desk.rows or volunteer_id not in desk.columns:
        raise NotVisible(_("They did not both stand in this round."))
    return desk.rows[mentee_id], desk.columns[volunteer_id]


def follow(
    session: Session, desk: Desk, wishes: Wishes, *, by: Actor, at: datetime, hand: Pair | None = None
) -> Answer:
    """Solve a round again and make its open proposals agree with the plan.

    Args:
        session: The transaction of the choice.
        desk: The round.
        wishes: What is decided about it from now on.
        by: Who chose.
        at: When.
        hand: The pair that somebody proposes by hand.

    Raises:
        NotAllowed: As things stand today a rule forbids the pair that is proposed by hand.
    """
    settled = _settle(session, desk, wishes, by=by, at=at, hand=hand)
    _withdraw(session, desk, settled.answer, by=by, at=at)
    _propose(session, desk, settled, by=by, at=at, hand=hand)
    _rewrite_waiting(session, desk, settled.answer, wishes)
    desk.round.revision += 1
    session.flush()
    return settled.answer


def _settle(session: Session, desk: Desk, wishes: Wishes, *, by: Actor, at: datetime, hand: Pair | None) -> Settled:
    """Solve, look at every new pair once more as things stand today, and solve again without those that may not be."""
    on = day_of(at, by.time_zone)
    history = read_history(session, desk.round.scheme_id, at, on)
    while True:
        answer = desk.solve(wishes)
        current = desk.current
        new = [(row, column) for row, column in answer.plan.pairs.tolist() if current[row] != column]
        people = People(
            queries.list_candidates(session, desk.round.scheme_id, [desk.mentee_ids[row] for row, _column in new]),
            queries.list_ready_mentors(session, desk.round.scheme_id, [desk.volunteer_ids[each] for _row, each in new]),
            [],
            history,
            on,
        )
        unsafe = _unsafe_today(session, desk, people, new)
        if hand in unsafe:
            raise NotAllowed(_("This pair is no longer allowed: %(rules)s.", rules=unsafe[hand]))
        if not unsafe:
            return Settled(
                answer,
                {desk.rows[each.id]: each for each in people.mentees},
                {desk.columns[each.id]: each for each in people.volunteers},
            )
        wishes = wishes.but(forbid=frozenset(unsafe))


def _unsafe_today(session: Session, desk: Desk, people: People, pairs: list[Pair]) -> dict[Pair, object]:
    """Find pairs that a rule forbids today, or of which one is no longer there; with what stands against each."""
    scored = score_people(people, dict.fromkeys(Component, 1))
    lacking = readiness_of_many(session, people.volunteers, people.on)
    rows = {desk.rows[each.id]: place for place, each in enumerate(people.mentees)}
    columns = {desk.columns[each.id]: place for place, each in enumerate(people.volunteers)}
    ready = {desk.columns[each.id] for each in people.volunteers if not lacking[each.id]}
    unsafe: dict[Pair, object] = {}
    for row, column in pairs:
        if row not in rows:
            unsafe[row, column] = _("the person no longer waits")
        elif column not in ready:
            unsafe[row, column] = _("the mentor is no longer ready")
        elif vetoes := scored.vetoes_of(rows[row], columns[column]):
            unsafe[row, column] = ", ".join(words_for(Veto(name)) for name in vetoes)
    return unsafe


def _withdraw(session: Session, desk: Desk, answer: Answer, *, by: Actor, at: datetime) -> None:
    """Put out of date what the new plan no longer holds and nobody has approved."""
    for row, proposal in desk.live.items():
        is_kept = answer.mentor_of[row] == desk.columns[proposal.volunteer_id]
        if proposal.state is not ProposalState.PROPOSED or is_kept:
            continue
        PROPOSALS.check(proposal.state, ProposalState.STALE)
        proposal.state, proposal.stale_why = ProposalState.STALE, StaleWhy.CHOICE
        proposal.changed_at, proposal.changed_by_id = at, by.person_id
        audit.record(session, by=by, at=at, verb="withdraw_proposal", subject=proposal)
    # The place of a proposal must be free before another one takes it.
    session.flush()


def _propose(session: Session, desk: Desk, settled: Settled, *, by: Actor, at: datetime, hand: Pair | None) -> None:
    """Write down what the new plan holds and was not proposed before."""
    current = desk.current
    new = [pair for pair in settled.answer.plan.pairs.tolist() if current[pair[0]] != pair[1]]
    if not new:
        return
    pairs = np.array(new, dtype=np.int64)
    made = make_proposals(desk.memory.scored, pairs, settled.mentees, settled.volunteers, desk.round.id)
    for pair, proposal in zip(new, made, strict=True):
        proposal.scheme_id, proposal.changed_at, proposal.changed_by_id = desk.round.scheme_id, at, by.person_id
        proposal.origin = Origin.HAND if tuple(pair) == hand else Origin.CHOICE
        session.add(proposal)
        audit.record(session, by=by, at=at, verb="propose_pair", subject=proposal)
    session.flush()


def _rewrite_waiting(session: Session, desk: Desk, answer: Answer, wishes: Wishes) -> None:
    """Tell anew who stays waiting and why; people who no longer wait at all are not told of."""
    session.execute(delete(Unmatched).where(Unmatched.round_id == desk.round.id))
    left_out = wishes.rows_out - desk.changed_rows
    unmatched = make_unmatched(desk.memory.scored, answer.plan, desk.mentee_ids, desk.round.id, left_out=left_out)
    session.add_all(each for each in unmatched if each.mentee_id in desk.present)
