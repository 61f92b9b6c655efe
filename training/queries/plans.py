"""Reads of development plans."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from accounts.models import Person
from accounts.policy import Actor
from foundation.errors import NotVisible
from foundation.language import _
from mentors.models import Volunteer
from mentors.rules import Stage
from training.models import Goal, Plan
from training.policy import reviews_plans, sees_plans
from training.rules import TRAINED_STAGES, GoalState, ReviewTiming, review_timing

PLANS_PER_PAGE = 30


@dataclass(frozen=True)
class PlanRow:
    """One plan in the training lead's list.

    Attributes:
        plan: The plan.
        volunteer: Whose, with the person loaded.
        open_goals: Goals that are neither reached nor dropped.
        reached_goals: Goals that are reached.
        timing: How near the next review is.
    """

    plan: Plan
    volunteer: Volunteer
    open_goals: int
    reached_goals: int
    timing: ReviewTiming


def get_planned_volunteer(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    """Get a volunteer whose plan the actor may see.

    Raises:
        NotVisible: There is none.
    """
    statement = (
        select(Volunteer).where(Volunteer.id == volunteer_id, sees_plans(by)).options(joinedload(Volunteer.person))
    )
    volunteer = session.scalars(statement).one_or_none()
    if volunteer is None:
        raise NotVisible(_("There is no such volunteer."))
    return volunteer


def has_plan(session: Session, volunteer_id: uuid.UUID) -> bool:
    """Whether a volunteer has a plan."""
    return session.scalar(select(Plan.id).where(Plan.volunteer_id == volunteer_id)) is not None


def _with_all(by: Actor) -> Select[Plan]:
    """Begin to read plans that the actor may see, with goals, their history, and reviews."""
    return (
        select(Plan)
        .join(Volunteer, Volunteer.id == Plan.volunteer_id)
        .where(sees_plans(by))
        .options(selectinload(Plan.goals).selectinload(Goal.steps), selectinload(Plan.reviews))
    )


def find_plan(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Plan | None:
    """Find the plan of a volunteer with all that belongs to it, in four statements."""
    return session.scalars(_with_all(by).where(Plan.volunteer_id == volunteer_id)).one_or_none()


def get_plan(session: Session, by: Actor, volunteer_id: uuid.UUID) -> Plan:
    """Get the plan of a volunteer with all that belongs to it.

    Raises:
        NotVisible: There is none.
    """
    plan = find_plan(session, by, volunteer_id)
    if plan is None:
        raise NotVisible(_("There is no such plan."))
    return plan


def find_own_plan(session: Session, by: Actor) -> Plan | None:
    """Find the actor's own plan in the scheme they act in."""
    statement = _with_all(by).where(Volunteer.person_id == by.person_id, Volunteer.scheme_id == by.scheme_id)
    return session.scalars(statement).one_or_none()


def get_goal(session: Session, by: Actor, goal_id: uuid.UUID) -> Goal:
    """Get a goal of a plan that the actor may see, with its plan.

    Raises:
        NotVisible: There is none.
    """
    statement = (
        select(Goal)
        .join(Goal.plan)
        .join(Volunteer, Volunteer.id == Plan.volunteer_id)
        .where(Goal.id == goal_id, sees_plans(by))
        .options(contains_eager(Goal.plan))
    )
    goal = session.scalars(statement).one_or_none()
    if goal is None:
        raise NotVisible(_("There is no such goal."))
    return goal


def get_plan_of_goal(session: Session, goal: Goal) -> Plan:
    """Get the plan that a goal belongs to."""
    return session.get_one(Plan, goal.plan_id)


def count_plans(session: Session, by: Actor) -> tuple[int, int]:
    """Count the plans that the actor reviews, and the volunteers in training or later who have none."""
    statement = (
        select(func.count(Plan.id), func.count(Volunteer.id))
        .select_from(Volunteer)
        .outerjoin(Plan, Plan.volunteer_id == Volunteer.id)
        .where(reviews_plans(by), Volunteer.stage.in_(_PLANNED_STAGES))
    )
    plans, volunteers = session.execute(statement).one()
    return plans, volunteers - plans


_PLANNED_STAGES = tuple(stage for stage in TRAINED_STAGES if stage is not Stage.CHECKS)


def list_plans(session: Session, by: Actor, on: date, *, page: int = 1) -> Sequence[PlanRow]:
    """List the plans of volunteers in training or later, by next review due, in one statement."""
    statement = (
        select(Plan, Volunteer, _count_goals(GoalState.OPEN), _count_goals(GoalState.REACHED))
        .join(Volunteer, Volunteer.id == Plan.volunteer_id)
        .join(Volunteer.person)
        .where(reviews_plans(by), Volunteer.stage.in_(_PLANNED_STAGES))
        .options(contains_eager(Volunteer.person))
        .order_by(Plan.next_review_on, Person.name, Plan.id)
        .limit(PLANS_PER_PAGE)
        .offset((page - 1) * PLANS_PER_PAGE)
    )
    return [
        PlanRow(plan, volunteer, unfinished, reached, review_timing(plan.next_review_on, on))
        for plan, volunteer, unfinished, reached in session.execute(statement)
    ]


def _count_goals(state: GoalState) -> ColumnElement[int]:
    """Say in SQL how many goals of a plan are in a state."""
    return select(func.count()).where(Goal.plan_id == Plan.id, Goal.state == state).correlate(Plan).scalar_subquery()
