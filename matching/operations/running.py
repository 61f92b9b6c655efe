"""Running a round: read, score, solve, explain, store; each step leaves its mark for the page that people watch.

Reading is one look at the database; the long arithmetic runs outside of any transaction, so that nobody waits for it.
Storing is one transaction: a round has all of its proposals or none.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import portal_in
from foundation import audit
from foundation.clock import day_of
from foundation.db import Database
from matching import queries
from matching.engine import Plan, Scored, lexicographic, solve
from matching.gathering import (
    People,
    codings_of,
    digest_of,
    exclusion_areas_of,
    pack,
    read_history,
    remember,
    score_people,
)
from matching.models import Proposal, Round, RoundRecord
from matching.operations.proposing import make_proposals, make_unmatched
from matching.rules import (
    PHASE_PERCENT,
    STUCK_AFTER,
    Component,
    Phase,
    ProposalState,
    RoundState,
    StaleWhy,
)
from mentoring.queries import free_places, readiness_of_many

LONGEST_FAILURE = 500

MOST_PAIRS_KEPT = 30_000_000
"""The arrays of a round with more pairs would take minutes to pack and hundreds of megabytes to keep."""


@dataclass(frozen=True)
class Outcome:
    """What the engine found, before it is stored."""

    people: People
    scored: Scored
    plan: Plan


def run_round(database: Database, *, round_id: uuid.UUID, at: datetime) -> None:
    """Run one round that was asked for, exactly once.

    A round that another worker has taken up is left alone. Should a worker be so slow that another one takes its round
    for lost, what it finds is thrown away: the last one that took the round up stores.

    Args:
        database: Its own transactions are opened here, one for each step.
        round_id: The round.
        at: When.
    """
    if not _claim(database, round_id, at):
        return
    try:
        store_outcome(database, round_id, _work_out(database, round_id, at), at)
    except Exception as error:
        _fail(database, round_id, error, at)
        raise


def _work_out(database: Database, round_id: uuid.UUID, at: datetime) -> Outcome:
    """Read the people and find the best plan."""
    with database.sessions() as session:
        round_ = session.get_one(Round, round_id)
        people = _read(session, round_.scheme_id, at)
        weights = {Component(name): weight for name, weight in round_.weights.items()}
    _mark(database, round_id, Phase.SCORING)
    scored = score_people(people, weights)
    _mark(database, round_id, Phase.SOLVING)
    capacity = np.array(people.places, dtype=np.int64)
    aims = lexicographic(scored.fit, scored.allowed, capacity, high_need=people.urgent)
    plan = solve(aims.problem)
    _mark(database, round_id, Phase.EXPLAINING)
    return Outcome(people, scored, plan)


def _read(session: Session, scheme_id: uuid.UUID, at: datetime) -> People:
    """Read who waits and who is ready, with free places; a mentor who is no longer ready is left out."""
    scheme = session.get_one(Scheme, scheme_id)
    on = day_of(at, scheme.time_zone)
    volunteers = queries.list_ready_mentors(session, scheme_id)
    missing = readiness_of_many(session, volunteers, on)
    ready = [volunteer for volunteer in volunteers if not missing[volunteer.id]]
    free = free_places(session, scheme_id)
    kept = queries.count_seconded_by_mentor(session, scheme_id)
    return People(
        mentees=queries.list_candidates(session, scheme_id),
        volunteers=ready,
        places=[max(0, free.get(row.id, 0) - kept.get(row.id, 0)) for row in ready],
        history=read_history(session, scheme_id, at, on),
        on=on,
    )


def store_outcome(database: Database, round_id: uuid.UUID, outcome: Outcome, at: datetime) -> None:
    """Save the result in one transaction; proposals of earlier rounds that nobody decided on are out of date.

    Args:
        database: Where.
        round_id: The round.
        outcome: What was found.
        at: When the round was taken up; nothing is stored if another worker has taken it up since.
    """
    holds = outcome.plan.certificate.holds
    proposals = make_proposals(
        outcome.scored, outcome.plan.pairs, outcome.people.mentees, outcome.people.volunteers, round_id
    )
    mentee_ids = [mentee.id for mentee in outcome.people.mentees]
    waiting = make_unmatched(outcome.scored, outcome.plan, mentee_ids, round_id)
    record, digest = _record(outcome, round_id)
    with database.transaction() as session:
        round_ = session.get_one(Round, round_id)
        if not _is_ours(round_, at):
            return
        _make_earlier_stale(session, round_)
        by = portal_in(session.get_one(Scheme, round_.scheme_id), origin="job")
        for proposal in proposals:
            proposal.scheme_id, proposal.changed_at = round_.scheme_id, at
        session.add_all([*proposals, *waiting, *record])
        round_.inputs_digest = digest
        round_.mentee_count = len(outcome.people.mentees)
        round_.mentor_count = len(outcome.people.volunteers)
        round_.place_count = int(sum(outcome.people.places))
        round_.total_fit = sum(proposal.fit for proposal in proposals)
        round_.is_proven = holds
        round_.state, round_.phase, round_.finished_at = RoundState.DONE, Phase.FINISHED, at
        round_.progress_percent = PHASE_PERCENT[Phase.FINISHED]
        audit.record(session, by=by, at=at, verb="run_round", subject=round_)


def _record(outcome: Outcome, round_id: uuid.UUID) -> tuple[list[RoundRecord], str]:
    """Take down what the round was reckoned from, and its digest; the record of a very large round is left out."""
    people = outcome.people
    capacity = np.array(people.places, dtype=np.int64)
    areas = exclusion_areas_of(people.mentees)
    memory = remember(outcome.scored, capacity, people.urgent, codings_of(people), outcome.plan, areas=areas)
    digest = digest_of(memory)
    if outcome.scored.fit.size > MOST_PAIRS_KEPT:
        return [], digest
    record = RoundRecord(
        round_id=round_id,
        mentee_ids=[row.id.hex for row in people.mentees],
        volunteer_ids=[row.id.hex for row in people.volunteers],
        arrays=pack(memory),
    )
    return [record], digest


def _make_earlier_stale(session: Session, round_: Round) -> None:
    """Mark what earlier rounds proposed and nobody decided on; half-approved proposals go on."""
    session.execute(
        update(Proposal)
        .where(
            Proposal.scheme_id == round_.scheme_id,
            Proposal.round_id != round_.id,
            Proposal.state == ProposalState.PROPOSED,
        )
        .values(state=ProposalState.STALE, stale_why=StaleWhy.NEWER_ROUND, version=Proposal.version + 1)
        .execution_options(synchronize_session=False)
    )


def _claim(database: Database, round_id: uuid.UUID, at: datetime) -> bool:
    """Take a round up, so that no other worker does; the conditional update decides."""
    # Between the list of due rounds and this moment another worker may have begun: only one that is due now is taken.
    is_free = (Round.state == RoundState.QUEUED) | (
        (Round.state == RoundState.RUNNING) & (Round.started_at < at - STUCK_AFTER)
    )
    with database.transaction() as session:
        taken = session.connection().execute(
            update(Round)
            .where(Round.id == round_id, is_free)
            .values(
                state=RoundState.RUNNING,
                started_at=at,
                phase=Phase.READING,
                progress_percent=PHASE_PERCENT[Phase.READING],
            )
        )
        return taken.rowcount == 1


def _is_ours(round_: Round, at: datetime) -> bool:
    """Whether a round is still run by the worker that took it up at a moment."""
    return (round_.state, round_.started_at) == (RoundState.RUNNING, at)


def _mark(database: Database, round_id: uuid.UUID, phase: Phase) -> None:
    """Show how far the round is."""
    with database.transaction() as session:
        round_ = session.get_one(Round, round_id)
        round_.phase, round_.progress_percent = phase, PHASE_PERCENT[phase]


def _fail(database: Database, round_id: uuid.UUID, error: Exception, at: datetime) -> None:
    """Write down that a round could not be run; nothing of it was stored."""
    with database.transaction() as session:
        round_ = session.get_one(Round, round_id)
        if not _is_ours(round_, at):
            return
        round_.state, round_.finished_at = RoundState.FAILED, at
        round_.failure = f"{type(error).__name__}: {error}"[:LONGEST_FAILURE]
        by = portal_in(session.get_one(Scheme, round_.scheme_id), origin="job")
        audit.record(session, by=by, at=at, verb="fail_round", subject=round_)
