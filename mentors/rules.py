"""What is asked of a volunteer, the stages on the way to being a mentor, and the checks."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from foundation.lifecycle import Lifecycle

LEAST_HOURS_PER_WEEK = 3
MOST_HOURS_PER_WEEK = 10
USUAL_HOURS_PER_WEEK = 4
LEAST_MONTHS = 12
MOST_MONTHS = 60
YOUNGEST_AGE = 18
"""**Source:** programme reports, 2014: 3 to 4 hours a week for 12 months, told at the outset and asked again later."""


class Stage(StrEnum):
    """Where a volunteer is on the way."""

    APPLIED = "applied"
    SCREENING = "screening"
    INTERVIEW = "interview"
    CHECKS = "checks"
    TRAINING = "training"
    READY = "ready"
    ON_A_BREAK = "on a break"
    LEFT = "left"
    NOT_NOW = "not now"


PIPELINE = (Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEW, Stage.CHECKS, Stage.TRAINING, Stage.READY)
"""The stages that lead to being a mentor, in order."""

STAGES = Lifecycle(
    "Volunteer",
    Stage.APPLIED,
    {
        Stage.APPLIED: (Stage.SCREENING, Stage.NOT_NOW, Stage.LEFT),
        Stage.SCREENING: (Stage.INTERVIEW, Stage.NOT_NOW, Stage.LEFT),
        Stage.INTERVIEW: (Stage.CHECKS, Stage.NOT_NOW, Stage.LEFT),
        Stage.CHECKS: (Stage.TRAINING, Stage.NOT_NOW, Stage.LEFT),
        Stage.TRAINING: (Stage.READY, Stage.ON_A_BREAK, Stage.NOT_NOW, Stage.LEFT),
        Stage.READY: (Stage.ON_A_BREAK, Stage.TRAINING, Stage.LEFT),
        Stage.ON_A_BREAK: (Stage.TRAINING, Stage.READY, Stage.LEFT),
        # “Not at this time” is never a dead end: the volunteer is asked again and goes on where it is right.
        Stage.NOT_NOW: (Stage.APPLIED, Stage.SCREENING, Stage.LEFT),
        Stage.LEFT: (Stage.SCREENING,),
    },
)


class CheckKind(StrEnum):
    """What is checked before somebody may meet a person."""

    FIRST_REFERENCE = "first reference"
    SECOND_REFERENCE = "second reference"
    IDENTITY = "identity"
    DBS = "dbs"


class CheckOutcome(StrEnum):
    """How a check stands."""

    AWAITED = "awaited"
    CLEAR = "clear"
    CLEAR_WITH_CONDITIONS = "clear with conditions"
    NOT_CLEAR = "not clear"


PASSED = frozenset({CheckOutcome.CLEAR, CheckOutcome.CLEAR_WITH_CONDITIONS})


class DbsLevel(StrEnum):
    """Level of a criminal record check; asking for more than the role allows is unlawful."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced with barred list"


class Rosh(IntEnum):
    """Risk of serious harm, as probation gives it; also the highest level that a mentor is cleared for."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    VERY_HIGH = 3


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


LANGUAGE_CODES = ("en", "nl", "it", "ar", "cy", "de", "es", "fa", "fr", "ku", "pl", "pt", "ro", "ru", "so", "sq", "ti", "tr", "uk", "ur", "zh")
"""Languages offered on forms, by ISO 639-1 code; the scheme's own come first."""

ROSH_BY_WORD: Mapping[str, Rosh] = {
    "low": Rosh.LOW,
    "medium": Rosh.MEDIUM,
    "high": Rosh.HIGH,
    "very high": Rosh.VERY_HIGH,
}


def can_promise(hours_per_week: int, months: int) -> bool:
    """Tell whether somebody can give what mentoring asks; if not, the answer is “not at this time”."""
    return hours_per_week >= LEAST_HOURS_PER_WEEK and months >= LEAST_MONTHS
