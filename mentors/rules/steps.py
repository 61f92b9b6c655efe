"""The task list of a volunteer, from the application to the first match."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mentors.rules.checks import CheckKind
from mentors.rules.stages import PIPELINE, Stage


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
    StepName.CHECKS: frozenset({CheckKind.IDENTITY, CheckKind.RIGHT_TO_VOLUNTEER, CheckKind.DBS}),
}


def task_list(
    stage: Stage,
    *,
    reached: Stage,
    passed: Collection[CheckKind],
    is_trained: bool | None = None,
    is_matched: bool = False,
    has_agreed: bool | None = None,
) -> tuple[Step, ...]:
    """Make the task list of a volunteer, from the application to the first match.

    Args:
        stage: Where the volunteer is.
        reached: How far along the pipeline they stand: ``furthest_stage``.
        passed: Checks that are passed and still count.
        is_trained: Whether all required courses are done; taken from the stage where the caller does not know.
        is_matched: Whether they have had a match.
        has_agreed: Whether they accepted all documents of the scheme; taken from the stage where it asks for none.
    """
    position = PIPELINE.index(reached)
    trained = reached is Stage.READY if is_trained is None else is_trained
    agreed = position > PIPELINE.index(Stage.TRAINING) if has_agreed is None else has_agreed
    done_by_fact = {StepName.TRAINING: trained, StepName.AGREEMENT: agreed, StepName.FIRST_MATCH: is_matched}
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
