"""Rounds: who is proposed, who never is, and what is told about those who wait."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import selectinload

from accounts.rules import Role
from app import METADATA
from demo.builders import Builder
from foundation.audit import AuditEntry
from foundation.db import Database
from foundation.encryption import GROUP
from matching import jobs, operations, queries
from matching.models import Proposal, Round, RoundRecord, RuleSet, Unmatched
from matching.rules import NEVER_ADVISED, Component, ProposalState, RoundState, Veto, WaitingWhy
from mentees import operations as mentees
from mentees.models import Mentee
from mentees.rules import Ban, Exclusion, RiskGroup, RiskLevel, Setting, StatedGender, Whereabouts
from mentors.models import Volunteer
from mentors.rules import Gender, Rosh, Stage
from tests.conftest import NOW, Saved

TODAY = NOW.date()
EVENINGS = 0b100100100


def ready(build: Builder, **fields: Any) -> Volunteer:  # noqa: ANN401 - whatever an application says.
    """A mentor who is ready and free in the evenings unless told otherwise."""
    return build.ready_mentor(**{"slots": EVENINGS, **fields})


def waiting(build: Builder, **fields: Any) -> Mentee:  # noqa: ANN401 - whatever a referral says.
    """A person who waits and has time in the evenings unless told otherwise."""
    return build.mentee(**{"slots": EVENINGS, **fields})


def run(app: Flask, saved: Saved, db: Database) -> Round:
    """Ask for a round, let the worker run it, and give it with its proposals loaded."""
    with saved as build:
        round_ = operations.ask_round(build.session, by=build.portal(), at=NOW)
    with app.app_context():
        assert jobs.run_due_rounds(db, NOW) == 1
    with db.sessions() as session:
        found = session.get_one(Round, round_.id, options=[selectinload(Round.proposals).undefer_group(GROUP)])
        assert len(found.proposals) + len(found.waiting) == found.mentee_count
        return found


def only_waiting(db: Database) -> Unmatched:
    """The one person whom the rounds so far left waiting."""
    with db.sessions() as session:
        return session.scalars(select(Unmatched)).one()


def test_a_waiting_person_and_a_ready_mentor_are_proposed_with_their_reasons(
    app: Flask, saved: Saved, db: Database
) -> None:
    with saved as build:
        mentor = ready(build, slots=EVENINGS, languages=("en", "pl"))
        person = waiting(build, slots=EVENINGS, languages=("pl",))
    round_ = run(app, saved, db)
    proposal = round_.proposals[0]
    assert (proposal.mentee_id, proposal.volunteer_id) == (person.id, mentor.id)
    assert proposal.reasons["languages"] == ["pl"]
    assert proposal.reasons["common_slots"] == EVENINGS
    assert set(proposal.components) == {component.value for component in Component}
    assert (round_.state, round_.progress_percent, round_.is_proven) == (RoundState.DONE, 100, True)


def risk_above(build: Builder) -> None:
    ready(build, level=Rosh.MEDIUM)
    waiting(build, risks={RiskGroup.PUBLIC: RiskLevel.LOW, RiskGroup.CHILDREN: RiskLevel.HIGH})


def no_common_time(build: Builder) -> None:
    ready(build, slots=0b001)
    waiting(build, slots=0b010)


def no_language(build: Builder) -> None:
    ready(build, languages=("en",))
    waiting(build, languages=("pl",))


def contact_ban_in_other_letters(build: Builder) -> None:
    ready(build, name="Zoë  O'Brien")
    waiting(build, bans=(Ban("ZOE O'BRIEN", "victim"),))


def exclusion_area_around_the_mentor(build: Builder) -> None:
    ready(build, area="L32 4XX")
    waiting(build, exclusions=(Exclusion("L32 4XX", "around the school", 2.0),))


def stated_need(build: Builder) -> None:
    ready(build, gender=Gender.MAN)
    waiting(build, stated_gender=StatedGender.WOMAN, stated_gender_why="Can only talk about it with a woman.")


def stated_need_of_a_mentor_who_has_not_said(build: Builder) -> None:
    ready(build, gender=Gender.NOT_SAID)
    waiting(build, stated_gender=StatedGender.WOMAN, stated_gender_why="Can only talk about it with a woman.")


def too_far_for_both(build: Builder) -> None:
    ready(build, area="L32 4XX", travel_km=10)
    waiting(build, area="M1 1AE", travel_km=10)


@pytest.mark.parametrize(
    ("setting", "veto"),
    [
        (risk_above, Veto.RISK_LEVEL),
        (no_common_time, Veto.SLOT),
        (no_language, Veto.LANGUAGE),
        (contact_ban_in_other_letters, Veto.CONTACT_BAN),
        (exclusion_area_around_the_mentor, Veto.EXCLUSION_AREA),
        (stated_need, Veto.STATED_NEED),
        (stated_need_of_a_mentor_who_has_not_said, Veto.STATED_NEED),
        (too_far_for_both, Veto.TRAVEL),
    ],
)
def test_a_pair_that_breaks_a_rule_is_never_proposed_even_if_somebody_stays_waiting(
    app: Flask, saved: Saved, db: Database, setting: Callable[[Builder], None], veto: Veto
) -> None:
    with saved as build:
        setting(build)
    assert run(app, saved, db).proposals == []
    left = only_waiting(db)
    assert left.why is WaitingWhy.FORBIDDEN
    assert left.alone_blocked_by == {veto.value: 1}
    # Nobody is advised to loosen what protects somebody; a stated need may be talked over, though nobody lifts it.
    assert left.smallest_change == (None if veto in NEVER_ADVISED else veto.value)


def test_an_unknown_place_is_not_distance_zero_and_forbids_nothing(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        near = ready(build, area="L32 4XX", capacity=1)
        ready(build, area="BT1 1AA", capacity=1)
        waiting(build, area="L32 4XX")
    proposal = run(app, saved, db).proposals[0]
    assert proposal.volunteer_id == near.id
    with saved as build:
        waiting(build, area="L32 4XX")
    distances = [found.reasons["distance_km"] for found in run(app, saved, db).proposals]
    assert None in distances


def test_nobody_is_proposed_to_themselves(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        mentor = ready(build)
        person = waiting(build)
        person.person_id = mentor.person_id
    assert run(app, saved, db).proposals == []
    assert Veto.SAME_PERSON.value in only_waiting(db).blocked_by


def test_a_mentor_takes_as_many_people_as_they_have_places(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        ready(build, capacity=2)
        for _number in range(3):
            waiting(build)
    round_ = run(app, saved, db)
    assert len(round_.proposals) == 2
    assert round_.place_count == 2
    assert only_waiting(db).why is WaitingWhy.OTHERS_FIRST


def test_as_many_people_as_possible_come_before_the_best_fit(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        ready(build, area="L32 4XX", level=Rosh.HIGH, slots=EVENINGS)
        ready(build, area="L20 1AA", level=Rosh.LOW, slots=EVENINGS)
        waiting(build, area="L32 4XX", slots=EVENINGS)
        high = {RiskGroup.PUBLIC: RiskLevel.HIGH}
        waiting(build, area="L20 1AA", slots=EVENINGS, risks=high)
    assert len(run(app, saved, db).proposals) == 2


def test_a_mentor_whose_check_has_lapsed_is_not_proposed(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        mentor = ready(build)
        mentor.checks[0].expires_on = TODAY
        waiting(build)
    round_ = run(app, saved, db)
    assert (round_.mentor_count, round_.proposals) == (0, [])
    assert only_waiting(db).why is WaitingWhy.NO_MENTORS


def test_a_round_without_anybody_says_so(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        build.scheme()
    round_ = run(app, saved, db)
    assert (round_.mentee_count, round_.mentor_count, round_.proposals) == (0, 0, [])


def test_people_of_another_scheme_are_never_proposed(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        build.scheme("turin", country="IT", time_zone="Europe/Rome")
        ready(build, slug="turin", area="Torino")
        waiting(build)
    assert run(app, saved, db).proposals == []


def test_a_second_round_replaces_what_nobody_decided_on(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        ready(build)
        waiting(build)
    first = run(app, saved, db)
    run(app, saved, db)
    with db.sessions() as session:
        states = {row.round_id == first.id: row.state for row in session.scalars(select(Proposal))}
    assert states == {True: ProposalState.STALE, False: ProposalState.PROPOSED}


def test_a_round_that_is_only_a_draft_leaves_nothing_on_records_but_stays_in_the_trail(
    app: Flask, saved: Saved, db: Database
) -> None:
    with saved as build:
        ready(build)
        waiting(build)
    before = rows_of_records(db)
    round_ = run(app, saved, db)
    assert rows_of_records(db) == before
    with db.sessions() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.subject_id == round_.id).order_by(AuditEntry.position)
        ).all()
    assert [entry.verb for entry in entries] == ["ask_round", "run_round"]


def rows_of_records(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that stands on the records of people: every row of every table but the rounds' own and the trail."""
    own = {table.__tablename__ for table in (Round, RoundRecord, RuleSet, Proposal, Unmatched)}
    technical = ("audit_", "worker_", "sign_in")
    with db.sessions() as session:
        return {
            name: sorted(map(tuple, session.execute(text(f'SELECT * FROM "{name}"'))), key=repr)
            for name in sorted(set(METADATA.tables) - own)
            if not name.startswith(technical)
        }


