"""What changes volunteers: they apply, are moved along the pipeline, checked, cleared, asked again, and leave."""

from mentors.operations.agreements import accept_document, enter_acceptance, tell_of_documents, write_document
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
from mentors.operations.check_rules import set_dbs_ceiling, set_driving
from mentors.operations.checking import LevelNotAllowed, record_check
from mentors.operations.commitment import (
    answer_alert,
    answer_commitment,
    ask_commitment,
    begin_commitment,
    end_break,
    follow_promise,
    keep_breaks,
    set_commitment,
    take_break,
)
from mentors.operations.lapsing import purge_details, remind_of_lapses
from mentors.operations.leaving import AlreadySaid, leave_volunteer, say_exit_words
from mentors.operations.merging import accept_as_same
from mentors.operations.pipeline import SameAddress, clear_for_risk, move_volunteer, set_capacity

__all__ = [
    "AlreadySaid",
    "AlreadySent",
    "LevelNotAllowed",
    "NotAtThisTime",
    "SameAddress",
    "accept_as_same",
    "accept_document",
    "answer_alert",
    "answer_commitment",
    "apply",
    "ask_again_due",
    "ask_commitment",
    "ask_later",
    "begin_campaign",
    "begin_commitment",
    "begin_draft",
    "change_campaign",
    "clear_for_risk",
    "end_break",
    "enter_acceptance",
    "follow_promise",
    "keep_answers",
    "keep_breaks",
    "leave_volunteer",
    "move_volunteer",
    "purge_details",
    "record_check",
    "remind_of_lapses",
    "say_exit_words",
    "send_draft",
    "set_capacity",
    "set_commitment",
    "set_dbs_ceiling",
    "set_driving",
    "take_break",
    "tell_of_documents",
    "write_document",
]
