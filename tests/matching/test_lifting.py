"""Lifting a rule for one pair: a senior by name, others propose and approve, and what protects is never lifted."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.audit import AuditEntry
from foundation.db import Database
from foundation.errors import NotPermitted, NotVisible, Refusal
from matching import operations, queries
from matching.models import Proposal, Round, VetoLift
from matching.rules import NEVER_LIFTED, Origin, ProposalState, Veto
from matching.words import sentences_why
from mentees.rules import Ban, Exclusion, RiskGroup, RiskLevel, StatedGender
from mentoring.models import Match
from mentors.models import Volunteer
from mentors.rules import Rosh
from tests.conftest import NOW, Saved
from tests.matching.test_rounds import ready, run, waiting
from tests.pages import PageClient


class Pair:
    """A finished round in which one person and one mentor share no free time, with a senior and two coordinators."""

    def __init__(self, app: Flask, saved: Saved, db: Database, **person: Any) -> None:  # noqa: ANN401 - a referral.
        self.app, self.saved, self.db = app, saved, db
        with saved as build:
            self.mentor = ready(build, name="Mo Mentor", slots=0b1, level=Rosh.MEDIUM).id
            self.person = waiting(build, name="Pat Person", **({"slots": 0b10} | person)).id
            self.senior = build.actor(Role.COORDINATOR, Role.SENIOR)
            self.by, self.other = build.actor(Role.COORDINATOR), build.actor(Role.COORDINATOR)
        self.round = run(app, saved, db).id

    def about(self) -> dict[str, Any]:
        """What every operation is told."""
        return {"round_id": self.round, "mentee_id": self.person, "volunteer_id": self.mentor, "why": "Sundays."}

    def lift(self, by: Actor | None = None, **named: Any) -> VetoLift:  # noqa: ANN401 - as the operation has it.
        """Lift what forbids the pair."""
        with self.saved as build:
            given = self.about() | {"months": 1, "by": by or self.senior, "at": NOW} | named
            return operations.lift_vetoes(build.session, **given)

    def run_again(self) -> None:
        """Run a newer round, in which the pair stands too."""
        with self.saved as build:
            build.session.get_one(Round, self.round).asked_at -= timedelta(minutes=1)
        self.round = run(self.app, self.saved, self.db).id

    def end(self, by: Actor) -> None:
        """Let the rules hold again."""
        with self.saved as build:
            operations.end_lifts(build.session, mentee_id=self.person, volunteer_id=self.mentor, by=by, at=NOW)

    def propose(self, by: Actor) -> None:
        """Propose the pair by hand."""
        with self.saved as build:
            operations.pin_pair(build.session, **self.about(), by=by, at=NOW)

    def approve(self, by: Actor, *, days: int = 0) -> Match | None:
        """Approve what is proposed."""
        with self.saved as build:
            found = build.session.scalars(
                select(Proposal).where(Proposal.mentee_id == self.person, Proposal.state == ProposalState.PROPOSED)
            ).one()
            row = queries.get_proposal(build.session, by, found.id)
            at = NOW + timedelta(days=days)
            return operations.approve_proposal(build.session, proposal=row, why="Good.", by=by, at=at)


@pytest.fixture
def pair(app: Flask, saved: Saved, db: Database) -> Pair:
    """The pair of most of these tests."""
    return Pair(app, saved, db)


def test_a_lifted_pair_is_proposed_by_another_and_approved_by_another(pair: Pair) -> None:
    with pytest.raises(operations.NotAllowed):
        pair.propose(pair.by)
    lift = pair.lift()
    assert (lift.vetoes, lift.until_on) == ([Veto.SLOT.value], NOW.date().replace(month=12))
    with pytest.raises(operations.OwnLift):
        pair.propose(pair.senior)
    pair.propose(pair.by)
    with pair.db.sessions() as session:
        assert session.scalars(select(Proposal.origin)).one() is Origin.HAND
        verbs = set(session.scalars(select(AuditEntry.verb)))
        assert {"lift_vetoes", "pin_pair", "propose_pair"} <= verbs
    with pytest.raises(operations.LifterApproves):
        pair.approve(pair.senior)
    assert pair.approve(pair.by) is not None


def test_a_lifted_pair_is_told_how_many_others_would_be_allowed(pair: Pair) -> None:
    with pair.saved as build:
        ready(build, name="Al Allowed", email="al@mail.example", slots=0b10)
    pair.run_again()
    pair.lift()
    pair.propose(pair.by)
    with pair.app.test_request_context(), pair.db.sessions() as session:
        by_hand = session.scalars(select(Proposal.id).where(Proposal.origin == Origin.HAND)).one()
        assert queries.get_proposal(session, pair.by, by_hand).reasons["alternatives"] == 1


def test_a_round_keeps_to_what_is_lifted_until_its_day_and_no_longer(pair: Pair) -> None:
    pair.lift()
    again = run(pair.app, pair.saved, pair.db)
    assert [row.mentee_id for row in again.proposals] == [pair.person]
    with pytest.raises(operations.NoLongerSafe, match="never free"):
        pair.approve(pair.by, days=40)
    with pair.saved as build:
        build.session.scalars(select(VetoLift)).one().until_on = NOW.date()
    assert run(pair.app, pair.saved, pair.db).proposals == []


def test_rules_that_hold_again_refuse_the_approval(pair: Pair) -> None:
    pair.lift()
    pair.propose(pair.by)
    with pytest.raises(NotPermitted):
        pair.end(pair.by)
    pair.end(pair.senior)
    with pytest.raises(operations.NoLongerSafe):
        pair.approve(pair.other)
    with pytest.raises(NotVisible):
        pair.end(pair.senior)
    with pair.db.sessions() as session:
        ended = session.scalars(select(VetoLift)).one()
        assert (ended.ended_by_id, ended.ended_at) == (pair.senior.person_id, NOW)
        assert session.scalars(select(AuditEntry.verb).where(AuditEntry.verb == "end_lift")).all() == ["end_lift"]


def test_a_rule_that_comes_later_is_not_lifted_with_it(pair: Pair) -> None:
    pair.lift()
    with pair.saved as build:
        build.session.get_one(Volunteer, pair.mentor).languages = ["pl"]
    with pytest.raises(operations.NotAllowed, match="no common language"):
        pair.propose(pair.by)
    # The next round knows the language as what forbids the pair, and that is lifted beside the other.
    pair.run_again()
    later = pair.lift(months=3)
    assert later.vetoes == [Veto.LANGUAGE.value]
    pair.propose(pair.by)
    with pair.app.test_request_context(), pair.db.sessions() as session:
        told = sentences_why(queries.get_proposal(session, pair.by, session.scalars(select(Proposal.id)).one()).reasons)
        assert "They share no language, and no interpreter is agreed." in told
        assert "They share 0 free parts of the week." in told
    assert pair.approve(pair.other) is not None


def test_only_a_senior_who_is_a_coordinator_lifts_and_says_why(pair: Pair) -> None:
    with pair.saved as build:
        alone = build.actor(Role.SENIOR)
        administrator = build.actor(Role.ADMINISTRATOR)
    for by in (pair.by, administrator):
        with pytest.raises(NotPermitted):
            pair.lift(by)
    with pytest.raises(NotVisible):
        pair.lift(alone)
    with pytest.raises(Refusal, match="Give a reason"):
        pair.lift(why=" ")
    with pytest.raises(Refusal, match="how long"):
        pair.lift(months=24)
    pair.lift()
    with pytest.raises(operations.AlreadyLifted):
        pair.lift()


def test_of_two_seniors_who_lift_at_once_one_is_told_that_it_is_done(pair: Pair) -> None:
    with pair.saved as build:
        seniors = [pair.senior, build.actor(Role.COORDINATOR, Role.SENIOR)]
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def lift(by: Actor) -> None:
        with pair.app.app_context():
            start.wait()
            try:
                with pair.db.transaction() as session:
                    operations.lift_vetoes(session, **pair.about(), months=1, by=by, at=NOW)
                outcomes.append("lifted")
            except operations.AlreadyLifted:
                outcomes.append("told")

    threads = [threading.Thread(target=lift, args=(each,)) for each in seniors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lifted", "told"]


NEVER: dict[Veto, dict[str, Any]] = {
    Veto.RISK_LEVEL: {"slots": 0b1, "risks": {RiskGroup.PUBLIC: RiskLevel.HIGH}},
    Veto.CONTACT_BAN: {"slots": 0b1, "bans": (Ban("Mo Mentor", "victim"),)},
    Veto.EXCLUSION_AREA: {"slots": 0b1, "exclusions": (Exclusion("L36 9UX", "around the school", 40.0),)},
    Veto.STATED_NEED: {"slots": 0b1, "stated_gender": StatedGender.WOMAN, "stated_gender_why": "After what happened."},
}


@pytest.mark.parametrize("veto", list(NEVER))
def test_a_rule_that_is_never_lifted_is_lifted_by_nobody(app: Flask, saved: Saved, db: Database, veto: Veto) -> None:
    assert veto in NEVER_LIFTED
    pair = Pair(app, saved, db, **NEVER[veto])
    with pytest.raises(operations.NeverLifted):
        pair.lift()
    with saved as build:
        write_around_the_operation(build, pair, veto)
    with pytest.raises(operations.NotAllowed):
        pair.propose(pair.by)
    assert run(app, saved, db).proposals == []


def write_around_the_operation(build: Builder, pair: Pair, veto: Veto) -> None:
    """Plant a row that no operation would make."""
    made: dict[str, Any] = {"made_at": NOW, "until_on": NOW.date() + timedelta(days=9), "vetoes": [veto.value]}
    place: dict[str, Any] = {"scheme_id": build.scheme().id, "mentee_id": pair.person, "volunteer_id": pair.mentor}
    build.session.add(VetoLift(why="x", **made, **place))


def test_a_senior_lifts_a_rule_by_the_page_and_lets_it_hold_again(pair: Pair, client: PageClient) -> None:
    with pair.saved as build:
        build.account(Role.COORDINATOR, Role.SENIOR, email="sen@mail.example")
        build.account(Role.COORDINATOR, email="ada@mail.example")
    place = f"/matching/rounds/{pair.round}/people/{pair.person}/mentors/{pair.mentor}"
    client.sign_in("ada@mail.example", PASSWORD)
    assert "A senior coordinator who neither proposes nor approves" in client.get(place).text
    client.get(f"{place}/lift", status=403)
    client.sign_in("sen@mail.example", PASSWORD)
    assert f"{place}/lift" in client.get(place).links()
    client.fill(f"{place}/lift", {"months": "1", "why": ""}, status=422)
    page = client.follow(client.fill(f"{place}/lift", {"months": "1", "why": "Sundays."}))
    assert "until 16 December 2026: never free at the same time. Sundays." in page.text
    assert "Propose this pair" not in page.text
    client.fill(place, {"choice": "stand", "why": "Mine."}, status=422)
    assert client.page is not None
    assert client.page.errors == ["You lifted a rule for this pair. Another person has to propose it."]
    page = client.follow(client.fill(f"{place}/lift/end", {}))
    assert "The rules hold again" in page.text
    page = client.get(place)
    assert "Never free at the same time" in page.text
    # What could only be refused is not offered.
    assert (page.form()["choice"], "Propose this pair" in page.text) == ("decline", False)
    client.get(f"{place}/lift/end", status=404)
