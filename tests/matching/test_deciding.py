"""Deciding on proposals: named people, with reasons, once."""

import threading
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import PASSWORD
from foundation.db import Database
from foundation.errors import Conflict, NotPermitted, NotVisible, Refusal
from foundation.versions import StaleEdit
from matching import jobs, operations, queries
from matching.models import Proposal, Round
from matching.rules import ProposalState, Veto
from mentees.models import Mentee
from mentees.rules import CaseStage, RiskGroup, RiskLevel
from mentoring.models import Match
from mentoring.rules import MatchState
from mentors.models import Volunteer
from mentors.rules import Rosh
from tests.conftest import NOW, Saved
from tests.matching.test_rounds import ready, run, waiting
from tests.pages import PageClient

HIGH = {RiskGroup.PUBLIC: RiskLevel.HIGH}


def proposed(
    app: Flask, saved: Saved, db: Database, *, level: Rosh = Rosh.VERY_HIGH, **person: object
) -> tuple[Proposal, Actor, Actor]:
    """One proposal and two coordinators."""
    with saved as build:
        ready(build, level=level)
        waiting(build, **person)
        first, second = build.actor(Role.COORDINATOR), build.actor(Role.COORDINATOR)
    return run(app, saved, db).proposals[0], first, second


def approve(saved: Saved, proposal: Proposal, by: Actor, *, version: int | None = None) -> Match | None:
    """Approve in a transaction of its own."""
    with saved as build:
        row = queries.get_proposal(build.session, by, proposal.id)
        return operations.approve_proposal(
            build.session, proposal=row, why="Fits well.", by=by, at=NOW, version=version
        )


def state_of(db: Database, proposal: Proposal) -> ProposalState:
    """Where a proposal is now."""
    with db.sessions() as session:
        return session.get_one(Proposal, proposal.id).state


def test_approving_opens_a_match_that_the_mentor_is_asked_to_agree_to(app: Flask, saved: Saved, db: Database) -> None:
    proposal, by, _other = proposed(app, saved, db)
    match = approve(saved, proposal, by)
    assert match is not None
    assert match.state is MatchState.OFFERED
    with db.sessions() as session:
        assert session.get_one(Mentee, proposal.mentee_id).stage is CaseStage.MATCHED
        decided = session.get_one(Proposal, proposal.id)
        assert (decided.state, decided.decided_by_id, decided.decided_why) == (
            ProposalState.APPROVED,
            by.person_id,
            "Fits well.",
        )


def test_high_risk_needs_a_second_person_who_is_somebody_else(app: Flask, saved: Saved, db: Database) -> None:
    proposal, first, second = proposed(app, saved, db, risks=HIGH)
    assert approve(saved, proposal, first) is None
    assert state_of(db, proposal) is ProposalState.SECONDED
    with pytest.raises(operations.SecondPersonNeeded):
        approve(saved, proposal, first)
    assert approve(saved, proposal, second) is not None
    assert state_of(db, proposal) is ProposalState.APPROVED


def test_medium_risk_needs_one_person(app: Flask, saved: Saved, db: Database) -> None:
    proposal, first, _second = proposed(app, saved, db, risks={RiskGroup.PUBLIC: RiskLevel.MEDIUM})
    assert approve(saved, proposal, first) is not None


def test_a_half_approved_proposal_survives_the_next_round(app: Flask, saved: Saved, db: Database) -> None:
    proposal, first, second = proposed(app, saved, db, risks=HIGH)
    approve(saved, proposal, first)
    assert run(app, saved, db).proposals == []
    assert approve(saved, proposal, second) is not None


def test_a_decision_needs_a_reason(app: Flask, saved: Saved, db: Database) -> None:
    proposal, by, _other = proposed(app, saved, db)
    with saved as build:
        row = queries.get_proposal(build.session, by, proposal.id)
        for decide in (operations.approve_proposal, operations.decline_proposal):
            with pytest.raises(Refusal, match="Give a reason"):
                decide(build.session, proposal=row, why="  ", by=by, at=NOW)


def test_a_declined_pair_is_not_proposed_again(app: Flask, saved: Saved, db: Database) -> None:
    proposal, by, _other = proposed(app, saved, db)
    with saved as build:
        row = queries.get_proposal(build.session, by, proposal.id)
        operations.decline_proposal(build.session, proposal=row, why="They are neighbours.", by=by, at=NOW)
    again = run(app, saved, db)
    assert again.proposals == []
    assert again.waiting[0].alone_blocked_by == {Veto.DECLINED_BEFORE.value: 1}


def test_a_decided_proposal_is_not_decided_again(app: Flask, saved: Saved, db: Database) -> None:
    proposal, first, second = proposed(app, saved, db)
    approve(saved, proposal, first)
    with pytest.raises(operations.AlreadyDecided, match="decided on this proposal"):
        approve(saved, proposal, second)


def test_a_page_that_is_out_of_date_decides_nothing(app: Flask, saved: Saved, db: Database) -> None:
    proposal, first, second = proposed(app, saved, db, risks=HIGH)
    old = proposal.version
    approve(saved, proposal, first)
    with pytest.raises(StaleEdit):
        approve(saved, proposal, second, version=old)
    assert state_of(db, proposal) is ProposalState.SECONDED


