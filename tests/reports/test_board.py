"""The board: what is counted, what is recorded, how it is shown, and who may set and read it."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.audit import AuditEntry
from foundation.db import Database
from foundation.errors import NotPermitted, Refusal
from foundation.versions import StaleEdit
from mentees.rules import CaseStage
from mentoring.rules import AttendanceOutcome, MatchState, MeetingKind
from mentors.rules import Stage
from reports import operations, queries
from reports.models import RecordedFigure, Target
from reports.rules import Measure, Progress, Rating, exact
from tests.conftest import NOW, Saved
from tests.pages import PageClient
from tests.reports import rows
from tests.reports.rows import TODAY, day

REAL = list(csv.DictReader((Path(__file__).parent / "data" / "targets.csv").read_text("utf-8").splitlines()))
EVALUATOR, ADMINISTRATOR, COORDINATOR = "eva@mail.example", "adm@mail.example", "cora@mail.example"
THEN = date(2014, 9, 4)


def promise(build: Builder, measure: Measure, promised: int = 100, *, slug: str = "knowsley", **days: date) -> Target:
    """Promise something for a period around the tests' today."""
    period = {"starts_on": day(-100), "ends_on": day(100), **days}
    return build.target(measure, promised, slug=slug, **period)


def promise_as_in_2014(build: Builder) -> None:
    """Enter the real promises and figures as an administrator would."""
    for row in REAL:
        begin, end, as_of = (date.fromisoformat(row[key]) for key in ("programme_start", "programme_end", "as_of"))
        promise(build, Measure(row["measure"]), int(row["target"]), starts_on=begin, ends_on=end)
        if row["delivered"]:
            build.figure(Measure(row["measure"]), int(row["delivered"]), source="ALS 4 report", as_of=as_of)


def board_of(build: Builder, on: date = TODAY, slug: str = "knowsley") -> dict[Measure, Progress]:
    by = build.actor(Role.COORDINATOR, slug=slug)
    return {row.measure: row for row in queries.board(build.session, by, on)}


def test_the_real_figures_of_2014_are_green_on_every_rated_line(build: Builder) -> None:
    promise_as_in_2014(build)
    board = board_of(build, THEN)
    assert board[Measure.SESSIONS].delivered == exact(5059)
    rated = {Measure(row["measure"]): row["board_rating"] for row in REAL if row["board_rating"]}
    assert {measure: board[measure].rating for measure in rated} == rated


def test_sessions_count_if_they_took_place_within_the_period_and_by_the_day(build: Builder) -> None:
    promise(build, Measure.SESSIONS, starts_on=day(-30), ends_on=day(30))
    match = rows.match(build, rows.volunteer(build, Stage.READY), rows.mentee(build, CaseStage.MATCHED))
    for offset in (-30, -1, 0):
        rows.meeting(build, match, day(offset))
    rows.meeting(build, match, day(-2), outcome=AttendanceOutcome.LATE)
    rows.meeting(build, match, day(-3), outcome=AttendanceOutcome.ABSENT_ACCEPTABLE)
    rows.meeting(build, match, day(-3), kind=MeetingKind.CONTACT)
    rows.meeting(build, match, day(-31))
    rows.meeting(build, match, day(1))
    assert board_of(build)[Measure.SESSIONS].delivered == exact(4)
    assert board_of(build, day(-5))[Measure.SESSIONS].delivered == exact(1)


def test_a_person_counts_once_however_many_matches_they_had_and_only_once_a_mentor_agreed(build: Builder) -> None:
    promise(build, Measure.PEOPLE_MENTORED)
    mentor, person = rows.volunteer(build, Stage.READY), rows.mentee(build, CaseStage.MATCHED)
    rows.match(build, mentor, person, MatchState.ENDED)
    rows.match(build, mentor, person, MatchState.ACTIVE)
    rows.match(build, mentor, rows.mentee(build, CaseStage.MATCHED), MatchState.OFFERED)
    assert board_of(build)[Measure.PEOPLE_MENTORED].delivered == exact(1)


