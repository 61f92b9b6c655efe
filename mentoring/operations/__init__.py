"""What changes matches: opened by staff, answered by the mentor, filled with meetings, and brought to their end."""

from mentoring.operations.answering import agree_match, decline_match
from mentoring.operations.changing import complete_match, end_match, pause_match, resume_match
from mentoring.operations.following import NotReady, end_match_of_closed_case, end_matches_of_leaver, require_readiness
from mentoring.operations.judging import note_night, note_readiness_of
from mentoring.operations.meeting import NotWithinMatch, log_meeting
from mentoring.operations.opening import AlreadyMatched, NotAvailable, NotVetted, RiskAboveClearance, open_match
from mentoring.operations.weighing import look_at_weeks

__all__ = [
    "AlreadyMatched",
    "NotAvailable",
    "NotReady",
    "NotVetted",
    "NotWithinMatch",
    "RiskAboveClearance",
    "agree_match",
    "complete_match",
    "decline_match",
    "end_match",
    "end_match_of_closed_case",
    "end_matches_of_leaver",
    "log_meeting",
    "look_at_weeks",
    "note_night",
    "note_readiness_of",
    "open_match",
    "pause_match",
    "require_readiness",
    "resume_match",
]