def test_a_pair_that_has_become_unsafe_is_not_approved(app: Flask, saved: Saved, db: Database) -> None:
    proposal, by, _other = proposed(app, saved, db)
    with saved as build:
        # Around every operation, so that no listener withdraws the proposal first.
        build.session.get_one(Volunteer, proposal.volunteer_id).slots = 1
    with pytest.raises(operations.NoLongerSafe, match="never free at the same time"):
        approve(saved, proposal, by)


def test_a_mentor_who_is_no_longer_ready_is_not_matched(app: Flask, saved: Saved, db: Database) -> None:
    proposal, by, _other = proposed(app, saved, db)
    with saved as build:
        volunteer = build.session.get_one(Volunteer, proposal.volunteer_id)
        volunteer.checks[0].expires_on = NOW.date()
    with pytest.raises(Refusal):
        approve(saved, proposal, by)
    assert state_of(db, proposal) is ProposalState.PROPOSED


def test_eight_people_approving_at_once_make_exactly_one_match(app: Flask, saved: Saved, db: Database) -> None:
    proposal, by, _other = proposed(app, saved, db)
    start = threading.Barrier(8)
    outcomes: list[str] = []

    def decide() -> None:
        with app.app_context():
            start.wait()
            try:
                with db.transaction() as session:
                    row = queries.get_proposal(session, by, proposal.id)
                    operations.approve_proposal(session, proposal=row, why="At once.", by=by, at=NOW)
                outcomes.append("approved")
            except Conflict:
                outcomes.append("conflict")

    threads = [threading.Thread(target=decide) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["approved", *["conflict"] * 7]
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Match)) == 1


def test_nobody_but_coordinators_of_the_scheme_decides(app: Flask, saved: Saved, db: Database) -> None:
    proposal, by, _other = proposed(app, saved, db)
    with saved as build:
        row = queries.get_proposal(build.session, by, proposal.id)
        lead = build.actor(Role.TRAINING_LEAD)
        with pytest.raises(NotPermitted):
            operations.approve_proposal(build.session, proposal=row, why="x", by=lead, at=NOW)
        with pytest.raises(NotVisible):
            queries.get_proposal(build.session, lead, proposal.id)
        elsewhere = build.actor(Role.COORDINATOR, slug="the-hague")
        with pytest.raises(NotVisible):
            queries.get_proposal(build.session, elsewhere, proposal.id)


def test_a_coordinator_runs_a_round_and_decides_by_the_pages(
    app: Flask, saved: Saved, db: Database, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example")
        ready(build, name="Mo Mentor")
        waiting(build, name="Pat <b>Person</b>")
    client.sign_in("ada@mail.example", PASSWORD)
    assert "1 mentor is ready" in client.get("/matching/new").text
    response = client.fill("/matching/new", {})
    assert "Waiting for the worker" in client.follow(response).text
    with app.app_context():
        jobs.run_due_rounds(db, NOW)
    page = client.follow(response)
    assert "Best possible, proven" in page.text
    assert "Everybody who waited has a proposal" in page.text
    path = next(link for link in page.links() if "/proposals/" in link)
    assert "They share 3 free parts of the week." in client.get(path).text
    client.fill(path, {"decision": "approve", "why": ""}, status=422)
    assert client.page is not None
    assert client.page.errors == ["Give a reason. It is kept with the decision."]
    assert client.page.form()["decision"] == "approve"
    client.fill(path, {"decision": "approve", "why": "A good pair."})
    page = client.get(path)
    assert "A good pair." in page.text
    assert "Approved" in page.text


def test_an_old_tab_gets_a_plain_409(app: Flask, saved: Saved, db: Database, client: PageClient) -> None:
    proposal, by, _other = proposed(app, saved, db)
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example")
    client.sign_in("ada@mail.example", PASSWORD)
    path = f"/matching/proposals/{proposal.id}"
    old = client.get(path).form()
    approve(saved, proposal, by)
    client.send(path, {**old, "decision": "approve", "why": "Me too."}, status=409)
    assert client.page is not None
    assert "decided on this proposal" in client.page.text


def test_the_same_click_twice_asks_for_one_round(app: Flask, saved: Saved, db: Database, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example")
    client.sign_in("ada@mail.example", PASSWORD)
    values = client.get("/matching/new").form()
    places = {client.send("/matching/new", values).headers["Location"] for _click in range(2)}
    assert len(places) == 1
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Round)) == 1


def test_pages_take_the_same_statements_for_one_row_and_for_many(
    app: Flask, saved: Saved, db: Database, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example")
        for number in range(2):
            ready(build, email=f"first{number}@mail.example")
            waiting(build)
        waiting(build, languages=("pl",))
    counts = []
    client.sign_in("ada@mail.example", PASSWORD)
    for size in ("few", "many"):
        round_ = run(app, saved, db)
        paths = ("/matching", "/matching/new", f"/matching/rounds/{round_.id}")
        counts.append([len(client.get(path).statements) for path in paths])
        with saved as build:
            for number in range(12):
                ready(build, name=f"Mentor {number}", email=f"{size}{number}@mail.example")
                waiting(build, name=f"Another {number}")
                waiting(build, name=f"Third {number}", languages=("pl",))
    assert counts[0] == counts[1]


def test_an_unknown_round_is_not_found(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="ada@mail.example")
    client.sign_in("ada@mail.example", PASSWORD)
    for kind in ("rounds", "proposals"):
        client.get(f"/matching/{kind}/{uuid.UUID(int=5)}", status=404)
