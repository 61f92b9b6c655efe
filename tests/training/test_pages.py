"""The pages of training leads and of volunteers, opened and filled in as a browser does."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from mentors.models import Volunteer
from mentors.rules import Stage
from tests.conftest import NOW, Saved
from tests.pages import PageClient
from training import operations
from training.models import Attendance, Course, Goal, Plan, PlanReview, TrainingEvent
from training.rules import GoalState

TODAY = NOW.date()
LEAD = "lead@mail.example"


def lead(build: Builder, slug: str = "knowsley", role: Role = Role.TRAINING_LEAD) -> None:
    """Make the training lead who signs in."""
    build.account(role, email=LEAD, name="Tess Lead", slug=slug)


def enter(client: PageClient, email: str = LEAD) -> None:
    """Sign in, without opening the home page."""
    client.sign_in(email, PASSWORD)


def sheet(course: Course, **typed: Any) -> dict[str, Any]:  # noqa: ANN401 - texts and lists, as forms send.
    """Fill in the head of an attendance sheet."""
    return {
        "course": str(course.id),
        "held_on": ["15", "11", "2026"],
        "duration_minutes": "120",
        "rest-training": "present",
        **typed,
    }


def presence(volunteer: Volunteer) -> str:
    return f"presence-{volunteer.id.hex}"


def minutes(volunteer: Volunteer) -> str:
    return f"minutes-{volunteer.id.hex}"


def test_an_evening_of_a_whole_group_is_logged_in_one_form(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        lead(build)
        course = build.course("Boundaries")
        everybody = [build.volunteer(Stage.TRAINING) for _ in range(5)]
        break_taker = build.volunteer(Stage.ON_A_BREAK)
        build.volunteer(Stage.CHECKS, name="Not yet trained")
    enter(client)
    typed = sheet(course, **{presence(everybody[0]): "absent", minutes(everybody[1]): "45"})
    typed["rest-on_a_break"] = "not expected"
    page = client.follow(client.fill("/training/evenings/new", typed))
    assert "Present: 4. Hours added to the total: 2." in page.text
    with db.sessions() as session:
        rows = {row.volunteer_id: (row.is_present, row.minutes) for row in session.scalars(select(Attendance))}
    assert rows == {
        everybody[0].id: (False, 0),
        everybody[1].id: (True, 45),
        **{person.id: (True, 120) for person in everybody[2:]},
    }
    assert break_taker.id not in rows
    assert "2 hours of 180 hours" in client.get("/training").text


def test_a_refused_sheet_keeps_everything_that_was_typed(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        lead(build)
        course = build.course("Boundaries")
        first, second, third = (build.volunteer(Stage.TRAINING) for _ in range(3))
    enter(client)
    typed = sheet(course, **{presence(first): "absent", minutes(second): "45", "duration_minutes": "900"})
    del typed["rest-training"]
    client.fill("/training/evenings/new", typed, status=422)
    page = client.page
    assert page is not None
    assert len(page.errors) == 2
    kept = page.form()
    for name, value in typed.items():
        assert kept[name] == value, name
    assert any(third.person.name in error for error in page.errors)
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(TrainingEvent)) == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"held_on": ["17", "11", "2026"]}, "today or in the past"),
        ({"held_on": ["31", "2", "2026"]}, "real date"),
        ({"held_on": ["", "", ""]}, "Enter the date"),
        ({"duration_minutes": "0"}, "from 1 to 720"),
        ({"duration_minutes": "2**31"}, "from 1 to 720"),
        ({"course": ""}, "Choose the course"),
        ({"course": str(uuid.uuid4())}, "one of the answers"),
        ({"course": "nonsense"}, "one of the answers"),
        ({"minutes": "121"}, "longer than the evening"),
        ({"minutes": "-5"}, "from 1 to 720"),
        ({"minutes": "30", "presence": "absent"}, "not marked as present"),
        ({"rest-training": "absent"}, "at least one person"),
        ({"rest-training": "perhaps"}, "one of the answers"),
        ({"rest-training": ""}, "say who was present"),
    ],
)
def test_bad_input_is_refused_in_words(
    saved: Saved, client: PageClient, db: Database, typed: dict[str, Any], said: str
) -> None:
    with saved as build:
        lead(build)
        course = build.course()
        person = build.volunteer(Stage.TRAINING)
        build.volunteer(Stage.TRAINING)
    enter(client)
    names = {"minutes": minutes(person), "presence": presence(person)}
    values = {names.get(name, name): value for name, value in typed.items()}
    client.fill("/training/evenings/new", {**sheet(course), **values}, status=422)
    assert client.page is not None
    assert said in " ".join(client.page.errors)
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(TrainingEvent)) == 0


def test_the_same_click_twice_stores_one_evening(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        lead(build)
        course = build.course()
        build.volunteer(Stage.TRAINING)
    enter(client)
    page = client.get("/training/evenings/new")
    values = {**page.form(), **sheet(course)}
    answers = [client.send("/training/evenings/new", values).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(TrainingEvent)) == 1


def test_a_second_evening_of_a_course_on_one_day_is_asked_about(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        lead(build)
        course = build.course()
        build.volunteer(Stage.TRAINING)
    enter(client)
    client.fill("/training/evenings/new", sheet(course))
    client.fill("/training/evenings/new", sheet(course), status=422)
    assert client.page is not None
    assert "logged for that day already" in client.page.errors[0]
    client.send("/training/evenings/new", {**client.page.form(), "is_second": "y"})
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(TrainingEvent)) == 2


def test_one_answer_for_everybody_reaches_only_those_who_stood_on_the_page(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        lead(build)
        course = build.course()
        seen, leaver = build.volunteer(Stage.TRAINING), build.volunteer(Stage.TRAINING)
    enter(client)
    values = {**client.get("/training/evenings/new").form(), **sheet(course)}
    with saved as more:
        more._schemes, more._numbers = build._schemes, build._numbers
        more.volunteer(Stage.TRAINING, name="Came after the page was opened")
        more.move(more.session.get_one(Volunteer, leaver.id), Stage.LEFT)
    client.send("/training/evenings/new", values)
    with db.sessions() as session:
        assert set(session.scalars(select(Attendance.volunteer_id))) == {seen.id, leaver.id}


def test_an_evening_is_corrected_and_a_stale_correction_gets_409(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        lead(build)
        course = build.course()
        first, second, third = (build.volunteer(Stage.TRAINING) for _ in range(3))
        event = build.evening(course, {first.id: 120, second.id: None})
    enter(client)
    path = f"/training/evenings/{event.id}/correction"
    stale = client.get(path).form()
    assert stale[presence(first)] == "present"
    assert stale[presence(second)] == "absent"
    assert stale["rest-others"] == "not expected"
    client.fill(path, {presence(first): "not expected", presence(second): "present", minutes(third): "30"})
    with db.sessions() as session:
        rows = {row.volunteer_id: row.minutes for row in session.scalars(select(Attendance))}
    assert rows == {second.id: 120, third.id: 30}
    client.send(path, stale, status=409)
    client.fill(f"/training/evenings/{event.id}/withdrawal", {"why": ""}, status=422)
    page = client.follow(client.fill(f"/training/evenings/{event.id}/withdrawal", {"why": "Never took place"}))
    assert "counts nowhere" in page.text
    assert "0 hours of 180 hours" in client.get("/training").text


def test_the_table_of_hours_filters_pages_and_names_what_lacks_and_lapses(saved: Saved, client: PageClient) -> None:
    with saved as build:
        lead(build, role=Role.COORDINATOR)
        course = build.course("Boundaries", valid_months=12)
        done, lapsing, lacking = (build.volunteer(Stage.TRAINING, name=name) for name in ("Done", "Lapsing", "Lacking"))
        build.evening(course, {done.id: 120})
        build.evening(course, {lapsing.id: 120, lacking.id: 60}, held_on=TODAY - timedelta(days=330))
    enter(client)
    page = client.get("/training")
    assert "Boundaries: 1 hours" in page.text
    assert "21 December 2026" in page.text
    shown = {show: client.get(f"/training?show={show}").links() for show in ("everybody", "lacks", "lapses", "bogus")}
    expected = {
        "everybody": {done, lapsing, lacking},
        "lacks": {lacking},
        "lapses": {lapsing},
        "bogus": {done, lapsing, lacking},
    }
    for show, links in shown.items():
        found = {link for link in links if link.startswith("/volunteers/")}
        assert found == {f"/volunteers/{person.id}/training" for person in expected[show]}, show
    for odd in ("page=0", "page=-3", "page=99999999999999999999", "page=x"):
        client.get(f"/training?{odd}")


@pytest.mark.parametrize("path", ["/training", "/training/evenings/new", "/training/plans", "/training/courses"])
def test_pages_take_as_many_statements_for_fifty_rows_as_for_one(saved: Saved, client: PageClient, path: str) -> None:
    with saved as build:
        lead(build)
        courses = [build.course(valid_months=12)]
        people = [build.volunteer(Stage.TRAINING)]
        build.plan(people[0])
        build.evening(courses[0], {people[0].id: 60})
    enter(client)
    few = len(client.get(path).statements)
    with saved as more:
        more._schemes = build._schemes
        more._numbers = build._numbers
        courses += [more.course(valid_months=6) for _ in range(4)]
        people = [more.volunteer(Stage.TRAINING) for _ in range(50)]
        for person in people:
            more.plan(person)
        for days in range(10):
            more.evening(courses[days % 5], {person.id: 60 for person in people}, held_on=TODAY - timedelta(days=days))
    assert len(client.get(path).statements) == few


def test_one_volunteers_pages_take_as_many_statements_for_fifty_rows_as_for_one(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        lead(build)
        course, person = build.course(), build.volunteer(Stage.TRAINING)
        event = build.evening(course, {person.id: 60})
        plan = build.plan(person)
        grow(build, plan)
    enter(client)
    paths = [f"/volunteers/{person.id}/training", f"/volunteers/{person.id}/plan", f"/training/evenings/{event.id}"]
    few = [len(client.get(path).statements) for path in paths]
    with saved as more:
        more._schemes, more._numbers = build._schemes, build._numbers
        for days in range(1, 50):
            more.evening(course, {person.id: 60}, held_on=TODAY - timedelta(days=days))
        grow(more, more.session.get_one(Plan, plan.id), times=12)
        operations.correct_evening(
            more.session,
            event=more.session.get_one(TrainingEvent, event.id),
            course=more.session.get_one(Course, course.id),
            held_on=TODAY,
            duration_minutes=120,
            attendance={person.id: 60, **{more.volunteer(Stage.TRAINING).id: 60 for _ in range(50)}},
            by=more.portal(),
            at=NOW,
        )
    assert [len(client.get(path).statements) for path in paths] == few


def grow(build: Builder, plan: Plan, times: int = 1) -> None:
    """Add goals with notes and reviews to a plan."""
    by = build.actor(Role.TRAINING_LEAD)
    for number in range(times):
        day = TODAY + timedelta(days=30 + number)
        goal = operations.add_goal(
            build.session, plan=plan, what=f"Goal {number}", measure="Seen", due_on=day, by=by, at=NOW
        )
        operations.note_progress(build.session, goal=goal, progress_percent=10, note="A step", by=by, at=NOW)
        operations.review_plan(build.session, plan=plan, held_on=TODAY, notes="Good", next_review_on=day, by=by, at=NOW)


def test_a_course_is_added_and_changed_and_bad_settings_are_refused(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        lead(build)
    enter(client)
    page = client.follow(client.fill("/training/courses", {"name": "Boundaries", "required_minutes": "120"}))
    assert "2 hours" in page.text
    for typed in (
        {"name": "boundaries", "required_minutes": "60"},
        {"name": "", "required_minutes": "60"},
        {"name": "Other", "required_minutes": "0"},
        {"name": "Other", "required_minutes": "much"},
        {"name": "Other", "required_minutes": "60", "valid_months": "0"},
    ):
        client.fill("/training/courses", typed, status=422)
        assert client.page is not None
        assert client.page.form()["name"] == typed["name"]
    with db.sessions() as session:
        course = session.scalars(select(Course)).one()
    path = f"/training/courses/{course.id}"
    stale = client.get(path).form()
    client.fill(path, {"required_minutes": "90", "valid_months": "24"})
    client.send(path, stale, status=409)
    assert "every 24 months" in client.get("/training/courses").text


def test_a_plan_is_begun_pursued_reviewed_and_closed_by_its_pages(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        lead(build)
        person = build.volunteer(Stage.TRAINING)
    enter(client)
    here = f"/volunteers/{person.id}/plan"
    page = client.follow(client.fill(here, {"next_review_on": ["1", "3", "2027"]}))
    assert "1 March 2027" in page.text
    client.fill(f"{here}/goals/new", {"what": "Boundaries", "measure": "", "due_on": ["1", "2", "2027"]}, status=422)
    assert client.page is not None
    assert client.page.form()["what"] == "Boundaries"
    client.fill(f"{here}/goals/new", {"what": "Boundaries", "measure": "Two talks", "due_on": ["1", "2", "2027"]})
    with db.sessions() as session:
        goal = session.scalars(select(Goal)).one()
    client.fill(f"/plan-goals/{goal.id}/progress", {"progress_percent": "101"}, status=422)
    page = client.follow(client.fill(f"/plan-goals/{goal.id}/progress", {"progress_percent": "40", "note": "A talk"}))
    assert "40 %" in page.text
    assert "A talk" in page.text
    review = {"held_on": ["16", "11", "2026"], "notes": "Going well", "next_review_on": ["1", "2", "2027"]}
    page = client.follow(client.fill(f"{here}/reviews/new", review))
    assert "Going well" in page.text
    assert "1 February 2027" in page.text
    page = client.follow(client.fill(f"/plan-goals/{goal.id}/state", {"to": "reached"}))
    assert "Reached" in page.text
    client.fill(f"/plan-goals/{goal.id}/state", {"to": "dropped"}, status=422)
    client.follow(client.fill(f"/plan-goals/{goal.id}/state", {}))
    with db.sessions() as session:
        assert session.get_one(Goal, goal.id).state is GoalState.OPEN
    assert person.person.name in client.get("/training/plans").text


def test_every_form_of_a_plan_is_carried_out_once_and_a_stale_one_gets_409(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        lead(build)
        person = build.volunteer(Stage.TRAINING)
        goal = build.plan(person).goals[0]
    enter(client)
    forms: dict[str, dict[str, Any]] = {
        f"/plan-goals/{goal.id}/progress": {"progress_percent": "40"},
        f"/volunteers/{person.id}/plan/reviews/new": {
            "held_on": ["16", "11", "2026"],
            "notes": "Good",
            "next_review_on": ["1", "2", "2027"],
        },
        f"/plan-goals/{goal.id}/state": {"to": "dropped"},
    }
    for path, typed in forms.items():
        stale = {**client.get(path).form(), **typed}
        values = {**client.get(path).form(), **typed}
        client.send(path, values)
        client.send(path, values)
        client.send(path, stale, status=409)
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(PlanReview)) == 1
        assert len(session.get_one(Goal, goal.id).steps) == 2


def test_two_people_who_begin_one_plan_get_one_and_a_plain_answer(saved: Saved, client: PageClient) -> None:
    with saved as build:
        lead(build)
        person = build.volunteer(Stage.TRAINING)
    enter(client)
    here = f"/volunteers/{person.id}/plan"
    first, second = client.get(here).form(), client.get(here).form()
    client.send(here, first)
    client.send(here, second, status=409)


def test_volunteers_see_their_own_plan_and_note_progress_and_nothing_of_others(
    saved: Saved, client: PageClient, db: Database
) -> None:
    with saved as build:
        person, other = build.volunteer(Stage.TRAINING), build.volunteer(Stage.TRAINING)
        build.account(Role.VOLUNTEER, person=person.person)
        goal = build.plan(person, goals=("My own goal",)).goals[0]
        others = build.plan(other, goals=("Their goal",)).goals[0]
        course = build.course()
        event = build.evening(course, {person.id: 60, other.id: 120})
        email = person.person.email
    enter(client, email)
    page = client.get("/my-plan")
    assert "My own goal" in page.text
    assert "Their goal" not in page.text
    path = f"/plan-goals/{goal.id}/progress"
    assert path in page.links()
    page = client.follow(client.fill(path, {"progress_percent": "70", "note": "Practised"}))
    assert page.heading == "My development plan"
    assert "70 %" in page.text
    assert "1 hours of training in all" in client.get("/my-training").text
    client.get(f"/plan-goals/{others.id}/progress", status=404)
    for forbidden in (
        "/training",
        "/training/plans",
        "/training/courses",
        f"/training/evenings/{event.id}",
        f"/volunteers/{person.id}/plan",
        f"/volunteers/{other.id}/training",
        f"/plan-goals/{goal.id}/state",
    ):
        client.get(forbidden, status=403)
    with db.sessions() as session:
        assert session.get_one(Goal, others.id).progress_percent == 0


def test_a_volunteer_without_a_plan_or_hours_is_told_what_comes(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.VOLUNTEER, email="new@mail.example")
    enter(client, "new@mail.example")
    assert "You have no plan yet" in client.get("/my-plan").text
    assert "No evening has been logged yet" in client.get("/my-training").text


def test_an_empty_scheme_has_pages_that_say_what_to_do(saved: Saved, client: PageClient) -> None:
    with saved as build:
        lead(build)
    enter(client)
    assert "There is no course yet" in client.get("/training").text
    assert "Nobody is in training yet" in client.get("/training/evenings/new").text
    assert "No plan has begun yet" in client.get("/training/plans").text
    client.fill("/training/courses", {"name": "First", "required_minutes": "60"})
    with saved as more:
        more._schemes = build._schemes
        more.volunteer(Stage.TRAINING)
    assert "Who was there?" in client.get("/training/evenings/new").text


def test_records_of_another_scheme_do_not_exist(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        lead(build)
        course, person = build.course(slug="turin"), build.volunteer(Stage.TRAINING, slug="turin")
        event = build.evening(course, {person.id: 60}, slug="turin")
        goal = build.plan(person, slug="turin").goals[0]
        here = build.volunteer(Stage.TRAINING)
        own = build.course()
    enter(client)
    for path in (
        f"/training/courses/{course.id}",
        f"/training/evenings/{event.id}",
        f"/training/evenings/{event.id}/correction",
        f"/training/evenings/{event.id}/withdrawal",
        f"/volunteers/{person.id}/training",
        f"/volunteers/{person.id}/plan",
        f"/volunteers/{person.id}/plan/goals/new",
        f"/volunteers/{person.id}/plan/reviews/new",
        f"/plan-goals/{goal.id}/progress",
        f"/plan-goals/{goal.id}/state",
        f"/training/evenings/{uuid.uuid4()}",
    ):
        client.get(path, status=404)
    values = {**client.get("/training/evenings/new").form(), **sheet(own)}
    values["listed-training"] = [person.id.hex, here.id.hex, "not an id"]
    client.send("/training/evenings/new", values)
    with db.sessions() as session:
        rows = session.scalars(select(Attendance.volunteer_id).where(Attendance.event_id != event.id)).all()
    assert rows == [here.id]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.PARTNER_OFFICER, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_only_staff_of_training_open_its_pages(saved: Saved, client: PageClient, role: Role) -> None:
    with saved as build:
        build.account(role, email=LEAD)
        person = build.volunteer(Stage.TRAINING)
    enter(client)
    for path in (
        "/training",
        "/training/evenings/new",
        "/training/courses",
        "/training/plans",
        f"/volunteers/{person.id}/training",
        f"/volunteers/{person.id}/plan",
    ):
        client.get(path, status=403)
