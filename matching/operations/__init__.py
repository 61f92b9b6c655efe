"""What changes rounds and proposals: asking for a round, running it, and deciding on what it proposes."""

from matching.operations.asking import RoundRunning, ask_round
from matching.operations.choosing import (
    AlreadyUndone,
    OwnLift,
    decline_pair,
    leave_mentor_out,
    leave_person_out,
    pin_pair,
    require_free,
    undo_choice,
)
from matching.operations.deciding import (
    AlreadyDecided,
    LifterApproves,
    NoLongerSafe,
    SecondPersonNeeded,
    approve_proposal,
    decline_proposal,
)
from matching.operations.following import NotAllowed, NotNewest, RecordGone, is_open
from matching.operations.lifting import AlreadyLifted, NeverLifted, end_lifts, lift_vetoes
from matching.operations.ruling import RulesMoved, adopt_rules, require_weights, rules_in_force
from matching.operations.running import run_round
from matching.operations.verifying import Verdict, forget_records, verify_round
from matching.operations.withdrawing import withdraw_for_case, withdraw_for_mentor, withdraw_for_person

__all__ = [
    "AlreadyDecided",
    "AlreadyLifted",
    "AlreadyUndone",
    "LifterApproves",
    "NeverLifted",
    "NoLongerSafe",
    "NotAllowed",
    "NotNewest",
    "OwnLift",
    "RecordGone",
    "RoundRunning",
    "RulesMoved",
    "SecondPersonNeeded",
    "Verdict",
    "adopt_rules",
    "approve_proposal",
    "ask_round",
    "decline_pair",
    "decline_proposal",
    "end_lifts",
    "forget_records",
    "is_open",
    "leave_mentor_out",
    "leave_person_out",
    "lift_vetoes",
    "pin_pair",
    "require_free",
    "require_weights",
    "rules_in_force",
    "run_round",
    "undo_choice",
    "verify_round",
    "withdraw_for_case",
    "withdraw_for_mentor",
    "withdraw_for_person",
]
