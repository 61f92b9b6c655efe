"""What changes rounds and proposals: asking for a round, running it, and deciding on what it proposes."""

from matching.operations.asking import RoundRunning, ask_round, require_weights
from matching.operations.deciding import (
    AlreadyDecided,
    NoLongerSafe,
    SecondPersonNeeded,
    approve_proposal,
    decline_proposal,
)
from matching.operations.running import run_round
from matching.operations.withdrawing import withdraw_for_case, withdraw_for_mentor, withdraw_for_person

__all__ = [
    "AlreadyDecided",
    "NoLongerSafe",
    "RoundRunning",
    "SecondPersonNeeded",
    "approve_proposal",
    "ask_round",
    "decline_proposal",
    "require_weights",
    "run_round",
    "withdraw_for_case",
    "withdraw_for_mentor",
    "withdraw_for_person",
]