def test_an_evening_counts_once_for_all_who_were_there_and_not_at_all_when_taken_back(build: Builder) -> None:
    promise(build, Measure.TRAINING_HOURS, 180)
    course = rows.course(build)
    there = (rows.volunteer(build, Stage.TRAINING), rows.volunteer(build, Stage.TRAINING))
    rows.evening(build, course, day(-2), minutes=150, present=there)
    rows.evening(build, course, day(-9), minutes=120, present=there)
    rows.evening(build, course, day(-3), minutes=600, is_withdrawn=True)
    assert board_of(build)[Measure.TRAINING_HOURS].delivered == exact(4)


def test_figures_of_another_scheme_are_never_counted(build: Builder) -> None:
    for measure in Measure:
        promise(build, measure)
        promise(build, measure, 7, slug="turin")
        build.figure(measure, 999, slug="turin")
    mentor = rows.volunteer(build, Stage.READY, slug="turin")
    rows.meeting(build, rows.match(build, mentor, rows.mentee(build, slug="turin")), day(-1))
    rows.evening(build, rows.course(build, slug="turin"), day(-1))
    board = board_of(build)
    assert [row.delivered for row in board.values()] == [exact(0)] * 6
    assert {row.promised for row in board.values()} == {100}
    assert board_of(build, slug="turin")[Measure.SESSIONS].delivered == exact(1000)


def test_recorded_figures_are_added_and_the_newest_of_a_source_counts(build: Builder) -> None:
    promise(build, Measure.SESSIONS)
    match = rows.match(build, rows.volunteer(build, Stage.READY), rows.mentee(build, CaseStage.MATCHED))
    rows.meeting(build, match, day(-1))
    build.figure(Measure.SESSIONS, 50, as_of=day(-20))
    build.figure(Measure.SESSIONS, 70, as_of=day(-10))
    build.figure(Measure.SESSIONS, 5, source="Prison list", as_of=day(-10))
    build.figure(Measure.SESSIONS, 4000, as_of=day(-101))
    assert board_of(build)[Measure.SESSIONS].delivered == exact(1 + 70 + 5)
    assert board_of(build, day(-15))[Measure.SESSIONS].delivered == exact(50)


def test_of_two_figures_for_one_day_the_one_recorded_later_counts(build: Builder) -> None:
    promise(build, Measure.SESSIONS)
    build.figure(Measure.SESSIONS, 500)
    build.at += timedelta(minutes=1)
    build.figure(Measure.SESSIONS, 50)
    assert board_of(build)[Measure.SESSIONS].delivered == exact(50)


def test_the_board_takes_the_same_few_statements_however_much_there_is(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.EVALUATOR, email=EVALUATOR)
        promise(build, Measure.SESSIONS)
        build.figure(Measure.SESSIONS, 1)
    client.sign_in(EVALUATOR, PASSWORD)
    few = client.get("/board").statements
    with saved as build:
        for measure in Measure:
            if measure is not Measure.SESSIONS:
                promise(build, measure)
        for number in range(50):
            build.figure(Measure.SESSIONS, number, source=f"Source {number}")
    many = client.get("/board")
    assert "Source 49" in many.text
    assert len(many.statements) == len(few)


