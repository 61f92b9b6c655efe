"""Pages about development plans."""

import uuid
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from accounts.queries import names_of
from accounts.rules import Permission
from accounts.signing import current_actor
from foundation import clock
from foundation.access import requires
from foundation.db import reading
from foundation.fields import choices_of
from foundation.language import _
from foundation.submissions import once
from training import operations, queries
from training.forms import BeginPlanForm, GoalForm, GoalStateForm, ProgressForm, ReviewForm
from training.models import Goal, Plan
from training.rules import GOALS, USUAL_REVIEW_MONTHS, GoalState, add_months, review_timing
from training.views.hours import Answer, blueprint


def _today() -> date:
    """Tell which day it is in the scheme."""
    return clock.today(current_actor().time_zone)


def _usual_review() -> date:
    """Suggest the day of a next review."""
    return add_months(_today(), USUAL_REVIEW_MONTHS)


@blueprint.get("/training/plans")
@requires(Permission.PLANS_REVIEW)
def plans() -> Answer:
    """Show training leads and coordinators whose plan is to be reviewed next."""
    session, by = reading(), current_actor()
    planned, without = queries.count_plans(session, by)
    pages = max(1, -(-planned // queries.PLANS_PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    rows = queries.list_plans(session, by, _today(), page=page)
    return render_template(
        "training/plans.html", rows=rows, page_number=page, pages=pages, planned=planned, without=without
    )


@blueprint.get("/volunteers/<uuid:volunteer_id>/plan")
@requires(Permission.PLANS_REVIEW)
def plan(volunteer_id: uuid.UUID) -> Answer:
    """Show training leads and coordinators a volunteer's plan, or the way to begin one."""
    return _plan_page(volunteer_id, BeginPlanForm(data={"next_review_on": _usual_review()}))


def _plan_page(volunteer_id: uuid.UUID, form: BeginPlanForm) -> str:
    """Draw the page of a volunteer's plan."""
    session, by = reading(), current_actor()
    volunteer = queries.get_planned_volunteer(session, by, volunteer_id)
    found = queries.find_plan(session, by, volunteer_id)
    return render_template("training/plan.html", volunteer=volunteer, form=form, **_parts(found))


def _parts(found: Plan | None) -> dict[str, Any]:
    """Read what every page about a plan shows."""
    if found is None:
        return {"plan": None}
    authors = {step.by_id for goal in found.goals for step in goal.steps} | {row.by_id for row in found.reviews}
    return {
        "plan": found,
        "today": _today(),
        "timing": review_timing(found.next_review_on, _today()),
        "names": names_of(reading(), {author for author in authors if author}),
    }


@blueprint.post("/volunteers/<uuid:volunteer_id>/plan")
@requires(Permission.PLANS_REVIEW)
def plan_post(volunteer_id: uuid.UUID) -> Answer:
    """Begin a volunteer's plan."""
    form = BeginPlanForm()
    here = url_for("training.plan", volunteer_id=volunteer_id)
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = here
            volunteer = queries.get_planned_volunteer(session, current_actor(), volunteer_id)
            operations.begin_plan(
                session,
                volunteer=volunteer,
                next_review_on=form.next_review_on.data,
                by=current_actor(),
                at=clock.now(),
            )
        if not form.errors:
            flash(str(_("The plan has begun. Add the first goal.")))
            return redirect(here, code=303)
    return _plan_page(volunteer_id, form), 422


@blueprint.get("/volunteers/<uuid:volunteer_id>/plan/goals/new")
@requires(Permission.PLANS_REVIEW)
def add_goal(volunteer_id: uuid.UUID) -> Answer:
    """Show training leads the form for a new goal."""
    return _goal_page(volunteer_id, GoalForm())


def _goal_page(volunteer_id: uuid.UUID, form: GoalForm) -> str:
    """Draw the form for a new goal."""
    session, by = reading(), current_actor()
    queries.get_plan(session, by, volunteer_id)
    volunteer = queries.get_planned_volunteer(session, by, volunteer_id)
    return render_template("training/add_goal.html", form=form, volunteer=volunteer)


@blueprint.post("/volunteers/<uuid:volunteer_id>/plan/goals/new")
@requires(Permission.PLANS_REVIEW)
def add_goal_post(volunteer_id: uuid.UUID) -> Answer:
    """Add a goal."""
    form = GoalForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("training.plan", volunteer_id=volunteer_id)
            operations.add_goal(
                session,
                plan=queries.get_plan(session, current_actor(), volunteer_id),
                what=form.what.data,
                measure=form.measure.data,
                due_on=form.due_on.data,
                by=current_actor(),
                at=clock.now(),
            )
        if not form.errors:
            flash(str(_("The goal has been added.")))
            return redirect(url_for("training.plan", volunteer_id=volunteer_id), code=303)
    return _goal_page(volunteer_id, form), 422


@blueprint.get("/plan-goals/<uuid:goal_id>/progress")
@requires(Permission.PLANS_REVIEW, Permission.OWN_RECORD_READ)
def note_progress(goal_id: uuid.UUID) -> Answer:
    """Show training leads, and the volunteer whose goal it is, the form to note progress."""
    goal = queries.get_goal(reading(), current_actor(), goal_id)
    form = ProgressForm(data={"progress_percent": goal.progress_percent})
    form.version.data = str(goal.version)
    return render_template("training/note_progress.html", form=form, goal=goal, back=_plan_of(goal))


def _plan_of(goal: Goal) -> str:
    """Give the page of the plan that the reader may open: their own, or as staff the volunteer's."""
    if current_actor().may(Permission.PLANS_REVIEW):
        return url_for("training.plan", volunteer_id=goal.plan.volunteer_id)
    return url_for("training.my_plan")


@blueprint.post("/plan-goals/<uuid:goal_id>/progress")
@requires(Permission.PLANS_REVIEW, Permission.OWN_RECORD_READ)
def note_progress_post(goal_id: uuid.UUID) -> Answer:
    """Note progress on a goal."""
    form = ProgressForm()
    goal = queries.get_goal(reading(), current_actor(), goal_id)
    back = _plan_of(goal)
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = back
            operations.note_progress(
                session,
                goal=queries.get_goal(session, current_actor(), goal_id),
                progress_percent=form.progress_percent.data,
                note=form.note.data or "",
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            flash(str(_("The progress has been noted.")))
            return redirect(back, code=303)
    goal = queries.get_goal(reading(), current_actor(), goal_id)
    return render_template("training/note_progress.html", form=form, goal=goal, back=back), 422


@blueprint.get("/plan-goals/<uuid:goal_id>/state")
@requires(Permission.PLANS_REVIEW)
def close_goal(goal_id: uuid.UUID) -> Answer:
    """Let training leads close a goal as reached or dropped, or open it again."""
    goal = queries.get_goal(reading(), current_actor(), goal_id)
    form = _state_form(goal)
    form.version.data = str(goal.version)
    return render_template("training/close_goal.html", form=form, goal=goal, back=_plan_of(goal))


def _state_form(goal: Goal | None = None) -> GoalStateForm:
    """Offer the moves that a goal may make; where there is but one it is chosen already.

    What is sent may name any state: whether the goal can still move there is for the operation to say.
    """
    form = GoalStateForm()
    moves = GOALS.moves[goal.state] if goal else tuple(GoalState)
    form.offer(choices_of(moves))
    if goal and len(moves) == 1:
        form.to.data = moves[0].value
    return form


@blueprint.post("/plan-goals/<uuid:goal_id>/state")
@requires(Permission.PLANS_REVIEW)
def close_goal_post(goal_id: uuid.UUID) -> Answer:
    """Move a goal on."""
    form = _state_form()
    back = _plan_of(queries.get_goal(reading(), current_actor(), goal_id))
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = back
            operations.close_goal(
                session,
                goal=queries.get_goal(session, current_actor(), goal_id),
                to=form.state,
                note=form.note.data or "",
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            flash(str(_("The goal has been moved.")))
            return redirect(back, code=303)
    goal = queries.get_goal(reading(), current_actor(), goal_id)
    form.offer(choices_of(GOALS.moves[goal.state]))
    return render_template("training/close_goal.html", form=form, goal=goal, back=back), 422


@blueprint.get("/volunteers/<uuid:volunteer_id>/plan/reviews/new")
@requires(Permission.PLANS_REVIEW)
def review_plan(volunteer_id: uuid.UUID) -> Answer:
    """Show training leads the form for a review, with the goals beside it."""
    form = ReviewForm(data={"held_on": _today(), "next_review_on": _usual_review()})
    found = queries.get_plan(reading(), current_actor(), volunteer_id)
    form.version.data = str(found.version)
    return _review_page(volunteer_id, form, found)


def _review_page(volunteer_id: uuid.UUID, form: ReviewForm, found: Plan) -> str:
    """Draw the form for a review."""
    volunteer = queries.get_planned_volunteer(reading(), current_actor(), volunteer_id)
    return render_template("training/review_plan.html", form=form, volunteer=volunteer, **_parts(found))


@blueprint.post("/volunteers/<uuid:volunteer_id>/plan/reviews/new")
@requires(Permission.PLANS_REVIEW)
def review_plan_post(volunteer_id: uuid.UUID) -> Answer:
    """Note a review of a plan."""
    form = ReviewForm()
    here = url_for("training.plan", volunteer_id=volunteer_id)
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = here
            operations.review_plan(
                session,
                plan=queries.get_plan(session, current_actor(), volunteer_id),
                held_on=form.held_on.data,
                notes=form.notes.data,
                next_review_on=form.next_review_on.data,
                by=current_actor(),
                at=clock.now(),
                version=form.seen_version,
            )
        if not form.errors:
            flash(str(_("The review has been noted.")))
            return redirect(here, code=303)
    return _review_page(volunteer_id, form, queries.get_plan(reading(), current_actor(), volunteer_id)), 422


@blueprint.get("/my-plan")
@requires(Permission.OWN_RECORD_READ)
def my_plan() -> Answer:
    """Show volunteers their own plan, where they note progress themselves."""
    return render_template("training/my_plan.html", **_parts(queries.find_own_plan(reading(), current_actor())))
