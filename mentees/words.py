"""The words that people read for stages, settings, risk, needs and wishes of people referred."""

from collections.abc import Mapping

from foundation.language import _, name_acts, name_members, name_records
from mentees.rules import (
    CaseStage,
    Interest,
    NeedBand,
    Pathway,
    RiskGroup,
    RiskLevel,
    Setting,
    StatedGender,
    WantedExperience,
)

name_members(
    {
        CaseStage.REFERRED: _("Waiting for a decision"),
        CaseStage.WAITING: _("Waiting for a mentor"),
        CaseStage.MATCHED: _("Has a mentor"),
        CaseStage.CLOSED: _("Closed"),
        CaseStage.NOT_TAKEN: _("Not taken on"),
    }
)
name_members({Setting.CUSTODY: _("In custody"), Setting.COMMUNITY: _("In the community")})
name_members(
    {
        RiskGroup.CHILDREN: _("Children"),
        RiskGroup.PUBLIC: _("The public"),
        RiskGroup.KNOWN_ADULT: _("A known adult"),
        RiskGroup.STAFF: _("Staff"),
        RiskGroup.PRISONERS: _("Prisoners"),
    }
)
name_members(
    {
        RiskLevel.LOW: _("Low"),
        RiskLevel.MEDIUM: _("Medium"),
        RiskLevel.HIGH: _("High"),
        RiskLevel.VERY_HIGH: _("Very high"),
    }
)
name_members({NeedBand.USUAL: _("Usual need"), NeedBand.HIGHEST: _("Highest need")})
name_members(
    {
        Pathway.ACCOMMODATION: _("Accommodation"),
        Pathway.ATTITUDES: _("Attitudes, thinking and behaviour"),
        Pathway.FAMILIES: _("Children, families and communities"),
        Pathway.DRUGS_AND_ALCOHOL: _("Drugs and alcohol"),
        Pathway.EDUCATION_AND_WORK: _("Education, skills and work"),
        Pathway.FINANCE: _("Finance and ID"),
        Pathway.HEALTH: _("Health"),
    }
)
name_members({StatedGender.WOMAN: _("A woman"), StatedGender.MAN: _("A man")})
name_members(
    {
        WantedExperience.PRISON: _("Prison"),
        WantedExperience.PROBATION: _("Probation"),
        WantedExperience.RECOVERY: _("Recovery from drugs or alcohol"),
        WantedExperience.HOMELESSNESS: _("Homelessness"),
        WantedExperience.CARE: _("Growing up in care"),
        WantedExperience.MENTAL_HEALTH: _("Mental health difficulties"),
        WantedExperience.FAMILY_IN_PRISON: _("A family member in prison"),
        WantedExperience.MIGRATION: _("Moving to a new country"),
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
        Interest.CRAFT: _("Craft"),
        Interest.WALKING: _("Walking"),
        Interest.FILM: _("Film"),
    }
)

MOVE_WORDS: Mapping[tuple[CaseStage, CaseStage], object] = {
    (CaseStage.REFERRED, CaseStage.WAITING): _("Take them on"),
    (CaseStage.REFERRED, CaseStage.NOT_TAKEN): _("Do not take them on"),
    (CaseStage.WAITING, CaseStage.CLOSED): _("Close the case"),
    (CaseStage.CLOSED, CaseStage.WAITING): _("Reopen the case; they wait for a mentor again"),
    (CaseStage.NOT_TAKEN, CaseStage.REFERRED): _("Look at the referral again"),
}
"""What staff can decide on a person's page, by the stage before and after."""

MOVE_TITLES: Mapping[CaseStage, object] = {
    CaseStage.REFERRED: _("Decide on the referral"),
    CaseStage.WAITING: _("Close the case"),
    CaseStage.CLOSED: _("Reopen the case"),
    CaseStage.NOT_TAKEN: _("Look at the referral again"),
}
"""What the page with that decision is called."""

NEXT_STEPS: Mapping[CaseStage, object] = {
    CaseStage.REFERRED: _("A coordinator decides whether to take them on."),
    CaseStage.WAITING: _("A coordinator runs a matching round and decides on the mentor it proposes."),
    CaseStage.MATCHED: _("The mentor and the person meet. To close the case, end the match first."),
    CaseStage.CLOSED: _("Nothing is due. A coordinator may reopen the case."),
    CaseStage.NOT_TAKEN: _("Nothing is due. A coordinator may look at the referral again."),
}
"""What happens next, and who holds it, as staff read it."""

ANSWERS: Mapping[CaseStage, object] = {
    CaseStage.REFERRED: _("We have not decided yet. A coordinator reads the referral and writes to you."),
    CaseStage.WAITING: _("We have taken them on. A coordinator is looking for a mentor who suits them."),
    CaseStage.MATCHED: _("We have taken them on, and they have a mentor."),
    CaseStage.CLOSED: _("The mentoring has come to its end. Nothing is due from you."),
    CaseStage.NOT_TAKEN: _("We could not take them on. Ask the coordinator if you would like to know more."),
}
"""What was decided and what happens next, as the officer who referred somebody reads it."""

STAGE_COLOURS: Mapping[CaseStage, str] = {
    CaseStage.REFERRED: "yellow",
    CaseStage.WAITING: "light-blue",
    CaseStage.MATCHED: "green",
    CaseStage.CLOSED: "grey",
    CaseStage.NOT_TAKEN: "grey",
}

RISK_COLOURS: Mapping[int, str] = {
    RiskLevel.LOW: "green",
    RiskLevel.MEDIUM: "yellow",
    RiskLevel.HIGH: "orange",
    RiskLevel.VERY_HIGH: "red",
}
"""Colours only repeat what the words say."""

name_acts(
    {
        "add_contact_ban": _("Added a person they must not contact"),
        "add_exclusion_area": _("Added an area they must not enter"),
        "assess_risk": _("Entered an assessment of risk"),
        "change_whereabouts": _("Changed where they are"),
        "move_case": _("Moved a case on"),
        "refer": _("Referred a person"),
        "remove_contact_ban": _("Removed a person they must not contact"),
        "remove_exclusion_area": _("Removed an area they must not enter"),
    }
)

name_records(
    {
        "mentee": _("Person mentored"),
        "risk_of_harm": _("Assessment of risk"),
        "exclusion_area": _("Exclusion area"),
        "contact_ban": _("Contact ban"),
        "case_move": _("Step of a case"),
    }
)
