"""What mentors give each week is read over all their matches, and a coordinator is told where it goes wrong."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.errors import Conflict, Refusal
from mentoring import jobs, operations, queries
from mentoring.models import Match
from mentoring.rules import AttendanceOutcome, Demand, MatchState
from mentors import operations as mentors
from mentors.models import CommitmentAlert, Volunteer
from mentors.queries import find_alert
from mentors.rules import AlertKind, BreakWhy, Stage, Terms, WeekState
from tests.conftest import NOW, Saved
from tests.pages import PageClient, counted

TODAY = date(2026, 11, 16)
"""A Monday: the running week has just begun."""
ZONE = "Europe/London"


def states(session: Session, volunteer: Volunteer, count: int, on: date = TODAY) -> list[WeekState]:
    weeks = queries.weeks_given(session, [volunteer.id], on, ZONE, count)[volunteer.id]
    return [week.state for week in weeks]


def give(build: Builder, match: Match, weeks_ago: int, minutes: int) -> None:
    build.meeting(match, held_on=TODAY - timedelta(weeks=weeks_ago), minutes=minutes)


def look(build: Builder, session: Session, days_later: int = 0) -> int:
    at = NOW + timedelta(days=days_later)
    return operations.look_at_weeks(session, scheme=build.scheme(), by=build.portal(), at=at)


def test_weeks_are_added_up_over_all_matches_and_only_what_took_place_counts(build: Builder, session: Session) -> None:
    with build.earlier(40):
        mentor = build.ready_mentor(capacity=2)
    first, second = (build.match(volunteer=mentor, days_ago=30) for _ in range(2))
    give(build, first, 1, 100)
    give(build, second, 1, 80)
    build.meeting(first, held_on=TODAY - timedelta(weeks=2), minutes=600, outcome=AttendanceOutcome.ABSENT_ACCEPTABLE)
    assert states(session, mentor, 3) == [WeekState.UNDER, WeekState.MET, WeekState.RUNNING]


def test_a_match_that_rests_or_has_ended_asks_for_nothing(build: Builder, session: Session) -> None:
    with build.earlier(70):
        mentor = build.ready_mentor()
    match = build.match(volunteer=mentor, days_ago=63)
    by = build.portal()
    mentoring_at = {days: NOW - timedelta(days=days) for days in (42, 21, 7)}
    operations.pause_match(session, match=match, why="Ill.", by=by, at=mentoring_at[42])
    operations.resume_match(session, match=match, why="Well.", by=by, at=mentoring_at[21])
    operations.pause_match(session, match=match, why="Ill.", by=by, at=mentoring_at[7])
    assert states(session, mentor, 10) == [
        WeekState.UNDER,
        WeekState.UNDER,
        WeekState.UNDER,
        WeekState.FREE,
        WeekState.FREE,
        WeekState.FREE,
        WeekState.UNDER,
        WeekState.UNDER,
        WeekState.FREE,
        WeekState.FREE,
    ]


def test_many_mentors_are_judged_in_as_many_statements_as_one(build: Builder, session: Session) -> None:
    mentors_ = [build.match(days_ago=0).volunteer for _ in range(4)]
    needed = []
    for group in (mentors_[:1], mentors_):
        with counted(session.get_bind().engine) as statements:
            queries.weeks_given(session, [row.id for row in group], TODAY, ZONE)
        needed.append(len(statements))
    assert needed == [4, 4]


@pytest.fixture
def drifting(build: Builder) -> Match:
    """A match of eight weeks whose mentor gave three hours in the first three, and nothing since."""
    with build.earlier(70):
        mentor = build.ready_mentor()
    match = build.match(volunteer=mentor, days_ago=56)
    for weeks_ago in (8, 7, 6, 5):
        give(build, match, weeks_ago, 180)
    return match


def test_four_weeks_under_are_told_once_and_quiet_after_a_note_until_it_happens_anew(
    build: Builder, session: Session, drifting: Match
) -> None:
    mentor = drifting.volunteer
    assert look(build, session, -7) == 0
    assert look(build, session) == 1
    alert = find_alert(session, mentor)
    assert alert is not None
    assert (alert.kind, alert.since_on) == (AlertKind.UNDER, TODAY - timedelta(weeks=4))
    by = build.portal()
    with pytest.raises(Refusal, match="talked about"):
        mentors.answer_alert(session, alert=alert, note=" ", by=by, at=NOW)
    mentors.answer_alert(session, alert=alert, note="Talked with her.", by=by, at=NOW)
    with pytest.raises(Conflict):
        mentors.answer_alert(session, alert=alert, note="Again.", by=by, at=NOW)
    assert look(build, session, 7) == 0
    assert find_alert(session, mentor) is alert
    build.meeting(drifting, held_on=TODAY, minutes=200)
    assert look(build, session, 8) == 0
    assert find_alert(session, mentor) is None
    assert look(build, session, 28) == 0
    assert look(build, session, 35) == 1


def test_a_week_far_over_is_told_and_a_later_one_is_told_again(
    build: Builder, session: Session, drifting: Match
) -> None:
    for weeks_ago in (4, 2):
        give(build, drifting, weeks_ago, 361)
    for weeks_ago in (3, 1):
        give(build, drifting, weeks_ago, 200)
    assert look(build, session) == 1
    first = find_alert(session, drifting.volunteer)
    assert first is not None
    assert (first.kind, first.since_on) == (AlertKind.OVER, TODAY - timedelta(weeks=2))
    mentors.answer_alert(session, alert=first, note="A crisis, over now.", by=build.portal(), at=NOW)
    build.meeting(drifting, held_on=TODAY, minutes=400)
    assert look(build, session, 1) == 1
    second = find_alert(session, drifting.volunteer)
    assert second is not None
    assert (second.since_on, second.answered_at) == (TODAY, None)


def test_flexible_terms_a_break_and_leaving_end_what_is_told(build: Builder, session: Session, drifting: Match) -> None:
    mentor = drifting.volunteer
    assert look(build, session) == 1
    mentors.take_break(
        session,
        volunteer=mentor,
        from_on=TODAY - timedelta(days=20),
        back_on=None,
        why=BreakWhy.HEALTH,
        by=build.portal(),
        at=NOW,
    )
    assert look(build, session) == 0
    assert find_alert(session, mentor) is None


def test_whoever_has_left_is_not_told_of_any_more(build: Builder, session: Session, drifting: Match) -> None:
    assert look(build, session) == 1
    build.move(drifting.volunteer, Stage.LEFT)
    assert look(build, session) == 0
    assert find_alert(session, drifting.volunteer) is None


def test_the_night_lets_a_change_hold_whose_day_has_come(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    build.promise(mentor, hours=6, from_on=TODAY + timedelta(days=3))
    look(build, session)
    assert mentor.hours_per_week == 4
    look(build, session, 3)
    assert mentor.hours_per_week == 6


def test_the_gate_takes_flexible_terms_for_enough_as_long_as_they_last(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()

    def missing(days: int) -> set[Demand]:
        return {point.demand for point in queries.readiness_of(session, mentor, TODAY + timedelta(days=days))}

    build.promise(mentor, hours=2, months=6)
    assert missing(0) == {Demand.HOURS, Demand.MONTHS}
    build.promise(mentor, hours=2, months=6, terms=Terms.FLEXIBLE, until_on=TODAY + timedelta(days=9))
    assert missing(9) == set()
    assert missing(10) == {Demand.HOURS, Demand.MONTHS}


def test_a_look_takes_as_many_statements_for_many_as_for_one(build: Builder, session: Session) -> None:
    look(build, session)
    build.match()
    needed = []
    for later in (1, 2):
        session.flush()
        with counted(session.get_bind().engine) as statements:
            look(build, session, later)
        needed.append(len(statements))
        for _ in range(3):
            build.match()
    assert needed[0] == needed[1]


# ------------------------------------------------------------------------------------------------------------ pages


def test_the_worker_looks_once_a_day(app: Flask, db: Database, saved: Saved) -> None:
    with saved as build:
        with build.earlier(70):
            mentor = build.ready_mentor()
        build.match(volunteer=mentor, days_ago=56)
    with app.app_context():
        jobs.look_at_weeks()
        jobs.look_at_weeks()
    with db.sessions() as session:
        assert [row.kind for row in session.scalars(select(CommitmentAlert).order_by(CommitmentAlert.id))] == [
            AlertKind.UNDER
        ]


def test_a_coordinator_is_told_on_their_page_and_answers_with_a_note(
    client: PageClient, app: Flask, saved: Saved
) -> None:
    with saved as build:
        with build.earlier(70):
            mentor = build.ready_mentor(name="Ada Mercer", email="ada@mail.example")
        match = build.match(volunteer=mentor, days_ago=56)
        build.account(Role.MENTOR, person=mentor.person)
        build.account(Role.COORDINATOR, email="grace@mail.example")
    with app.app_context():
        jobs.look_at_weeks()
    client.sign_in("grace@mail.example", PASSWORD)
    page = client.get("/home")
    assert "Ada Mercer" in page.text
    assert "Under the promise for weeks" in page.text
    link = f"/volunteers/{mentor.id}/commitment"
    assert link in page.links()
    assert link in client.get("/volunteers/hours").links()
    assert "Under the promise for weeks" in client.get(link).text
    page = client.follow(client.fill(f"{link}/note", {"note": "Talked with her, new job."}))
    assert "Talked with her, new job." in page.text
    assert "Under the promise for weeks" not in client.get("/home").text
    assert "Talked with her, new job." in client.get("/volunteers/hours").text
    assert client.raw(f"{link}/note").status_code == 200
    assert link in client.get(f"/matches/{match.id}").links()
    assert "Under: 8 weeks" in client.get(link).text
    client.sign_in("ada@mail.example", PASSWORD)
    page = client.get("/my-commitment")
    assert "Under: 8 weeks" in page.text
    assert "Talked with her" not in page.text


def test_a_volunteer_without_a_match_reads_when_their_weeks_begin(client: PageClient, saved: Saved) -> None:
    with saved as build:
        volunteer = build.volunteer(Stage.TRAINING, email="bo@mail.example")
        build.account(Role.VOLUNTEER, person=volunteer.person)
    client.sign_in("bo@mail.example", PASSWORD)
    assert "from your first match on" in client.get("/my-commitment").text


def test_the_year_of_a_closed_match_shows_no_weeks_of_other_people(build: Builder, session: Session) -> None:
    match = build.match(MatchState.ENDED)
    assert queries.weeks_given(session, [build.ready_mentor().id], TODAY, ZONE, 4) != {}
    assert set(states(session, match.volunteer, 2)) <= {WeekState.BEFORE, WeekState.FREE}
