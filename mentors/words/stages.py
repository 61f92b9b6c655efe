"""Words for the stages."""

from foundation.language import _, name_members
from mentors.rules import (
    Stage,
)

name_members(
    {
        Stage.APPLIED: _("Applied"),
        Stage.SCREENING: _("Screening"),
        Stage.INTERVIEW: _("Interview"),
        Stage.CHECKS: _("Checks"),
        Stage.TRAINING: _("Training"),
        Stage.READY: _("Ready"),
        Stage.ON_A_BREAK: _("On a break"),
        Stage.LEFT: _("Left"),
        Stage.NOT_NOW: _("Not now"),
    }
)