def test_an_evaluator_sees_words_figures_and_sources_and_no_link_to_change_them(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        promise_as_in_2014(build)
        build.account(Role.EVALUATOR, email=EVALUATOR)
    client.sign_in(EVALUATOR, PASSWORD)
    page = client.get("/board?on=2014-09-04")
    assert "At least 5,055 of 7,000 · at least 72% done · 57% of the time gone" in page.text
    assert page.text.count("Green") >= 10
    assert "At least 5,055 from “ALS 4 report”, 4 September 2014" in page.text
    assert "Half done at half-time is green" in page.text
    assert not [link for link in page.links() if "/targets" in link]


def test_the_board_of_a_day_before_anything_was_done_is_red_or_not_begun(saved: Saved, client: PageClient) -> None:
    with saved as build:
        promise_as_in_2014(build)
        build.account(Role.COORDINATOR, email=COORDINATOR)
    client.sign_in(COORDINATOR, PASSWORD)
    assert "Not begun" in client.get("/board?on=2012-12-01").text
    red = client.get("/board?on=30&on=6&on=2014")
    assert "0 of 7,000" in red.text
    assert "Red" in red.text


@pytest.mark.parametrize("text", ["banana", "2014-02-30", "2014-13-01", "99999-01-01", "0000-00-00", "%00"])
def test_a_day_that_is_none_is_refused_in_words_and_stays_typed(text: str, saved: Saved, client: PageClient) -> None:
    with saved as build:
        promise(build, Measure.SESSIONS)
        build.account(Role.EVALUATOR, email=EVALUATOR)
    client.sign_in(EVALUATOR, PASSWORD)
    page = client.get(f"/board?on={text}", status=422)
    assert page.errors == ["Enter a real date, like 27 3 2026"]
    client.get(f"/board.csv?on={text}", status=422)


def test_the_file_holds_the_figures_and_runs_no_formula(saved: Saved, client: PageClient) -> None:
    with saved as build:
        promise_as_in_2014(build)
        build.figure(Measure.SESSIONS, 1, source="=HYPERLINK(1)", as_of=date(2014, 9, 1))
        build.account(Role.COORDINATOR, email=COORDINATOR)
    client.sign_in(COORDINATOR, PASSWORD)
    response = client.raw("/board.csv?on=2014-09-04")
    assert response.headers["Content-Disposition"] == 'attachment; filename="board-knowsley-2014-09-04.csv"'
    assert response.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    sessions = next(line for line in lines if line["Measure"] == "Mentoring sessions")
    assert (sessions["Promised"], sessions["Delivered"], sessions["Rating"]) == ("7000", "5060", "Green")
    assert sessions["Sources"].startswith("'=HYPERLINK(1)")
    assert len(lines) == 6


def test_a_hostile_source_is_shown_as_plain_text(saved: Saved, client: PageClient) -> None:
    with saved as build:
        promise(build, Measure.SESSIONS)
        build.figure(Measure.SESSIONS, 1, source="<script>alert(1)</script>")
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
    client.sign_in(ADMINISTRATOR, PASSWORD)
    assert "<script>alert(1)</script>" in client.get("/board").text
    assert "<script>alert(1)</script>" in client.get("/targets").text


def test_an_administrator_sets_a_promise_and_records_a_figure(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
    client.sign_in(ADMINISTRATOR, PASSWORD)
    assert "Nothing promised" in client.get("/targets").text
    client.fill(
        "/targets/sessions", {"promised": "7000", "starts_on": ["1", "1", "2026"], "ends_on": ["31", "12", "2027"]}
    )
    figure = {"measure": Measure.SESSIONS, "amount": "120", "as_of": ["1", "11", "2026"], "source": "Paper list"}
    page = client.follow(client.fill("/figures/new", figure))
    assert "7,000" in page.text
    assert "Paper list" in page.text
    assert "120 of 7,000" in client.get("/board").text
    with db.sessions() as session:
        verbs = [entry.verb for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.position))]
    assert verbs[-2:] == ["promise", "record_figure"]


