"""What changes volunteers: they apply, are moved along the pipeline, checked and cleared, and are asked again."""

from mentors.operations.agreements import (
    accept_document,
    enter_acceptance,
    tell_of_documents,
    write_document,
)
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
from mentors.operations.checking import record_check
from mentors.operations.merging import accept_as_same
from mentors.operations.pipeline import SameAddress, clear_for_risk, move_volunteer, set_capacity

__all__ = [
    "AlreadySent",
    "NotAtThisTime",
    "SameAddress",
    "accept_as_same",
    "accept_document",
    "apply",
    "ask_again_due",
    "ask_later",
    "begin_draft",
    "clear_for_risk",
    "enter_acceptance",
    "keep_answers",
    "move_volunteer",
    "record_check",
    "send_draft",
    "set_capacity",
    "tell_of_documents",
    "write_document",
]
