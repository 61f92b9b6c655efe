"""The words that people read for goals, attendance and reviews."""

from foundation.language import _, name_members
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