def test_refused_promises_and_figures_keep_all_that_was_typed(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
    client.sign_in(ADMINISTRATOR, PASSWORD)
    wrong = {"promised": "0", "starts_on": ["1", "1", "2026"], "ends_on": ["31", "2", "2026"]}
    client.fill("/targets/sessions", wrong, status=422)
    assert client.page is not None
    assert client.page.form()["ends_on"] == ["31", "2", "2026"]
    assert len(client.page.errors) == 2
    client.fill("/targets/sessions", {"promised": "5", "starts_on": "2026-05-01", "ends_on": "2026-05-01"}, status=422)
    assert client.page.errors == ["The last day must be after the first day."]
    future = {"measure": "people mentored", "amount": "3", "as_of": "2026-11-17", "source": "A report"}
    client.fill("/figures/new", future, status=422)
    assert client.page.errors == ["A figure cannot be from the future: choose today or an earlier day."]
    assert client.page.form()["source"] == "A report"
    client.fill("/figures/new", {**future, "amount": "99999999999"}, status=422)
    client.fill("/figures/new", {**future, "measure": "bananas", "as_of": "2026-11-01"}, status=422)
    client.get("/targets/bananas", status=404)


def test_the_same_form_sent_twice_records_one_figure(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
    client.sign_in(ADMINISTRATOR, PASSWORD)
    typed = {"measure": "people mentored", "amount": "3", "as_of": "2026-11-01", "source": "A report"}
    sent = {**client.get("/figures/new").form(), **typed}
    for _ in range(2):
        assert client.send("/figures/new", sent).headers["Location"] == "/targets"
    with db.sessions() as session:
        assert len(session.scalars(select(RecordedFigure).order_by(RecordedFigure.id)).all()) == 1


def test_a_promise_that_somebody_else_made_meanwhile_is_not_written_over(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMINISTRATOR)
    client.sign_in(ADMINISTRATOR, PASSWORD)
    typed = {"promised": "10", "starts_on": "2026-01-01", "ends_on": "2027-01-01"}
    first, second = ({**client.get("/targets/sessions").form(), **typed} for _ in range(2))
    client.send("/targets/sessions", first)
    client.send("/targets/sessions", {**second, "promised": "99"}, status=409)
    again = client.get("/targets/sessions").form()
    assert again["promised"] == "10"
    client.send("/targets/sessions", {**again, "promised": "11"})
    client.send("/targets/sessions", {**again, "promised": "99", "key": ""}, status=409)


def test_a_stale_promise_is_refused_by_the_operation_itself(build: Builder) -> None:
    target = promise(build, Measure.SESSIONS)
    with pytest.raises(StaleEdit):
        operations.promise(
            build.session,
            measure=Measure.SESSIONS,
            promised=1,
            starts_on=day(0),
            ends_on=day(9),
            by=build.portal(),
            at=NOW,
            version=target.version - 1,
        )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_sets_promises_and_figures(role: Role, build: Builder) -> None:
    by = build.actor(role)
    with pytest.raises(NotPermitted):
        operations.promise(
            build.session, measure=Measure.SESSIONS, promised=1, starts_on=day(0), ends_on=day(9), by=by, at=NOW
        )
    with pytest.raises(NotPermitted):
        operations.record_figure(
            build.session, measure=Measure.SESSIONS, amount=1, as_of=day(0), source="A list", by=by, at=NOW
        )


def test_a_figure_needs_a_source_and_an_amount_within_reason(build: Builder) -> None:
    with pytest.raises(Refusal):
        build.figure(Measure.SESSIONS, 1, source="  ")
    with pytest.raises(Refusal):
        build.figure(Measure.SESSIONS, -1)
    with pytest.raises(Refusal):
        build.figure(Measure.SESSIONS, 2**31)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MENTOR, Role.TRAINING_LEAD, Role.PARTNER_OFFICER])
def test_the_board_is_closed_to_roles_without_figures(role: Role, saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(role, email=EVALUATOR)
    client.sign_in(EVALUATOR, PASSWORD)
    for path in ("/board", "/board.csv", "/targets", "/targets/sessions", "/figures/new"):
        assert client.raw(path).status_code == 403


def test_a_board_without_promises_says_so(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=COORDINATOR)
    client.sign_in(COORDINATOR, PASSWORD)
    assert "Nothing has been promised yet" in client.get("/board").text
    assert Rating.GREEN not in client.get("/board").text
