"""Words for what volunteers offer, their breaks and their weeks."""

from foundation.language import _, name_acts, name_members, name_records
from mentors.rules import AlertKind, BreakWhy, CommitmentState, Terms, WeekState

name_members({Terms.USUAL: _("Usual"), Terms.FLEXIBLE: _("Flexible, until a day")})
name_members(
    {
        CommitmentState.ASKED: _("Asked for"),
        CommitmentState.AGREED: _("Agreed"),
        CommitmentState.DECLINED: _("Not agreed"),
    }
)
name_members(
    {
        BreakWhy.HOLIDAY: _("A holiday or a journey"),
        BreakWhy.HEALTH: _("Health"),
        BreakWhy.FAMILY: _("Family or somebody to care for"),
        BreakWhy.WORK: _("Work"),
        BreakWhy.STUDY: _("Study"),
        BreakWhy.OTHER: _("Another reason"),
        BreakWhy.NOT_SAID: _("No reason given"),
    }
)
name_members(
    {
        WeekState.BEFORE: _("Before the start"),
        WeekState.FREE: _("Without a match"),
        WeekState.BREAK: _("On a break"),
        WeekState.SHORT: _("Part of a week"),
        WeekState.RUNNING: _("This week"),
        WeekState.UNDER: _("Under"),
        WeekState.MET: _("Met"),
        WeekState.OVER: _("Over by half"),
    }
)
name_members({AlertKind.UNDER: _("Under the promise for weeks"), AlertKind.OVER: _("Far more than offered")})

name_acts(
    {
        "answer_alert": _("Answered what was told of a mentor's weeks"),
        "answer_commitment": _("Answered a wish for other hours"),
        "ask_commitment": _("Asked for other hours"),
        "end_break": _("Noted the end of a break"),
        "follow_promise": _("Let the record show what is promised now"),
        "look_at_weeks": _("Looked at the weeks of mentors"),
        "set_commitment": _("Set what a volunteer offers"),
        "take_break": _("Noted a break"),
    }
)

name_records(
    {
        "commitment": _("What a volunteer offers"),
        "commitment_alert": _("Word about a mentor's weeks"),
        "commitment_look": _("Look at the weeks of mentors"),
        "volunteer_break": _("Break"),
    }
)
