"""The words that people read for goals, attendance and reviews."""

from foundation.language import _, name_acts, name_members, name_records
from training.rules import GoalState, Lacking, Presence, ReviewTiming

name_members(
    {
        GoalState.OPEN: _("Open"),
        GoalState.REACHED: _("Reached"),
        GoalState.DROPPED: _("Dropped"),
        Presence.PRESENT: _("Present"),
        Presence.ABSENT: _("Absent"),
        Presence.NOT_EXPECTED: _("Not expected"),
        ReviewTiming.LATER: _("Planned"),
        ReviewTiming.SOON: _("Due"),
        ReviewTiming.OVERDUE: _("Overdue"),
        Lacking.EVERYBODY: _("Everybody"),
        Lacking.LACKS: _("Who lacks something"),
        Lacking.LAPSES: _("Whose course lapses soon"),
    }
)

name_acts(
    {
        "add_course": _("Added a course"),
        "add_goal": _("Added a goal"),
        "begin_plan": _("Began a plan"),
        "change_course": _("Changed a course"),
        "close_goal": _("Closed a goal"),
        "correct_evening": _("Corrected an evening"),
        "log_evening": _("Logged an evening"),
        "note_progress": _("Noted progress"),
        "review_plan": _("Reviewed a plan"),
        "withdraw_evening": _("Withdrew an evening"),
    }
)

name_records(
    {
        "course": _("Course"),
        "training_event": _("Evening"),
        "training_attendance": _("Attendance"),
        "development_plan": _("Development plan"),
        "goal": _("Goal"),
        "goal_step": _("Step towards a goal"),
        "plan_review": _("Review of a plan"),
    }
)
