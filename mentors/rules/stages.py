"""The stages on the way to being a mentor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from foundation.lifecycle import Lifecycle


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
