"""What changes development plans: they are begun, pursued goal by goal, and reviewed."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.policy import Actor, require, require_scheme
from accounts.rules import Permission
from foundation import audit
from foundation.clock import day_of
from foundation.errors import Conflict, NotVisible, Refusal
from foundation.language import _
from foundation.versions import require_version
from mentors.models import Volunteer
from training import policy, queries
from training.models import Goal, GoalStep, Plan, PlanReview
from training.rules import GOALS, WHOLE_PERCENT, GoalState


class PlanExists(Conflict):
    """Somebody began this volunteer's plan a moment before."""


class GoalClosed(Refusal):
    """The goal is reached or dropped, and so nothing moves on it."""


def begin_plan(session: Session, *, volunteer: Volunteer, next_review_on: date, by: Actor, at: datetime) -> Plan:
    """Begin the development plan of a volunteer.

    Raises:
        PlanExists: They have one.
        Refusal: The review is not in the future.
    """
    _require_reviewer(by, volunteer.scheme_id)
    today = day_of(at, by.time_zone)
    _check_next_review(next_review_on, today)
    # Two people who begin it at once queue at the volunteer's row, and the second is told.
    session.execute(select(Volunteer.id).where(Volunteer.id == volunteer.id).with_for_update())
    if queries.has_plan(session, volunteer.id):
        raise PlanExists(_("Somebody has begun this plan already. Open it and add to it."))
    plan = Plan(
        volunteer_id=volunteer.id,
        scheme_id=volunteer.scheme_id,
        started_on=today,
        next_review_on=next_review_on,
        changed_at=at,
        changed_by_id=by.person_id,
    )
    session.add(plan)
    audit.record(session, by=by, at=at, verb="begin_plan", subject=plan)
    session.flush()
    return plan


def add_goal(session: Session, *, plan: Plan, what: str, measure: str, due_on: date, by: Actor, at: datetime) -> Goal:
    """Add a goal with how it is measured and by when.

    Raises:
        Refusal: A text is missing, or the day is in the past.
    """
    _require_reviewer(by, plan.scheme_id)
    if due_on < day_of(at, by.time_zone):
        raise Refusal(_("The date must be today or in the future"), field="due_on")
    goal = Goal(
        plan_id=plan.id,
        what=_text(what, "what"),
        measure=_text(measure, "measure"),
        due_on=due_on,
        changed_at=at,
        changed_by_id=by.person_id,
    )
    session.add(goal)
    audit.record(session, by=by, at=at, verb="add_goal", subject=goal)
    session.flush()
    return goal


def note_progress(
    session: Session,
    *,
    goal: Goal,
    progress_percent: int,
    note: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> GoalStep:
    """Note how far a goal is; the volunteer themself may do so too.

    Raises:
        GoalClosed: The goal is reached or dropped.
        StaleEdit: Somebody saved it in between.
        NotVisible: It is another person's goal.
    """
    _require_pursuer(session, goal, by)
    require_version(goal, version)
    if goal.state is not GoalState.OPEN:
        raise GoalClosed(_("This goal is closed. Open it again to note progress."))
    if not 0 <= progress_percent <= WHOLE_PERCENT:
        raise Refusal(_("Enter a whole number from %(least)s to %(most)s", least=0, most=100), field="progress_percent")
    _move(session, goal, progress_percent, by=by, at=at, verb="note_progress")
    return _add_step(session, goal, note.strip(), by=by, at=at, verb="note_progress")


def close_goal(
    session: Session,
    *,
    goal: Goal,
    to: GoalState,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> None:
    """Close a goal as reached or dropped, or open it again.

    A goal that is reached stands at 100 %; one that is dropped or opened again stays where it was.

    Raises:
        ForbiddenMove: The goal is in that state already.
        StaleEdit: Somebody saved it in between.
    """
    _require_reviewer(by, queries.get_plan_of_goal(session, goal).scheme_id)
    require_version(goal, version)
    GOALS.check(goal.state, to)
    goal.state = to
    percent = WHOLE_PERCENT if to is GoalState.REACHED else goal.progress_percent
    _move(session, goal, percent, by=by, at=at, verb="close_goal")
    _add_step(session, goal, note.strip(), by=by, at=at, verb="close_goal")


def review_plan(
    session: Session,
    *,
    plan: Plan,
    held_on: date,
    notes: str,
    next_review_on: date,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> PlanReview:
    """Note a review of a plan with its volunteer, and when the next one is.

    Raises:
        StaleEdit: Somebody saved the plan in between.
        Refusal: A day that cannot be, or no notes.
    """
    _require_reviewer(by, plan.scheme_id)
    require_version(plan, version)
    today = day_of(at, by.time_zone)
    if held_on > today:
        raise Refusal(_("The date must be today or in the past"), field="held_on")
    if held_on < plan.started_on:
        raise Refusal(_("The review cannot be before the plan began"), field="held_on")
    _check_next_review(next_review_on, today)
    review = PlanReview(
        plan_id=plan.id,
        held_on=held_on,
        notes=_text(notes, "notes"),
        next_review_on=next_review_on,
        by_id=by.person_id,
        noted_at=at,
    )
    plan.next_review_on = next_review_on
    plan.changed_at, plan.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb="review_plan", subject=plan)
    session.add(review)
    audit.record(session, by=by, at=at, verb="review_plan", subject=review)
    session.flush()
    return review


def _require_reviewer(by: Actor, scheme_id: uuid.UUID) -> None:
    """Refuse whoever does not review plans in this scheme."""
    require(by, Permission.PLANS_REVIEW)
    require_scheme(by, scheme_id)


def _require_pursuer(session: Session, goal: Goal, by: Actor) -> None:
    """Refuse whoever neither reviews plans here nor is the volunteer whose goal it is."""
    plan = queries.get_plan_of_goal(session, goal)
    if not policy.may_note_progress(by, session.get_one(Volunteer, plan.volunteer_id)):
        raise NotVisible(_("There is no such record."))


def _check_next_review(next_review_on: date, today: date) -> None:
    """Refuse a next review that would be overdue at once."""
    if next_review_on <= today:
        raise Refusal(_("The next review must be in the future"), field="next_review_on")


def _text(text: str, field: str) -> str:
    """Trim a text that must not be empty."""
    if not text.strip():
        raise Refusal(_("Write a few words here"), field=field)
    return text.strip()


def _move(session: Session, goal: Goal, percent: int, *, by: Actor, at: datetime, verb: str) -> None:
    """Set how far a goal is and write it down."""
    goal.progress_percent = percent
    goal.changed_at, goal.changed_by_id = at, by.person_id
    audit.record(session, by=by, at=at, verb=verb, subject=goal)


def _add_step(session: Session, goal: Goal, note: str, *, by: Actor, at: datetime, verb: str) -> GoalStep:
    """Add to the history of a goal where it stands now."""
    step = GoalStep(goal_id=goal.id, noted_at=at, by_id=by.person_id, progress_percent=goal.progress_percent, note=note)
    session.add(step)
    audit.record(session, by=by, at=at, verb=verb, subject=step)
    session.flush()
    return step
