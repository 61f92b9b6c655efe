"""What changes volunteers: they apply, are moved along the pipeline, checked and cleared, and are asked again."""

from mentors.operations.applying import (
    AlreadySent,
    NotAtThisTime,
    apply,
    ask_again_due,
    ask_later,
    begin_draft,
    keep_answers,
    send_draft,
)
from mentors.operations.pipeline import (
    SameAddress,
    accept_as_same,
    clear_for_risk,
    move_volunteer,
    record_check,
    set_capacity,
)

__all__ = [
    "AlreadySent",
    "NotAtThisTime",
    "SameAddress",
    "accept_as_same",
    "apply",
    "ask_again_due",
    "ask_later",
    "begin_draft",
    "clear_for_risk",
    "keep_answers",
    "move_volunteer",
    "record_check",
    "send_draft",
    "set_capacity",
]
