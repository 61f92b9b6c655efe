"""The words that people read for stages, checks, background and steps."""

from foundation.language import _, name_acts, name_members, name_records
from mentors.rules import (
    CheckKind,
    CheckOutcome,
    DbsLevel,
    Gender,
    Holder,
    Interest,
    LivedExperience,
    Rosh,
    Skill,
    Stage,
    StepName,
    StepState,
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
        Gender.WOMAN: _("Woman"),
        Gender.MAN: _("Man"),
        Gender.OTHER: _("In another way"),
        Gender.NOT_SAID: _("I prefer not to say"),
    }
)
name_members(
    {
        LivedExperience.PRISON: _("Having been in prison"),
        LivedExperience.PROBATION: _("Having been on probation"),
        LivedExperience.RECOVERY: _("Recovery from alcohol or drugs"),
        LivedExperience.HOMELESSNESS: _("Having had no home"),
        LivedExperience.CARE: _("Growing up in care"),
        LivedExperience.MENTAL_HEALTH: _("Living with poor mental health"),
        LivedExperience.FAMILY_IN_PRISON: _("Somebody close to me being in prison"),
        LivedExperience.MIGRATION: _("Starting again in a new country"),
    }
)
name_members(
    {
        Skill.HOUSING: _("Finding a home"),
        Skill.WORK: _("Finding work"),
        Skill.LEARNING: _("Learning, reading and writing"),
        Skill.MONEY: _("Money and debts"),
        Skill.HEALTH: _("Looking after health"),
        Skill.RECOVERY_SUPPORT: _("Staying off alcohol or drugs"),
        Skill.FAMILY: _("Family and relationships"),
        Skill.DIGITAL: _("Phones and computers"),
        Skill.PAPERWORK: _("Forms and letters"),
    }
)
name_members(
    {
        Interest.FOOTBALL: _("Football"),
        Interest.FITNESS: _("Fitness"),
        Interest.COOKING: _("Cooking"),
        Interest.MUSIC: _("Music"),
        Interest.ART: _("Art"),
        Interest.READING: _("Reading"),
        Interest.GARDENING: _("Gardening"),
        Interest.GAMES: _("Games"),
        Interest.FAITH: _("Faith"),
        Interest.CRAFT: _("Making things by hand"),
        Interest.WALKING: _("Walking"),
        Interest.FILM: _("Film"),
    }
)
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
name_members({StepState.DONE: _("Done"), StepState.NOW: _("Now"), StepState.LATER: _("Later")})
name_members(
    {
        Holder.VOLUNTEER: _("The volunteer's move"),
        Holder.CHARITY: _("The charity's move"),
        Holder.BOTH: _("A move for both"),
        Holder.NOBODY: _("Nobody's move"),
    }
)

name_acts(
    {
        "accept_as_same": _("Accepted as the same person"),
        "apply": _("Applied as a volunteer"),
        "ask_again_due": _("Was due to be asked again"),
        "ask_later": _("Asked to be asked later"),
        "begin_draft": _("Began an application"),
        "clear_for_risk": _("Cleared a volunteer for a level of risk"),
        "keep_answers": _("Kept answers of an application"),
        "move_volunteer": _("Moved a volunteer on"),
        "record_check": _("Recorded a check"),
        "send_draft": _("Sent an application"),
        "set_capacity": _("Set how many people a volunteer mentors"),
    }
)

name_records(
    {
        "volunteer": _("Volunteer"),
        "stage_move": _("Step of a volunteer"),
        "volunteer_check": _("Check"),
        "application_draft": _("Application begun"),
        "ask_again": _("Wish to be asked again"),
    }
)
