"""Courses, evenings with who was there, and personal development plans."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation import dictionary
from foundation.db import Base, Choice
from foundation.versions import Versioned
from training.rules import GoalState


class Course(Versioned, Base):
    """A course of a scheme, with what it asks of every mentor."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("scheme_id", "name"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.SETTING)
    name: Mapped[str] = mapped_column(String(120), info=dictionary.SETTING)
    position: Mapped[int] = mapped_column(default=0, info=dictionary.SETTING)
    is_required: Mapped[bool] = mapped_column(default=True, info=dictionary.SETTING)
    required_minutes: Mapped[int] = mapped_column(default=0, info=dictionary.SETTING)
    valid_months: Mapped[int | None] = mapped_column(info=dictionary.SETTING)


class TrainingEvent(Versioned, Base):
    """One evening or day on which a course was taught; one taken back stays as a row and counts nowhere."""

    __tablename__ = "training_event"
    __table_args__ = (Index("ix_training_event_day", "scheme_id", "held_on"),)

    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), info=dictionary.OPERATIONAL)
    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course.id"), info=dictionary.OPERATIONAL)
    held_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    duration_minutes: Mapped[int] = mapped_column(info=dictionary.OPERATIONAL)
    logged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    logged_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    withdrawn_at: Mapped[datetime | None] = mapped_column(info=dictionary.OPERATIONAL)

    course: Mapped[Course] = relationship()
    attendances: Mapped[list["Attendance"]] = relationship(order_by="Attendance.id", back_populates="event")


class Attendance(Base):
    """Whether one volunteer was there, and for how long."""

    __tablename__ = "training_attendance"
    concerns: ClassVar[str] = "volunteer_id"
    __table_args__ = (UniqueConstraint("event_id", "volunteer_id"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training_event.id"), info=dictionary.OPERATIONAL)
    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("volunteer.id"), index=True, info=dictionary.OPERATIONAL)
    is_present: Mapped[bool] = mapped_column(info=dictionary.OPERATIONAL)
    minutes: Mapped[int] = mapped_column(default=0, info=dictionary.OPERATIONAL)

    event: Mapped[TrainingEvent] = relationship(back_populates="attendances")


class Plan(Versioned, Base):
    """The personal development plan (PDP) of one volunteer."""

    __tablename__ = "development_plan"
    concerns: ClassVar[str] = "volunteer_id"

    volunteer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("volunteer.id"), unique=True, info=dictionary.OPERATIONAL
    )
    scheme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scheme.id"), index=True, info=dictionary.OPERATIONAL)
    started_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    next_review_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)

    goals: Mapped[list["Goal"]] = relationship(order_by="Goal.due_on, Goal.id", back_populates="plan")
    reviews: Mapped[list["PlanReview"]] = relationship(
        order_by="PlanReview.held_on.desc(), PlanReview.id", back_populates="plan"
    )


class Goal(Versioned, Base):
    """One thing that a volunteer wants to reach, how it is measured, and by when."""

    __tablename__ = "goal"
    concerns: ClassVar[str] = "plan_id"

    plan_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("development_plan.id"), index=True, info=dictionary.OPERATIONAL
    )
    what: Mapped[str] = mapped_column(String(200), info=dictionary.PROFILE)
    measure: Mapped[str] = mapped_column(String(200), info=dictionary.PROFILE)
    due_on: Mapped[date] = mapped_column(info=dictionary.PROFILE)
    progress_percent: Mapped[int] = mapped_column(default=0, info=dictionary.PROFILE)
    state: Mapped[GoalState] = mapped_column(Choice(GoalState), default=GoalState.OPEN, info=dictionary.OPERATIONAL)

    plan: Mapped[Plan] = relationship(back_populates="goals")
    steps: Mapped[list["GoalStep"]] = relationship(order_by="GoalStep.noted_at, GoalStep.id", back_populates="goal")


class GoalStep(Base):
    """One note of progress towards a goal."""

    __tablename__ = "goal_step"
    concerns: ClassVar[str] = "goal_id"

    goal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("goal.id"), index=True, info=dictionary.OPERATIONAL)
    noted_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    progress_percent: Mapped[int] = mapped_column(info=dictionary.PROFILE)
    note: Mapped[str] = mapped_column(Text, default="", info=dictionary.PROFILE)

    goal: Mapped[Goal] = relationship(back_populates="steps")


class PlanReview(Base):
    """One review of a plan with its volunteer."""

    __tablename__ = "plan_review"
    concerns: ClassVar[str] = "plan_id"

    plan_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("development_plan.id"), index=True, info=dictionary.OPERATIONAL
    )
    held_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    notes: Mapped[str] = mapped_column(Text, info=dictionary.PROFILE)
    next_review_on: Mapped[date] = mapped_column(info=dictionary.OPERATIONAL)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), info=dictionary.OPERATIONAL)
    noted_at: Mapped[datetime] = mapped_column(info=dictionary.OPERATIONAL)

    plan: Mapped[Plan] = relationship(back_populates="reviews")
