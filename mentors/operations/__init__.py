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
from mentors.operations.check_rules import set_dbs_ceiling, set_driving
from mentors.operations.checking import LevelNotAllowed, record_check
from mentors.operations.lapsing import purge_details, remind_of_lapses
from mentors.operations.merging import accept_as_same
from mentors.operations.pipeline import SameAddress, clear_for_risk, move_volunteer, set_capacity

__all__ = [
    "AlreadySent",
    "LevelNotAllowed",
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
    "purge_details",
    "record_check",
    "remind_of_lapses",
    "send_draft",
    "set_capacity",
    "set_dbs_ceiling",
    "set_driving",
]
