"""Choices in a finished round: it follows at once, tells the price, and nothing that was approved is touched."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.policy import Actor
from accounts.rules import Role
from foundation import audit
from foundation.db import Database
from foundation.errors import Conflict, NotPermitted, NotVisible, Refusal
from foundation.versions import StaleEdit
from matching import jobs, operations, queries
from matching.gathering import read_desk
from matching.models import Proposal, Round, RoundChoice, Unmatched
from matching.rules import ChoiceKind, Origin, ProposalState, StaleWhy, Veto, WaitingWhy
from mentees.models import Mentee
from mentees.rules import RiskGroup, RiskLevel
from mentors.models import Volunteer
from mentors.rules import Rosh, Stage
from tests.conftest import NOW, Saved
from tests.matching.test_rounds import ready, run, waiting

Case = tuple[Callable[..., RoundChoice], dict[str, Any]]

HIGH = {RiskGroup.PUBLIC: RiskLevel.HIGH}


class World:
    """A finished round in which three people wait for two mentors with one place each.

    Nia lives beside Near, Otto beside Far; the third, Zed, has little time and stays waiting.
    """

    def __init__(self, app: Flask, saved: Saved, db: Database) -> None:
        self.app, self.saved, self.db = app, saved, db
        with saved as build:
            self.near = ready(build, name="Mo Near", area="L32 4XX", capacity=1, travel_km=90).id
            self.far = ready(build, name="Flo Far", area="M1 1AE", capacity=1, travel_km=90).id
            self.nia = waiting(build, name="Nia", area="L32 4XX").id
            self.otto = waiting(build, name="Otto", area="M1 1AE").id
            self.zed = waiting(build, name="Zed", area="L32 4XX", slots=0b100).id
            self.by, self.other = build.actor(Role.COORDINATOR), build.actor(Role.COORDINATOR)
        self.round = run(app, saved, db).id

    def do(self, operation: Callable[..., RoundChoice], *, by: Actor | None = None, **named: Any) -> RoundChoice:  # noqa: ANN401 - as the operation has it.
        """Carry out a choice in a transaction of its own."""
        why = {} if operation is operations.undo_choice else {"why": "A reason."}
        with self.saved as build:
            return operation(build.session, **{"round_id": self.round, "by": by or self.by, "at": NOW, **why, **named})

    def pairs(self) -> dict[Any, tuple[Any, Origin]]:
        """Who is proposed to whom now, and how it came about."""
        live = (ProposalState.PROPOSED, ProposalState.SECONDED, ProposalState.APPROVED)
        with self.db.sessions() as session:
            rows = session.scalars(select(Proposal).where(Proposal.round_id == self.round, Proposal.state.in_(live)))
            return {row.mentee_id: (row.volunteer_id, row.origin) for row in rows}

    def waits(self) -> dict[Any, WaitingWhy]:
        """Who stays waiting, and why."""
        with self.db.sessions() as session:
            rows = session.scalars(select(Unmatched).where(Unmatched.round_id == self.round))
            return {row.mentee_id: row.why for row in rows}

    def proposal(self, mentee_id: Any) -> Proposal:  # noqa: ANN401 - an id.
        """The live proposal of somebody."""
        with self.saved as build:
            live = (ProposalState.PROPOSED, ProposalState.SECONDED, ProposalState.APPROVED)
            return build.session.scalars(
                select(Proposal).where(Proposal.mentee_id == mentee_id, Proposal.state.in_(live))
            ).one()

    def approve(self, mentee_id: Any) -> None:  # noqa: ANN401 - an id.
        """Approve what is proposed for somebody."""
        proposal = self.proposal(mentee_id)
        with self.saved as build:
            row = queries.get_proposal(build.session, self.by, proposal.id)
            operations.approve_proposal(build.session, proposal=row, why="Good.", by=self.by, at=NOW)

    def revision(self) -> int:
        """How often somebody has chosen."""
        with self.db.sessions() as session:
            return session.get_one(Round, self.round).revision


@pytest.fixture
def world(app: Flask, saved: Saved, db: Database) -> World:
    """The round of all these tests."""
    made = World(app, saved, db)
    assert made.pairs() == {made.nia: (made.near, Origin.ROUND), made.otto: (made.far, Origin.ROUND)}
    return made


def test_a_pair_by_hand_moves_the_others_and_tells_what_it_costs(world: World) -> None:
    choice = world.do(operations.pin_pair, mentee_id=world.nia, volunteer_id=world.far)
    assert world.pairs() == {world.nia: (world.far, Origin.HAND), world.zed: (world.near, Origin.CHOICE)}
    assert world.waits() == {world.otto: WaitingWhy.OTHERS_FIRST}
    assert choice.cost["served"] == 0
    assert choice.cost["fit"] > 0
    with world.db.sessions() as session:
        stale = session.scalars(select(Proposal).where(Proposal.state == ProposalState.STALE)).all()
        assert {row.stale_why for row in stale} == {StaleWhy.CHOICE}
        assert len(stale) == 2
        assert audit.verify(session) is None


def test_the_price_told_before_is_the_price_paid(world: World) -> None:
    with world.db.sessions() as session:
        desk = read_desk(session, world.by, session.get_one(Round, world.round), NOW.date())
        assert desk is not None
        told = desk.solve().costs_of(desk.rows[world.zed])[desk.columns[world.near]]
    choice = world.do(operations.pin_pair, mentee_id=world.zed, volunteer_id=world.near)
    assert (choice.cost["high_need"], choice.cost["served"], choice.cost["fit"]) == tuple(told)


def test_a_pinned_pair_that_was_proposed_stays_the_same_proposal(world: World) -> None:
    before = world.proposal(world.nia).id
    choice = world.do(operations.pin_pair, mentee_id=world.nia, volunteer_id=world.near)
    assert world.proposal(world.nia).id == before
    assert choice.cost["fit"] == choice.cost["served"] == 0


def test_a_declined_pair_goes_to_the_next_best_and_is_not_proposed_again_until_its_day(world: World) -> None:
    world.do(operations.decline_pair, mentee_id=world.nia, volunteer_id=world.near, months=3)
    # Zed lives beside the mentor who has become free, and now Nia waits for the far one or stays waiting.
    assert world.pairs()[world.otto] == (world.far, Origin.ROUND)
    assert world.pairs()[world.zed] == (world.near, Origin.CHOICE)
    assert world.waits() == {world.nia: WaitingWhy.OTHERS_FIRST}
    again = run(world.app, world.saved, world.db)
    assert world.near not in {row.volunteer_id for row in again.proposals if row.mentee_id == world.nia}
    with world.db.sessions() as session:
        chosen = session.scalars(select(RoundChoice)).one()
        assert (chosen.kind, chosen.until_on) == (ChoiceKind.DECLINE, NOW.date().replace(year=2027, month=2))
    with world.saved as build:
        row = build.session.scalars(select(RoundChoice)).one()
        row.until_on = NOW.date()
    later = run(world.app, world.saved, world.db)
    assert (world.nia, world.near) in {(row.mentee_id, row.volunteer_id) for row in later.proposals}


def test_a_pair_that_nobody_proposed_can_be_declined_too(world: World) -> None:
    world.do(operations.decline_pair, mentee_id=world.zed, volunteer_id=world.near)
    again = run(world.app, world.saved, world.db)
    left = [row for row in again.waiting if row.mentee_id == world.zed]
    assert left[0].blocked_by[Veto.DECLINED_BEFORE.value] == 1


def test_nothing_is_chosen_while_another_round_is_under_way(world: World) -> None:
    with world.saved as build:
        operations.ask_round(build.session, by=world.by, at=NOW + timedelta(minutes=1))
    with pytest.raises(operations.NotNewest):
        world.do(operations.leave_person_out, mentee_id=world.nia)
    with world.app.app_context():
        jobs.run_due_rounds(world.db, NOW + timedelta(minutes=1))
    with pytest.raises(operations.NotNewest):
        world.do(operations.leave_person_out, mentee_id=world.nia)


def test_declining_a_proposal_on_its_page_lets_the_round_follow_too(world: World) -> None:
    proposal = world.proposal(world.nia)
    with world.saved as build:
        row = queries.get_proposal(build.session, world.by, proposal.id)
        operations.decline_proposal(build.session, proposal=row, why="No.", by=world.by, at=NOW, months=12)
    assert world.pairs()[world.zed] == (world.near, Origin.CHOICE)


def test_somebody_left_out_waits_and_another_takes_the_place(world: World) -> None:
    choice = world.do(operations.leave_person_out, mentee_id=world.nia)
    assert world.pairs() == {world.otto: (world.far, Origin.ROUND), world.zed: (world.near, Origin.CHOICE)}
    assert world.waits() == {world.nia: WaitingWhy.LEFT_OUT}
    with world.db.sessions() as session:
        person = session.get_one(Mentee, world.nia)
        assert person.changed_at == NOW
    world.do(operations.undo_choice, choice_id=choice.id)
    assert world.pairs()[world.nia] == (world.near, Origin.CHOICE)
    assert world.waits() == {world.zed: WaitingWhy.OTHERS_FIRST}


def test_a_mentor_left_out_is_proposed_for_nobody(world: World) -> None:
    choice = world.do(operations.leave_mentor_out, volunteer_id=world.near)
    assert {pair[0] for pair in world.pairs().values()} == {world.far}
    assert choice.cost["served"] == 1


def test_every_choice_can_be_undone_and_the_round_is_as_it_was(world: World) -> None:
    before = {person: mentor for person, (mentor, _origin) in world.pairs().items()}
    cases: tuple[Case, ...] = (
        (operations.pin_pair, {"mentee_id": world.zed, "volunteer_id": world.near}),
        (operations.decline_pair, {"mentee_id": world.otto, "volunteer_id": world.far}),
        (operations.leave_person_out, {"mentee_id": world.nia}),
        (operations.leave_mentor_out, {"volunteer_id": world.far}),
    )
    for operation, named in cases:
        choice = world.do(operation, **named)
        world.do(operations.undo_choice, choice_id=choice.id)
        assert {person: mentor for person, (mentor, _origin) in world.pairs().items()} == before
        with pytest.raises(operations.AlreadyUndone):
            world.do(operations.undo_choice, choice_id=choice.id)
    assert world.revision() == 8


def test_what_somebody_approved_is_not_touched(world: World) -> None:
    world.approve(world.nia)
    cases: tuple[Case, ...] = (
        (operations.pin_pair, {"mentee_id": world.nia, "volunteer_id": world.far}),
        (operations.leave_person_out, {"mentee_id": world.nia}),
        (operations.decline_pair, {"mentee_id": world.nia, "volunteer_id": world.near}),
    )
    for operation, named in cases:
        with pytest.raises(Refusal, match="approved"):
            world.do(operation, **named)
    with pytest.raises(Refusal, match="All places"):
        world.do(operations.pin_pair, mentee_id=world.zed, volunteer_id=world.near)
    world.do(operations.leave_mentor_out, volunteer_id=world.near)
    assert world.pairs()[world.nia][0] == world.near


def test_choices_that_contradict_each_other_are_refused(world: World) -> None:
    world.do(operations.pin_pair, mentee_id=world.nia, volunteer_id=world.near)
    cases: tuple[Case, ...] = (
        (operations.pin_pair, {"mentee_id": world.nia, "volunteer_id": world.far}),
        (operations.leave_person_out, {"mentee_id": world.nia}),
        (operations.leave_mentor_out, {"volunteer_id": world.near}),
    )
    for operation, named in cases:
        with pytest.raises(Refusal, match="Another choice stands against it"):
            world.do(operation, **named)
    world.do(operations.decline_pair, mentee_id=world.otto, volunteer_id=world.near)
    with pytest.raises(Refusal, match="Another choice"):
        world.do(operations.pin_pair, mentee_id=world.otto, volunteer_id=world.near)
    with pytest.raises(Refusal, match="declined already"):
        world.do(operations.decline_pair, mentee_id=world.otto, volunteer_id=world.near)


def test_declining_a_pair_by_hand_ends_that_it_stands(world: World) -> None:
    world.do(operations.pin_pair, mentee_id=world.nia, volunteer_id=world.far)
    world.do(operations.decline_pair, mentee_id=world.nia, volunteer_id=world.far)
    assert world.pairs()[world.nia] == (world.near, Origin.CHOICE)


def test_a_pair_that_a_rule_forbids_is_not_proposed_by_hand(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        mentor, person = ready(build, level=Rosh.MEDIUM), waiting(build, risks=HIGH)
        by = build.actor(Role.COORDINATOR)
    round_ = run(app, saved, db)
    with pytest.raises(operations.NotAllowed, match="clearance"), saved as build:
        operations.pin_pair(
            build.session, round_id=round_.id, mentee_id=person.id, volunteer_id=mentor.id, why="x", by=by, at=NOW
        )


def test_a_pair_that_is_no_longer_safe_is_neither_proposed_by_hand_nor_found_by_the_round(world: World) -> None:
    with world.saved as build:
        # Around every operation, so that no listener sees it: Zed has no time in common with anybody any more.
        build.session.get_one(Mentee, world.zed).slots = 0b1
    with pytest.raises(operations.NotAllowed, match="never free"):
        world.do(operations.pin_pair, mentee_id=world.zed, volunteer_id=world.near)
    world.do(operations.leave_person_out, mentee_id=world.nia)
    assert world.pairs() == {world.otto: (world.far, Origin.ROUND)}


def test_a_mentor_who_lacks_something_by_now_is_not_proposed_anew(world: World) -> None:
    with world.saved as build:
        build.session.get_one(Volunteer, world.near).checks[0].expires_on = NOW.date() - timedelta(days=1)
    with pytest.raises(operations.NotAllowed, match="no longer ready"):
        world.do(operations.pin_pair, mentee_id=world.zed, volunteer_id=world.near)


def test_an_old_tab_chooses_nothing(world: World) -> None:
    seen = world.revision()
    world.do(operations.leave_person_out, mentee_id=world.zed, revision=seen)
    with pytest.raises(StaleEdit):
        world.do(operations.leave_person_out, mentee_id=world.nia, revision=seen)
    assert world.nia in world.pairs()


def test_of_two_people_who_choose_at_once_one_is_told_to_look_again(world: World) -> None:
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def choose(by: Actor, mentee_id: Any) -> None:  # noqa: ANN401 - an id.
        with world.app.app_context():
            start.wait()
            try:
                with world.db.transaction() as session:
                    operations.leave_person_out(
                        session, round_id=world.round, mentee_id=mentee_id, why="x", by=by, at=NOW, revision=0
                    )
                outcomes.append("chosen")
            except Conflict:
                outcomes.append("conflict")

    threads = [
        threading.Thread(target=choose, args=each) for each in ((world.by, world.nia), (world.other, world.otto))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["chosen", "conflict"]
    with world.db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(RoundChoice)) == 1


def test_only_coordinators_of_the_scheme_choose_and_only_for_people_of_the_round(world: World) -> None:
    with world.saved as build:
        lead, stranger = build.actor(Role.TRAINING_LEAD), build.actor(Role.COORDINATOR, slug="turin")
        new = waiting(build).id
    with pytest.raises(NotPermitted):
        world.do(operations.leave_person_out, mentee_id=world.nia, by=lead)
    with pytest.raises(NotVisible):
        world.do(operations.leave_person_out, mentee_id=world.nia, by=stranger)
    with pytest.raises(NotVisible):
        world.do(operations.leave_person_out, mentee_id=new)


def test_a_choice_needs_a_reason_and_a_record(world: World) -> None:
    with pytest.raises(Refusal, match="Give a reason"):
        world.do(operations.leave_person_out, mentee_id=world.nia, why=" ")
    with world.saved as build:
        operations.forget_records(build.session, ids=[world.nia])
    with pytest.raises(operations.RecordGone):
        world.do(operations.leave_person_out, mentee_id=world.nia)


def test_the_round_still_holds_after_choices(world: World) -> None:
    world.do(operations.pin_pair, mentee_id=world.nia, volunteer_id=world.far)
    with world.db.sessions() as session:
        assert operations.verify_round(session, session.get_one(Round, world.round)).holds


def test_among_equally_good_plans_the_one_that_changes_least_is_taken(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        for number in range(8):
            ready(build, email=f"m{number}@mail.example", capacity=1)
            waiting(build)
        by = build.actor(Role.COORDINATOR)
    round_ = run(app, saved, db)
    before = {row.mentee_id: row.volunteer_id for row in round_.proposals}
    somebody = next(iter(before))
    with saved as build:
        operations.leave_person_out(build.session, round_id=round_.id, mentee_id=somebody, why="x", by=by, at=NOW)
    with db.sessions() as session:
        desk = read_desk(session, by, session.get_one(Round, round_.id), NOW.date())
        assert desk is not None
        kept = {desk.mentee_ids[row]: each.volunteer_id for row, each in desk.live.items()}
        assert np.count_nonzero(desk.current >= 0) == 7
    assert kept == {person: mentor for person, mentor in before.items() if person != somebody}


def test_a_proposal_by_hand_for_high_risk_needs_two_people(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        ready(build, level=Rosh.VERY_HIGH, capacity=1)
        chosen, person = ready(build, level=Rosh.VERY_HIGH, capacity=1), waiting(build, risks=HIGH)
        first, second = build.actor(Role.COORDINATOR), build.actor(Role.COORDINATOR)
    round_ = run(app, saved, db)
    with saved as build:
        operations.pin_pair(
            build.session, round_id=round_.id, mentee_id=person.id, volunteer_id=chosen.id, why="x", by=first, at=NOW
        )
    for by, is_match in ((first, False), (second, True)):
        with saved as build:
            row = build.session.scalars(
                select(Proposal).where(Proposal.volunteer_id == chosen.id, Proposal.state != ProposalState.STALE)
            ).one()
            row = queries.get_proposal(build.session, by, row.id)
            match = operations.approve_proposal(build.session, proposal=row, why="Good.", by=by, at=NOW)
            assert (match is not None) is is_match


def test_a_mentor_who_is_on_a_break_by_now_is_proposed_for_nobody_more(world: World) -> None:
    with world.saved as build:
        build.move(build.session.get_one(Volunteer, world.near), Stage.ON_A_BREAK)
    with world.db.sessions() as session:
        whys = session.scalars(select(Proposal.stale_why).where(Proposal.volunteer_id == world.near)).all()
        assert whys == [StaleWhy.MENTOR]
    world.do(operations.leave_person_out, mentee_id=world.zed)
    assert {mentor for mentor, _origin in world.pairs().values()} == {world.far}
    with pytest.raises(Refusal, match="changed since"):
        world.do(operations.pin_pair, mentee_id=world.nia, volunteer_id=world.near)
