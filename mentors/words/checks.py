"""Words for checks and risk."""

from foundation.language import _, name_members
from mentors.rules import (
    CheckKind,
    CheckOutcome,
    DbsLevel,
    Rosh,
    StepName,
)

name_members(
    {
        CheckKind.FIRST_REFERENCE: _("First reference"),
        CheckKind.SECOND_REFERENCE: _("Second reference"),
        CheckKind.IDENTITY: _("Identity"),
        CheckKind.DBS: _("DBS check"),
    }
)
name_members(
    {
        CheckOutcome.AWAITED: _("Awaited"),
        CheckOutcome.CLEAR: _("Clear"),
        CheckOutcome.CLEAR_WITH_CONDITIONS: _("Clear with conditions"),
        CheckOutcome.NOT_CLEAR: _("Not clear"),
    }
)
name_members(
    {
        DbsLevel.BASIC: _("Basic"),
        DbsLevel.STANDARD: _("Standard"),
        DbsLevel.ENHANCED: _("Enhanced"),
        DbsLevel.ENHANCED_BARRED: _("Enhanced with barred list"),
    }
)
name_members({Rosh.LOW: _("Low"), Rosh.MEDIUM: _("Medium"), Rosh.HIGH: _("High"), Rosh.VERY_HIGH: _("Very high")})
name_members(
    {
        StepName.APPLICATION: _("Application"),
        StepName.REFERENCES: _("References"),
        StepName.INTERVIEW: _("Interview"),
        StepName.CHECKS: _("Checks"),
        StepName.TRAINING: _("Training"),
        StepName.AGREEMENT: _("Agreement"),
        StepName.FIRST_MATCH: _("First match"),
    }
)
