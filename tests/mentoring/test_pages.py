"""The pages of mentoring, as the people open them for whom they are made."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from accounts.rules import Role
from demo.builders import PASSWORD
from foundation.db import Database
from mentees.rules import CaseStage
from mentoring.models import Match, Meeting
from mentoring.rules import AttendanceOutcome, EndReason, MatchState, MeetingKind, MeetingPlace
from mentors.rules import Stage
from tests.conftest import NOW, Saved
from tests.pages import PageClient

STAFF, MENTOR = "staff@mail.example", "mentor@mail.example"


def make_match(saved: Saved, state: MatchState = MatchState.ACTIVE, days_ago: int = 20) -> uuid.UUID:
    """Make a match with somebody who can sign in on each side of it."""
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF, name="Ada Okafor")
        with build.earlier(days_ago):
            mentor = build.ready_mentor(name="Meena Shah", email=MENTOR)
            person = build.mentee(name="Dario Rossi")
        build.account(person=mentor.person)
        return build.match(state, volunteer=mentor, mentee=person, days_ago=days_ago).id


def only_meeting(db: Database) -> Meeting:
    with db.sessions() as session:
        return session.scalars(select(Meeting)).one()


def test_a_mentor_reads_the_offer_agrees_and_sees_their_person(saved: Saved, client: PageClient, db: Database) -> None:
    match_id = make_match(saved, MatchState.OFFERED)
    client.sign_in(MENTOR, PASSWORD)
    page = client.get("/my-match")
    assert "Dario" not in page.text
    response = client.fill(next(link for link in page.links() if link.endswith("/offer")), {"answer": "agree"})
    page = client.follow(response)
    assert "Dario Rossi" in page.text
    assert "0 hours of 3 to 4" in page.text
    with db.sessions() as session:
        assert session.get_one(Match, match_id).starts_on == NOW.date()


def test_a_mentor_who_declines_says_why_and_sees_nothing_afterwards(
    saved: Saved, client: PageClient, db: Database
) -> None:
    match_id = make_match(saved, MatchState.OFFERED)
    client.sign_in(MENTOR, PASSWORD)
    path = f"/matches/{match_id}/offer"
    client.fill(path, {"answer": "decline"}, status=422)
    assert client.page is not None
    assert client.page.errors == ["Enter why not, in a few words. Only coordinators read it."]
    page = client.follow(client.fill(path, {"answer": "decline", "why": "I know the family."}))
    assert "You have no match now" in page.text
    assert client.raw(path).status_code == 404
    with db.sessions() as session:
        match = session.get_one(Match, match_id)
        assert (match.closed_why, match.mentee.stage) == ("I know the family.", CaseStage.WAITING)


def test_a_session_is_logged_with_one_tap_because_everything_stands_ready(
    saved: Saved, client: PageClient, db: Database
) -> None:
    match_id = make_match(saved)
    client.sign_in(MENTOR, PASSWORD)
    page = client.follow(client.fill(f"/matches/{match_id}/meetings/new", {}))
    assert "0.5 hours of 3 to 4" in page.text
    meeting = only_meeting(db)
    assert (meeting.kind, meeting.place, meeting.outcome) == (
        MeetingKind.SESSION,
        MeetingPlace.IN_PERSON,
        AttendanceOutcome.ATTENDED,
    )
    assert (meeting.held_on, meeting.duration_minutes) == (NOW.date(), 30)


def test_the_same_tap_twice_logs_one_session(saved: Saved, client: PageClient, db: Database) -> None:
    match_id = make_match(saved)
    client.sign_in(MENTOR, PASSWORD)
    path = f"/matches/{match_id}/meetings/new"
    values = client.get(path).form()
    for _ in range(2):
        assert client.send(path, values).headers["Location"] == "/my-match"
    only_meeting(db)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"held_on": ["17", "11", "2026"]}, "The day must be today or earlier"),
        ({"held_on": ["26", "10", "2026"]}, "The match had not begun on that day"),
        ({"held_on": ["31", "2", "2026"]}, "Enter a real date, like 27 3 2026"),
        ({"held_on": ["", "", ""]}, "Enter the day"),
        ({"minutes": "other"}, "Enter how many minutes"),
        ({"minutes": "other", "other_minutes": "0"}, "Enter how many minutes you met"),
        ({"minutes": "other", "other_minutes": "721"}, "Enter a whole number from 0 to 720"),
        ({"minutes": "other", "other_minutes": "half"}, "Enter a whole number from 0 to 720"),
        ({"minutes": "31"}, "Choose one of the answers on the page"),
        ({"kind": "party"}, "Choose one of the answers on the page"),
        ({"outcome": ""}, "Choose whether they came"),
        ({"note": "x" * 501}, "Use 500 characters or fewer"),
    ],
)
def test_a_refused_session_keeps_everything_typed(
    saved: Saved, client: PageClient, db: Database, typed: dict[str, object], error: str
) -> None:
    match_id = make_match(saved)
    client.sign_in(MENTOR, PASSWORD)
    path = f"/matches/{match_id}/meetings/new"
    client.fill(path, {"note": "We drank tea.", "place": "phone", **typed}, status=422)
    assert client.page is not None
    assert client.page.errors == [error]
    again = client.page.form()
    assert again["place"] == "phone"
    assert again["note"] == typed.get("note", "We drank tea.")
    assert again["held_on"] == typed.get("held_on", ["16", "11", "2026"])
    with db.sessions() as session:
        assert session.scalars(select(Meeting)).all() == []


def test_another_length_and_somebody_who_did_not_come_can_be_logged(
    saved: Saved, client: PageClient, db: Database
) -> None:
    match_id = make_match(saved)
    client.sign_in(MENTOR, PASSWORD)
    absent = AttendanceOutcome.ABSENT_LOGISTICS.value
    page = client.follow(
        client.fill(f"/matches/{match_id}/meetings/new", {"minutes": "other", "other_minutes": "0", "outcome": absent})
    )
    assert "Did not come" in page.text
    assert only_meeting(db).duration_minutes == 0


def test_a_coordinator_logs_for_a_mentor_and_comes_back_to_the_match(saved: Saved, client: PageClient) -> None:
    match_id = make_match(saved)
    client.sign_in(STAFF, PASSWORD)
    page = client.follow(client.fill(f"/matches/{match_id}/meetings/new", {"minutes": "45", "note": "By phone."}))
    assert page.heading == "Dario Rossi and Meena Shah"
    assert "By phone." in page.text


def test_a_coordinator_pauses_resumes_and_ends_a_match(saved: Saved, client: PageClient, db: Database) -> None:
    match_id = make_match(saved)
    client.sign_in(STAFF, PASSWORD)
    here = f"/matches/{match_id}"
    client.fill(f"{here}/changes/pause", {"why": ""}, status=422)
    assert "It rests." in client.follow(client.fill(f"{here}/changes/pause", {"why": "Ill."})).text
    assert client.raw(f"{here}/changes/pause").status_code == 404
    client.fill(f"{here}/changes/resume", {"why": "Well again."})
    client.fill(f"{here}/changes/end", {"why": "Moved."}, status=422)
    reason = EndReason.MOVED_AWAY.value
    page = client.follow(client.fill(f"{here}/changes/end", {"why": "Moved to Leeds.", "reason": reason}))
    assert "The mentor reads nothing of the person any more." in page.text
    with db.sessions() as session:
        assert session.get_one(Match, match_id).mentee.stage is CaseStage.CLOSED


def test_a_match_past_its_end_is_shown_as_such_and_completed(
    saved: Saved, client: PageClient, clock: time_machine.Traveller
) -> None:
    match_id = make_match(saved, days_ago=364)
    client.sign_in(STAFF, PASSWORD)
    assert client.raw(f"/matches/{match_id}/changes/complete").status_code == 404
    clock.shift(timedelta(days=1))
    client.sign_in(STAFF, PASSWORD)
    assert "Past its end" in client.get("/matches?show=past-end").text
    page = client.follow(client.fill(f"/matches/{match_id}/changes/complete", {}))
    assert "Completed" in page.text


def test_a_change_begun_before_somebody_elses_is_refused(saved: Saved, client: PageClient, app: object) -> None:
    match_id = make_match(saved)
    client.sign_in(STAFF, PASSWORD)
    path = f"/matches/{match_id}/changes/end"
    first, second = client.get(path).form(), client.get(path).form()
    client.send(path.replace("end", "pause"), {**first, "why": "Ill."})
    client.send(path, {**second, "why": "x", "reason": EndReason.OTHER.value}, status=409)


def test_quiet_matches_come_first_and_the_list_can_be_narrowed(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF)
        lively = build.match(days_ago=30, mentee=None, volunteer=None)
        quiet = build.match(days_ago=30)
        build.match(MatchState.OFFERED, days_ago=60)
        build.meeting(lively, held_on=NOW.date() - timedelta(days=14))
        build.meeting(quiet, held_on=NOW.date() - timedelta(days=15))
        build.meeting(quiet, held_on=NOW.date(), outcome=AttendanceOutcome.ABSENT_UNACCEPTABLE)
        first = f"/matches/{quiet.id}"
        reference, name = lively.mentee.reference, lively.volunteer.person.name
    client.sign_in(STAFF, PASSWORD)

    def found(query: str) -> list[str]:
        page = client.get(f"/matches?{query}")
        return [link for link in page.links() if link.startswith("/matches/")]

    assert found("")[0] == first
    assert found("show=quiet") == [first]
    assert len(found("show=offered")) == 1
    assert found(f"text={reference.lower()}") == found(f"text={name}") == [f"/matches/{lively.id}"]
    assert found("text=%25") == []
    assert found("show=nonsense&page=nonsense&text=%00") == found("")


@pytest.mark.parametrize("path", ["/matches", "/matches?show=all&text=e"])
def test_the_list_takes_as_many_statements_for_fifty_matches_as_for_one(
    saved: Saved, client: PageClient, path: str
) -> None:
    make_match(saved)
    client.sign_in(STAFF, PASSWORD)
    before = client.get(path).statements
    with saved as build:
        for _ in range(50):
            build.meeting(build.match(days_ago=3))
    after = client.get(path)
    assert len(after.statements) == len(before)
    assert len([link for link in after.links() if link.startswith("/matches/")]) == 50
    assert "Page 1 of 2" in after.text


def test_one_match_and_a_mentors_page_take_as_many_statements_for_many_meetings(
    saved: Saved, client: PageClient
) -> None:
    match_id = make_match(saved, days_ago=100)
    paths = {STAFF: [f"/matches/{match_id}"], MENTOR: [f"/matches/{match_id}", "/my-match"]}
    before = {}
    for email, pages in paths.items():
        client.client.delete_cookie("alongside")
        client.sign_in(email, PASSWORD)
        before[email] = [len(client.get(path).statements) for path in pages]
    with saved as build:
        match = build.session.get_one(Match, match_id)
        for day in range(50):
            build.meeting(match, held_on=NOW.date() - timedelta(days=day))
    for email, pages in paths.items():
        client.client.delete_cookie("alongside")
        client.sign_in(email, PASSWORD)
        assert [len(client.get(path).statements) for path in pages] == before[email]
    assert "Page 1 of 3" in client.get(f"/matches/{match_id}").text


def test_staff_see_what_a_volunteer_lacks_and_a_training_lead_no_day_of_a_check(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=STAFF)
        build.account(Role.TRAINING_LEAD, email="trainer@mail.example")
        build.course("Boundaries")
        volunteer = build.volunteer(Stage.TRAINING)
        ready = build.ready_mentor()
        paths = [f"/volunteers/{person.id}/readiness" for person in (volunteer, ready)]
    for email in (STAFF, "trainer@mail.example"):
        client.client.delete_cookie("alongside")
        client.sign_in(email, PASSWORD)
        lacking, full = (client.get(path) for path in paths)
        assert "7 things are missing" in lacking.text
        assert "Course: Boundaries Missing 2 hours to go Training lead" in lacking.text
        assert "Everything is there" in full.text


def test_the_readiness_page_is_for_staff_of_the_scheme(saved: Saved, client: PageClient) -> None:
    with saved as build:
        path = f"/volunteers/{build.volunteer().id}/readiness"
        build.account(Role.MENTOR, email=MENTOR)
        build.account(Role.COORDINATOR, email=STAFF, slug="turin")
    client.sign_in(MENTOR, PASSWORD)
    assert client.raw(path).status_code == 403
    client.client.delete_cookie("alongside")
    client.sign_in(STAFF, PASSWORD)
    assert client.raw(path).status_code == 404
