"""What changes volunteers: they apply, are moved along the pipeline, checked, cleared, asked again, and leave."""

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
from mentors.operations.campaigns import begin_campaign, change_campaign
from mentors.operations.checking import record_check
from mentors.operations.leaving import AlreadySaid, leave_volunteer, say_exit_words
from mentors.operations.merging import accept_as_same
from mentors.operations.pipeline import SameAddress, clear_for_risk, move_volunteer, set_capacity

__all__ = [
    "AlreadySaid",
    "AlreadySent",
    "NotAtThisTime",
    "SameAddress",
    "accept_as_same",
    "apply",
    "ask_again_due",
    "ask_later",
    "begin_campaign",
    "begin_draft",
    "change_campaign",
    "clear_for_risk",
    "keep_answers",
    "leave_volunteer",
    "move_volunteer",
    "record_check",
    "say_exit_words",
    "send_draft",
    "set_capacity",
]
