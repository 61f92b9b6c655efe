"""What coordinators read of a round: the argument of a proposal, the board, and two rounds beside one another."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import delete, select

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.audit import READ, AuditEntry
from foundation.audit.models import PAGE
from foundation.db import Database
from matching import operations
from matching.models import Round, RoundRecord
from mentees.rules import Exclusion, RiskGroup, RiskLevel, StatedGender
from mentors.rules import Gender, Rosh
from tests.conftest import NOW, Saved
from tests.matching.test_records import change
from tests.matching.test_rounds import ready, run, waiting
from tests.pages import Page, PageClient

ADA = "ada@mail.example"
HOSTILE = "<script>alert(1)</script> & \"Q\" {{ 7 * 7 }} 'x'"


@pytest.fixture
def coordinator(saved: Saved, client: PageClient) -> PageClient:
    """The browser of somebody who reads rounds."""
    with saved as build:
        build.account(Role.COORDINATOR, email=ADA)
    client.sign_in(ADA, PASSWORD)
    return client


def board(client: PageClient, round_: Round) -> Page:
    return client.get(f"/matching/rounds/{round_.id}")


def later(db: Database, round_: Round) -> Round:
    """Let a round have been asked for an hour after the others."""
    with db.transaction() as session:
        session.get_one(Round, round_.id).asked_at = NOW + timedelta(hours=1)
    return round_


def argument(client: PageClient, round_: Round, name: str = "") -> Page:
    """The page of the proposal in which a name occurs, or of the first."""
    paths = [f"/matching/proposals/{proposal.id}" for proposal in round_.proposals]
    pages = (client.get(path) for path in paths)
    return next(page for page in pages if name in page.heading)


def two_of_each(build: Builder) -> None:
    """Two people and two mentors in one sector, of whom only one may meet the second person."""
    ready(build, name="Mo Mentor", area="L32 4XX", level=Rosh.VERY_HIGH)
    ready(build, name="Bo Mentor", area="L20 1AA", level=Rosh.LOW)
    waiting(build, name="Pat Person", area="L32 4XX")
    waiting(build, name="Kim Keen", area="L32 4XX", risks={RiskGroup.PUBLIC: RiskLevel.HIGH})


def test_a_proposal_argues_for_itself_and_tells_what_another_mentor_would_cost(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        two_of_each(build)
        ready(build, name="Zoe Third", area="L20 1AA", level=Rosh.LOW, capacity=1)
    round_ = run(app, saved, db)
    page = argument(coordinator, round_, "Pat Person")
    assert "250 of 250 points" in page.text
    assert "Mo Mentor" in page.text
    assert "It would leave one person waiting: Kim Keen. " in page.text
    assert "It would cost " in page.text or "Nothing would be lost" in page.text
    assert "1 person fewer would have a mentor." in page.text
    assert "None: every check was cleared without a condition." in page.text
    assert page.tree.findall(".//{http://www.w3.org/2000/svg}svg[@role='img']")


def test_the_page_of_somebody_with_one_possible_mentor_says_so(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        two_of_each(build)
    page = argument(coordinator, run(app, saved, db), "Kim Keen")
    assert "No rule allows another mentor with a free place for Kim Keen." in page.text
    assert "The clearance leaves a level to spare" in page.text


def test_an_area_to_stay_out_of_stands_on_the_map_and_in_words(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        ready(build, name="Mo Mentor", area="L32 4XX")
        waiting(build, name="Pat Person", area="L32 4XX", exclusions=(Exclusion("L20 1AA", "around the school", 1.5),))
    page = argument(coordinator, run(app, saved, db))
    assert "The licence keeps Pat Person out of 1 area." in page.text
    assert "areas to stay out of" in page.text
    assert "L32 4XX" not in page.text
    assert "L32 4" in page.text


def test_a_place_that_has_changed_since_is_not_named(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        ready(build, area="L32 4XX")
        person = waiting(build, name="Pat Person", area="L32 4XX")
    round_ = run(app, saved, db)
    with saved as build:
        moved = build.session.get_one(type(person), person.id)
        moved.area, moved.latitude = "L20 1AA", 53.45
    page = argument(coordinator, round_)
    assert "Pat Person can be met around" not in page.text


@pytest.mark.parametrize("damage", ["gone", "another release", "broken"])
def test_without_its_record_a_round_shows_what_is_left_and_says_so(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient, damage: str
) -> None:
    with saved as build:
        two_of_each(build)
        waiting(build, name="Lee Left", languages=("pl",))
    round_ = run(app, saved, db)
    with db.transaction() as session:
        record = session.scalars(select(RoundRecord)).one()
        if damage == "gone":
            session.execute(delete(RoundRecord))
        elif damage == "broken":
            record.arrays = b"no archive"
        else:
            record.arrays = change(record, about=np.frombuffer(b'{"format": 999}', dtype=np.uint8))
    said = "is no longer kept" if damage == "gone" else "cannot be read any more"
    page = argument(coordinator, round_, "Pat Person")
    assert said in page.text
    assert "250 of 250 points" in page.text
    assert "Who comes next" not in page.text
    page = board(coordinator, round_)
    assert said in page.text
    assert "Lee Left" in page.text
    assert "If an interpreter were agreed, 2 mentors would be free for them." in page.text
    assert "Do groups fare alike?" not in page.text


def test_a_hard_round_tells_why_each_waits_and_whom_to_look_for(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        ready(build, name="Mo Mentor", level=Rosh.LOW, gender=Gender.MAN)
        for number in range(3):
            waiting(build, name=f"High {number}", area="L32 4XX", risks={RiskGroup.PUBLIC: RiskLevel.HIGH})
        waiting(build, name="Lee Far", area="M1 1AE", languages=("pl",), slots=0b010)
        waiting(
            build, name="Nell Need", area="L32 4XX", stated_gender=StatedGender.WOMAN, stated_gender_why="Only a woman."
        )
    page = board(coordinator, run(app, saved, db))
    assert "This round proposes nobody." in page.text
    assert "One more mentor: cleared for high risk, around L32 4, free on weekday evenings" in page.text
    assert "4 people who wait could go to them." in page.text
    assert "a woman, as was asked for" in page.text
    assert "No rule allows anybody who waited." in page.text
    assert "No single change would free a mentor" in page.text
    assert "If the person talked over the stated need and changed it, 1 mentor would be free for them." in page.text


def nobody_at_all(_build: Builder) -> None:
    """A scheme with nobody in it."""


def no_mentors(build: Builder) -> None:
    waiting(build)


def nobody_waits(build: Builder) -> None:
    ready(build)


def nobody_allowed(build: Builder) -> None:
    ready(build, slots=0b001)
    waiting(build, slots=0b010)


def more_mentors_than_people(build: Builder) -> None:
    for _number in range(3):
        ready(build)
    waiting(build)


@pytest.mark.parametrize(
    ("setting", "sentences"),
    [
        (nobody_at_all, ["Nobody waits for a mentor", "This round proposes nobody."]),
        (no_mentors, ["No mentor is ready", "1 person stays waiting", "One more mentor: cleared for"]),
        (nobody_waits, ["Nobody waits for a mentor", "1 mentor without a proposal", "Nobody waited."]),
        (nobody_allowed, ["Every mentor is ruled out.", "If they found one common time of the week"]),
        (more_mentors_than_people, ["2 mentors without a proposal", "whom another mentor fits better"]),
    ],
)
def test_every_kind_of_round_has_a_page_in_words(
    app: Flask,
    saved: Saved,
    db: Database,
    coordinator: PageClient,
    setting: Callable[[Builder], None],
    sentences: list[str],
) -> None:
    with saved as build:
        setting(build)
    page = board(coordinator, run(app, saved, db))
    for sentence in sentences:
        assert sentence in page.text


def test_names_that_look_like_code_are_shown_as_names(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        for number in range(2):
            ready(build, name=HOSTILE, email=f"mo{number}@mail.example")
        for _number in range(3):
            waiting(build, name=HOSTILE)
    round_, again = run(app, saved, db), run(app, saved, db)
    assert HOSTILE in argument(coordinator, round_).heading
    assert HOSTILE in board(coordinator, round_).text
    assert HOSTILE not in coordinator.get(f"/matching/compare?one={round_.id}&other={again.id}").text


def test_the_proof_is_told_in_words_with_its_numbers(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        two_of_each(build)
    round_ = run(app, saved, db)
    page = board(coordinator, round_)
    assert "Best possible, proven" in page.text
    assert "Pairs looked at 4" in page.text
    with db.transaction() as session:
        record = session.scalars(select(RoundRecord)).one()
        record.arrays = change(record, mentee_price=np.zeros(2, dtype=np.int64))
    assert "The stored prices do not prove this round." in board(coordinator, round_).text


def test_two_rounds_are_compared_in_what_went_in_and_what_came_out(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        ready(build, name="Mo Mentor", capacity=1, area="L20 1AA")
        waiting(build, name="Pat Person", area="L20 1AA")
        waiting(build, name="Kim Keen", area="L32 4XX")
    assert "nothing to compare yet" in coordinator.get("/matching/compare").text
    one = run(app, saved, db)
    assert "nothing to compare yet" in coordinator.get("/matching/compare").text
    with saved as build:
        ready(build, name="Zoe New", email="zoe@mail.example", capacity=1, area="L32 4XX")
        waiting(build, name="Joy Joined", languages=("pl",))
    other = later(db, run(app, saved, db))
    page = coordinator.get(f"/matching/compare?one={one.id}&other={other.id}")
    assert "Something that counts differs between them" in page.text
    assert "Kim Keen waited Zoe New" in page.text
    assert "1 person gained a proposal" in page.text
    assert "People only in the later round Joy Joined" in page.text
    assert "Mentors ready only in the later round Zoe New" in page.text
    assert "1 person has the same mentor in both." in page.text
    assert coordinator.get(f"/matching/compare?one={other.id}&other={one.id}").text == page.text
    assert coordinator.get("/matching/compare").text == page.text


def test_the_same_question_asked_twice_is_recognised_and_weights_are_told(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    with saved as build:
        two_of_each(build)
    one, again = run(app, saved, db), later(db, run(app, saved, db))
    page = coordinator.get(f"/matching/compare?one={one.id}&other={again.id}")
    assert "Both rounds were reckoned from exactly the same" in page.text
    with saved as build:
        operations.ask_round(build.session, by=build.portal(), at=NOW)
    unfinished = coordinator.get("/matching/compare")
    assert "Both rounds were reckoned" in unfinished.text
    with db.transaction() as session:
        session.execute(delete(RoundRecord).where(RoundRecord.round_id == one.id))
    page = coordinator.get(f"/matching/compare?one={one.id}&other={again.id}")
    assert "Which mentors came and went cannot be told" in page.text
    assert "Choose two different ones." in coordinator.get(f"/matching/compare?one={one.id}&other={one.id}").text
    assert "Both rounds" in coordinator.get("/matching/compare?one=nonsense").text
    coordinator.get(f"/matching/compare?one={uuid.UUID(int=7)}", status=404)


def test_reading_a_round_is_written_down(app: Flask, saved: Saved, db: Database, coordinator: PageClient) -> None:
    with saved as build:
        two_of_each(build)
    round_ = run(app, saved, db)
    board(coordinator, round_)
    argument(coordinator, round_)
    with db.sessions() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.verb == READ)).all()
    pages = {entry.after[PAGE] for entry in entries if entry.subject_id == round_.id}
    assert pages == {"matching.round", "matching.proposal"}


def test_reading_pages_take_the_same_statements_for_few_and_for_many(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient
) -> None:
    counts = []
    for size in (3, 15):
        with saved as build:
            for number in range(size):
                ready(build, name=f"Mentor {size} {number}", email=f"{size}-{number}@mail.example", capacity=1)
                waiting(build, name=f"Person {size} {number}")
            for number in range(size):
                waiting(build, name=f"Third {size} {number}", languages=("pl",))
        one, other = run(app, saved, db), run(app, saved, db)
        paths = (
            f"/matching/rounds/{other.id}",
            f"/matching/proposals/{other.proposals[0].id}",
            f"/matching/compare?one={one.id}&other={other.id}",
        )
        counts.append([len(coordinator.get(path).statements) for path in paths])
    assert counts[0][1:] == counts[1][1:]
    # Everybody who waits and is shown makes one entry in the trail, and no page shows more than it lists.
    assert counts[0][0] <= counts[1][0]


def test_long_lists_are_shown_page_by_page(
    app: Flask, saved: Saved, db: Database, coordinator: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.views.rounds.ROWS_ON_PAGE", 2)
    with saved as build:
        ready(build, capacity=3)
        for number in range(8):
            waiting(build, name=f"Waiter {number}")
    round_ = run(app, saved, db)
    pages = [coordinator.get(f"/matching/rounds/{round_.id}?page={number}").text for number in (1, 2, 3)]
    assert [sum(f"Waiter {number}" in text for number in range(8)) for text in pages] == [4, 3, 1]
    assert "Here stand 1 to 2 of 3." in pages[0]
    assert "Here stand 3 to 3 of 3." in pages[1]
    assert "This page has none of them." in pages[2]
    assert "Here stand 5 to 5 of 5." in pages[2]
    assert all("3 proposals" in text and "5 people stay waiting" in text for text in pages)
    assert "Page 3 of 3" in pages[2]
    assert "3 proposals" in coordinator.get(f"/matching/rounds/{round_.id}?page=0").text
