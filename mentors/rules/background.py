"""What a volunteer tells of themselves, as codes."""

from enum import StrEnum


class Gender(StrEnum):
    """Asked only so that a mentee's stated need can be met; never scored."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "another"
    NOT_SAID = "not said"


class LivedExperience(StrEnum):
    """What a volunteer knows from their own life, if they wish to say so."""

    PRISON = "prison"
    PROBATION = "probation"
    RECOVERY = "recovery"
    HOMELESSNESS = "homelessness"
    CARE = "care"
    MENTAL_HEALTH = "mental health"
    FAMILY_IN_PRISON = "family in prison"
    MIGRATION = "migration"


class Skill(StrEnum):
    """What a volunteer can help with, along the resettlement pathways."""

    HOUSING = "housing"
    WORK = "work"
    LEARNING = "learning"
    MONEY = "money"
    HEALTH = "health"
    RECOVERY_SUPPORT = "recovery support"
    FAMILY = "family"
    DIGITAL = "digital"
    PAPERWORK = "paperwork"


class Interest(StrEnum):
    """What makes half an hour together easier."""

    FOOTBALL = "football"
    FITNESS = "fitness"
    COOKING = "cooking"
    MUSIC = "music"
    ART = "art"
    READING = "reading"
    GARDENING = "gardening"
    GAMES = "games"
    FAITH = "faith"
    CRAFT = "craft"
    WALKING = "walking"
    FILM = "film"


LANGUAGE_CODES = (
    "en",
    "nl",
    "it",
    "ar",
    "cy",
    "de",
    "es",
    "fa",
    "fr",
    "ku",
    "pl",
    "pt",
    "ro",
    "ru",
    "so",
    "sq",
    "ti",
    "tr",
    "uk",
    "ur",
    "zh",
)
"""Languages offered on forms, by ISO 639-1 code; the scheme's own come first."""
