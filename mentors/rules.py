"""What is asked of a volunteer, the stages on the way to being a mentor, and the checks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol
from uuid import UUID

from foundation.lifecycle import Lifecycle

LEAST_HOURS_PER_WEEK = 3
MOST_HOURS_PER_WEEK = 10
USUAL_HOURS_PER_WEEK = 4
LEAST_MONTHS = 12
MOST_MONTHS = 60
YOUNGEST_AGE = 18
MOST_TRAVEL_KM = 200
MOST_PLACES = 5
LONGEST_PAUSE_YEARS = 3
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

ROSH_BY_WORD: Mapping[str, Rosh] = {
    "low": Rosh.LOW,
    "medium": Rosh.MEDIUM,
    "high": Rosh.HIGH,
    "very high": Rosh.VERY_HIGH,
}


def can_promise(hours_per_week: int, months: int) -> bool:
    """Tell whether somebody can give what mentoring asks; if not, the answer is “not at this time”."""
    return hours_per_week >= LEAST_HOURS_PER_WEEK and months >= LEAST_MONTHS


@dataclass(frozen=True)
class Application:
    """What somebody tells who would like to mentor.

    Attributes:
        area: A British postcode or the name of a town.
        travel_km: How far they would go to meet somebody.
        slots: Their week as ``WeekField`` keeps it: bit ``day * 3 + part``, Monday is day 0.
        hours_per_week: Hours they can give each week.
        months: For how many months.
        languages: Of ``LANGUAGE_CODES``.
        why: In their own words.
    """

    name: str
    email: str
    phone: str = ""
    area: str = ""
    travel_km: int = 15
    slots: int = 0
    hours_per_week: int = USUAL_HOURS_PER_WEEK
    months: int = LEAST_MONTHS
    languages: tuple[str, ...] = ()
    lived_experience: tuple[LivedExperience, ...] = ()
    skills: tuple[Skill, ...] = ()
    interests: tuple[Interest, ...] = ()
    gender: Gender = Gender.NOT_SAID
    why: str = ""


@dataclass(frozen=True)
class StageMoved:
    """A volunteer has gone from one stage to another; told after the row was changed, in the same transaction.

    Attributes:
        by: The ``accounts.policy.Actor`` who moved them, whose type rules may not know.
        base_url: Address of the portal, for letters that follow; empty where none is to be written.
    """

    volunteer_id: UUID
    before: Stage
    after: Stage
    at: datetime
    by: Any = field(compare=False)
    base_url: str = field(default="", compare=False)


class HasOutcome(Protocol):
    """A check, as far as these rules look at it."""

    @property
    def kind(self) -> CheckKind:
        """What was checked."""

    @property
    def outcome(self) -> CheckOutcome:
        """How it stands."""

    @property
    def expires_on(self) -> date | None:
        """The first day on which it no longer counts; None if it always does."""


def passed_checks(checks: Iterable[HasOutcome], on: date) -> frozenset[CheckKind]:
    """Tell which checks are passed and still count on a day."""
    return frozenset(
        check.kind
        for check in checks
        if check.outcome in PASSED and (check.expires_on is None or check.expires_on > on)
    )


def missing_checks(checks: Iterable[HasOutcome], on: date) -> tuple[CheckKind, ...]:
    """Tell which checks are not passed or have run out on a day, in the order of ``CheckKind``."""
    passed = passed_checks(checks, on)
    return tuple(kind for kind in CheckKind if kind not in passed)


class StepName(StrEnum):
    """One step of a volunteer on the way to the first match."""

    APPLICATION = "step application"
    REFERENCES = "step references"
    INTERVIEW = "step interview"
    CHECKS = "step checks"
    TRAINING = "step training"
    AGREEMENT = "step agreement"
    FIRST_MATCH = "step first match"


class StepState(StrEnum):
    """How a step stands."""

    DONE = "step done"
    NOW = "step now"
    LATER = "step later"


class Holder(StrEnum):
    """Whose move it is."""

    VOLUNTEER = "held by the volunteer"
    CHARITY = "held by the charity"
    BOTH = "held by both"
    NOBODY = "held by nobody"


@dataclass(frozen=True)
class Step:
    """One line of a volunteer's task list."""

    name: StepName
    state: StepState
    holder: Holder


_STEPS: Mapping[StepName, tuple[Stage, Holder]] = {
    StepName.APPLICATION: (Stage.APPLIED, Holder.CHARITY),
    StepName.REFERENCES: (Stage.SCREENING, Holder.BOTH),
    StepName.INTERVIEW: (Stage.INTERVIEW, Holder.BOTH),
    StepName.CHECKS: (Stage.CHECKS, Holder.BOTH),
    StepName.TRAINING: (Stage.TRAINING, Holder.VOLUNTEER),
    StepName.AGREEMENT: (Stage.TRAINING, Holder.BOTH),
    StepName.FIRST_MATCH: (Stage.READY, Holder.CHARITY),
}
"""From which stage on a step can be worked at, and whose move it then is."""

_STEP_CHECKS: Mapping[StepName, frozenset[CheckKind]] = {
    StepName.REFERENCES: frozenset({CheckKind.FIRST_REFERENCE, CheckKind.SECOND_REFERENCE}),
    StepName.CHECKS: frozenset({CheckKind.IDENTITY, CheckKind.DBS}),
}


def furthest_stage(stage: Stage, earlier: Iterable[Stage]) -> Stage:
    """Tell how far along the pipeline somebody stands; who pauses or has left keeps what they reached.

    Args:
        stage: Where they are now.
        earlier: Where their moves led them, in any order.
    """
    if stage in PIPELINE:
        return stage
    reached = [PIPELINE.index(step) for step in earlier if step in PIPELINE]
    return PIPELINE[max(reached, default=0)]


def task_list(
    stage: Stage,
    *,
    reached: Stage,
    passed: Collection[CheckKind],
    is_trained: bool | None = None,
    is_matched: bool = False,
) -> tuple[Step, ...]:
    """Make the task list of a volunteer, from the application to the first match.

    Args:
        stage: Where the volunteer is.
        reached: How far along the pipeline they stand: ``furthest_stage``.
        passed: Checks that are passed and still count.
        is_trained: Whether all required courses are done; taken from the stage where the caller does not know.
        is_matched: Whether they have had a match.
    """
    position = PIPELINE.index(reached)
    trained = reached is Stage.READY if is_trained is None else is_trained
    done_by_fact = {StepName.TRAINING: trained, StepName.FIRST_MATCH: is_matched}
    is_going_on = stage in PIPELINE

    def step(name: StepName) -> Step:
        begins, holder = _STEPS[name]
        done = _is_done(name, position, passed, done_by_fact)
        if done or not is_going_on or position < PIPELINE.index(begins):
            return Step(name, StepState.DONE if done else StepState.LATER, Holder.NOBODY)
        return Step(name, StepState.NOW, holder)

    return tuple(step(name) for name in StepName)


def _is_done(
    name: StepName, position: int, passed: Collection[CheckKind], done_by_fact: Mapping[StepName, bool]
) -> bool:
    """Tell whether a step is done: by what is known of it, else by the volunteer having gone past its stage."""
    if name in done_by_fact:
        return done_by_fact[name]
    if name in _STEP_CHECKS:
        return _STEP_CHECKS[name] <= frozenset(passed)
    return position > PIPELINE.index(_STEPS[name][0])