def test_two_rounds_at_once_are_refused(app: Flask, saved: Saved) -> None:
    with saved as build:
        operations.ask_round(build.session, by=build.portal(), at=NOW)
        with pytest.raises(operations.RoundRunning):
            operations.ask_round(build.session, by=build.portal(), at=NOW)


def test_a_round_that_fails_says_so_and_stores_nothing(
    app: Flask, saved: Saved, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with saved as build:
        ready(build)
        waiting(build)
        round_ = operations.ask_round(build.session, by=build.portal(), at=NOW)
    monkeypatch.setattr("matching.operations.running.solve", lambda _problem: 1 / 0)
    with app.app_context(), pytest.raises(ZeroDivisionError):
        jobs.run_due_rounds(db, NOW)
    with db.sessions() as session:
        found = session.get_one(Round, round_.id, options=[selectinload(Round.proposals).undefer_group(GROUP)])
        assert (found.state, found.proposals) == (RoundState.FAILED, [])
        assert "ZeroDivisionError" in found.failure


def test_a_change_of_risk_withdraws_what_was_proposed(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        ready(build)
        person = waiting(build)
    proposal = run(app, saved, db).proposals[0]
    with saved as build:
        mentees.assess_risk(
            build.session,
            mentee=build.session.get_one(Mentee, person.id),
            group=RiskGroup.PUBLIC,
            level=RiskLevel.VERY_HIGH,
            source="Probation, OASys",
            assessed_on=TODAY,
            by=build.actor(Role.COORDINATOR),
            at=NOW,
        )
    with db.sessions() as session:
        assert session.get_one(Proposal, proposal.id).state is ProposalState.STALE


def test_a_mentor_on_a_break_loses_open_proposals(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        mentor = ready(build)
        waiting(build)
    proposal = run(app, saved, db).proposals[0]
    with saved as build:
        build.scheme()
        build.move(build.session.get_one(type(mentor), mentor.id), Stage.ON_A_BREAK)
    with db.sessions() as session:
        assert session.get_one(Proposal, proposal.id).state is ProposalState.STALE


def test_reading_a_round_takes_the_same_statements_whatever_its_size(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        ready(build)
        waiting(build)
        by = build.portal()
    round_ = run(app, saved, db)
    with db.sessions() as session:
        assert [row.id for row in queries.list_rounds(session, by)] == [round_.id]
        assert queries.count_open_proposals(session, by) == 1


def test_a_change_of_whereabouts_withdraws_what_was_proposed(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        ready(build)
        mentee_id = waiting(build).id
    proposal = run(app, saved, db).proposals[0]
    with saved as build:
        mentees.change_whereabouts(
            build.session,
            mentee=build.session.get_one(Mentee, mentee_id),
            whereabouts=Whereabouts(setting=Setting.COMMUNITY, area="CH41 1AA", slots=1),
            by=build.actor(Role.COORDINATOR),
            at=NOW,
        )
    with db.sessions() as session:
        assert session.get_one(Proposal, proposal.id).state is ProposalState.STALE
