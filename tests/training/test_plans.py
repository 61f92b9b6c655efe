"""Development plans through the operations."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import Builder
from foundation.audit import verify
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.lifecycle import ForbiddenMove
from foundation.versions import StaleEdit
from mentors.models import Volunteer
from mentors.rules import Stage
from tests.conftest import NOW
from training import operations, policy, queries
from training.rules import GOALS, GoalState, ReviewTiming

TODAY = NOW.date()
LATER = NOW + timedelta(minutes=1)


def own(build: Builder, volunteer: Volunteer) -> Actor:
    """The volunteer themself."""
    return build.actor(Role.VOLUNTEER, person_id=volunteer.person_id)


def test_a_plan_is_begun_once(session: Session, build: Builder) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    build.plan(volunteer)
    with pytest.raises(operations.PlanExists):
        build.plan(volunteer)


@pytest.mark.parametrize("days", [0, -1])
def test_a_first_review_lies_in_the_future(session: Session, build: Builder, days: int) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    with pytest.raises(Refusal) as refused:
        build.plan(volunteer, next_review_on=TODAY + timedelta(days=days))
    assert refused.value.field == "next_review_on"


def test_progress_is_noted_by_staff_and_by_the_volunteer_and_kept_as_a_history(
    session: Session, build: Builder
) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    goal = build.plan(volunteer).goals[0]
    for by, percent in ((build.actor(Role.TRAINING_LEAD), 20), (own(build, volunteer), 60)):
        operations.note_progress(session, goal=goal, progress_percent=percent, note="Well", by=by, at=LATER)
    session.expire_all()
    assert goal.progress_percent == 60
    assert [step.progress_percent for step in goal.steps] in ([20, 60], [60, 20])
    assert verify(session) is None


def test_nobody_else_sees_a_goal_or_notes_progress(session: Session, build: Builder) -> None:
    volunteer, neighbour = build.volunteer(Stage.TRAINING), build.volunteer(Stage.TRAINING)
    goal = build.plan(volunteer).goals[0]
    session.flush()
    for by in (
        own(build, neighbour),
        build.actor(Role.TRAINING_LEAD, slug="turin"),
        build.actor(Role.VOLUNTEER, slug="turin", person_id=volunteer.person_id),
        build.actor(Role.PARTNER_OFFICER),
        build.actor(Role.EVALUATOR),
        build.actor(Role.ADMINISTRATOR),
    ):
        assert not policy.may_see_plan(by, volunteer)
        assert queries.find_plan(session, by, volunteer.id) is None
        with pytest.raises(NotVisible):
            queries.get_goal(session, by, goal.id)
        with pytest.raises(NotVisible):
            operations.note_progress(session, goal=goal, progress_percent=10, note="", by=by, at=LATER)


def test_only_staff_begin_add_close_and_review(session: Session, build: Builder) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    plan = build.plan(volunteer)
    by = own(build, volunteer)
    soon = TODAY + timedelta(days=90)
    with pytest.raises(NotPermitted):
        operations.begin_plan(session, volunteer=volunteer, next_review_on=soon, by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.add_goal(session, plan=plan, what="A", measure="B", due_on=soon, by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.close_goal(session, goal=plan.goals[0], to=GoalState.REACHED, by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.review_plan(session, plan=plan, held_on=TODAY, notes="Good", next_review_on=soon, by=by, at=NOW)
    stranger = build.actor(Role.TRAINING_LEAD, slug="turin")
    with pytest.raises(NotVisible):
        operations.add_goal(session, plan=plan, what="A", measure="B", due_on=soon, by=stranger, at=NOW)


@pytest.mark.parametrize("before", list(GoalState))
@pytest.mark.parametrize("after", list(GoalState))
def test_a_goal_moves_only_as_its_lifecycle_allows(
    session: Session, build: Builder, before: GoalState, after: GoalState
) -> None:
    goal = build.plan(build.volunteer(Stage.TRAINING)).goals[0]
    if before is not GoalState.OPEN:
        operations.close_goal(session, goal=goal, to=before, by=build.portal(), at=NOW)
    if GOALS.allows(before, after):
        operations.close_goal(session, goal=goal, to=after, by=build.portal(), at=LATER)
        assert goal.state is after
    else:
        with pytest.raises(ForbiddenMove):
            operations.close_goal(session, goal=goal, to=after, by=build.portal(), at=LATER)
        assert goal.state is before


def test_a_reached_goal_stands_at_the_end_and_takes_no_more_progress(session: Session, build: Builder) -> None:
    goal = build.plan(build.volunteer(Stage.TRAINING)).goals[0]
    operations.close_goal(session, goal=goal, to=GoalState.REACHED, note="Done", by=build.portal(), at=NOW)
    assert goal.progress_percent == 100
    with pytest.raises(operations.GoalClosed):
        operations.note_progress(session, goal=goal, progress_percent=50, note="", by=build.portal(), at=LATER)


def test_two_people_who_edit_one_goal_meet(session: Session, build: Builder) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    goal = build.plan(volunteer).goals[0]
    seen = goal.version
    by = build.portal()
    operations.note_progress(session, goal=goal, progress_percent=50, note="", by=by, at=LATER, version=seen)
    with pytest.raises(StaleEdit):
        operations.note_progress(session, goal=goal, progress_percent=20, note="", by=by, at=LATER, version=seen)
    with pytest.raises(StaleEdit):
        operations.close_goal(session, goal=goal, to=GoalState.DROPPED, by=by, at=LATER, version=seen)


def test_the_same_percent_twice_is_still_a_new_version(session: Session, build: Builder) -> None:
    goal = build.plan(build.volunteer(Stage.TRAINING)).goals[0]
    seen = goal.version
    operations.note_progress(session, goal=goal, progress_percent=0, note="Talked", by=build.portal(), at=LATER)
    assert goal.version == seen + 1


def test_a_review_sets_the_next_one_and_two_at_once_meet(session: Session, build: Builder) -> None:
    plan = build.plan(build.volunteer(Stage.TRAINING))
    seen, by = plan.version, build.portal()
    soon = TODAY + timedelta(days=60)
    operations.review_plan(
        session, plan=plan, held_on=TODAY, notes="Good", next_review_on=soon, by=by, at=LATER, version=seen
    )
    assert plan.next_review_on == soon
    with pytest.raises(StaleEdit):
        operations.review_plan(
            session, plan=plan, held_on=TODAY, notes="Good", next_review_on=soon, by=by, at=LATER, version=seen
        )


@pytest.mark.parametrize(
    ("held", "following", "notes", "field"),
    [
        (1, 90, "Good", "held_on"),
        (-1, 90, "Good", "held_on"),
        (0, 0, "Good", "next_review_on"),
        (0, 90, "  ", "notes"),
    ],
)
def test_a_review_that_cannot_be_is_refused(
    session: Session, build: Builder, held: int, following: int, notes: str, field: str
) -> None:
    plan = build.plan(build.volunteer(Stage.TRAINING))
    with pytest.raises(Refusal) as refused:
        operations.review_plan(
            session,
            plan=plan,
            held_on=TODAY + timedelta(days=held),
            notes=notes,
            next_review_on=TODAY + timedelta(days=following),
            by=build.portal(),
            at=NOW,
        )
    assert refused.value.field == field


def test_the_list_begins_with_whose_review_is_due_first(session: Session, build: Builder) -> None:
    for days, name in ((90, "Late"), (5, "Soon"), (400, "Last")):
        build.plan(build.volunteer(Stage.TRAINING, name=name), next_review_on=TODAY + timedelta(days=days))
    build.plan(build.volunteer(Stage.TRAINING, slug="turin"), slug="turin")
    build.plan(build.volunteer(Stage.LEFT))
    build.volunteer(Stage.TRAINING)
    lead = build.actor(Role.TRAINING_LEAD)
    rows = queries.list_plans(session, lead, TODAY + timedelta(days=6))
    assert [row.volunteer.person.name for row in rows] == ["Soon", "Late", "Last"]
    assert [row.timing for row in rows] == [ReviewTiming.OVERDUE, ReviewTiming.LATER, ReviewTiming.LATER]
    assert queries.count_plans(session, lead) == (3, 1)
    assert queries.list_plans(session, build.actor(Role.MENTOR), TODAY) == []
