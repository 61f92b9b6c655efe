"""What changes hours and development plans."""

from training.operations.hours import (
    LoggedAlready,
    NameTaken,
    NobodyPresent,
    add_course,
    change_course,
    correct_evening,
    log_evening,
    withdraw_evening,
)
from training.operations.plans import (
    GoalClosed,
    PlanExists,
    add_goal,
    begin_plan,
    close_goal,
    note_progress,
    review_plan,
)

__all__ = [
    "GoalClosed",
    "LoggedAlready",
    "NameTaken",
    "NobodyPresent",
    "PlanExists",
    "add_course",
    "add_goal",
    "begin_plan",
    "change_course",
    "close_goal",
    "correct_evening",
    "log_evening",
    "note_progress",
    "review_plan",
    "withdraw_evening",
]
