"""Words for the task list."""

from foundation.language import _, name_members
from mentors.rules import (
    Holder,
    StepState,
)

name_members({StepState.DONE: _("Done"), StepState.NOW: _("Now"), StepState.LATER: _("Later")})
name_members(
    {
        Holder.VOLUNTEER: _("The volunteer's move"),
        Holder.CHARITY: _("The charity's move"),
        Holder.BOTH: _("A move for both"),
        Holder.NOBODY: _("Nobody's move"),
    }
)
