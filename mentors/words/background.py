"""Words for what volunteers tell of themselves."""

from foundation.language import _, name_members
from mentors.rules import (
    Gender,
    Interest,
    LivedExperience,
    Skill,
)

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
