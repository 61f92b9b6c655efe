"""What changes in privacy work: requests and complaints are kept, data goes."""

from privacy.operations.answering import (
    acknowledge_complaint,
    answer_complaint,
    deliver_request,
    extend_request,
    log_complaint,
    log_request,
    note_produced,
)
from privacy.operations.emptying import carry_out, forget_in_audit
from privacy.operations.erasing import (
    NotErasable,
    ask_erasure,
    confirm_erasure,
    lift_hold,
    note_scrubbed,
    replay_erasure,
    set_hold,
    withdraw_erasure,
)
from privacy.operations.ledger import Ledger, LedgerEntry
from privacy.operations.retaining import ChangedMeanwhile, preview_retention, run_retention, sweep_short
from privacy.operations.scrubbing import scrub

__all__ = [
    "ChangedMeanwhile",
    "Ledger",
    "LedgerEntry",
    "NotErasable",
    "acknowledge_complaint",
    "answer_complaint",
    "ask_erasure",
    "carry_out",
    "confirm_erasure",
    "deliver_request",
    "extend_request",
    "forget_in_audit",
    "lift_hold",
    "log_complaint",
    "log_request",
    "note_produced",
    "note_scrubbed",
    "preview_retention",
    "replay_erasure",
    "run_retention",
    "scrub",
    "set_hold",
    "sweep_short",
    "withdraw_erasure",
]
