"""Words for checks and risk."""

from foundation.language import _, name_acts, name_members, name_records
from mentors.rules import (
    CheckKind,
    CheckOutcome,
    DbsLevel,
    Lapse,
    Rosh,
    StepName,
)

name_members(
    {
        CheckKind.FIRST_REFERENCE: _("First reference"),
        CheckKind.SECOND_REFERENCE: _("Second reference"),
        CheckKind.IDENTITY: _("Identity"),
        CheckKind.RIGHT_TO_VOLUNTEER: _("Right to volunteer"),
        CheckKind.DBS: _("DBS check"),
        CheckKind.DRIVING_LICENCE: _("Driving licence"),
        CheckKind.CAR_INSURANCE: _("Car insurance"),
        CheckKind.PRISON_VETTING: _("Prison vetting"),
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
name_members(
    {
        Lapse.LAPSED: _("Ran out"),
        Lapse.IN_30: _("Within 30 days"),
        Lapse.IN_60: _("In 31 to 60 days"),
        Lapse.IN_90: _("In 61 to 90 days"),
    }
)
name_acts(
    {
        "purge_details": _("Let the details of a check go"),
        "remind_of_lapses": _("Wrote that a check runs out"),
        "set_dbs_ceiling": _("Set the highest level of DBS checks"),
        "set_driving": _("Noted whether a volunteer drives people"),
    }
)
name_records({"dbs_ceiling": _("Highest level of DBS checks")})
