"""What happens to each kind of row when a person is erased, and what must be settled before."""

import uuid
from enum import StrEnum

from foundation.lifecycle import Lifecycle


class ErasureState(StrEnum):
    """Where an erasure is."""

    ASKED = "asked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


ERASURES = Lifecycle(
    "Erasure",
    ErasureState.ASKED,
    {
        ErasureState.ASKED: (ErasureState.DONE, ErasureState.WITHDRAWN),
        ErasureState.DONE: (),
        ErasureState.WITHDRAWN: (),
    },
)


class ErasureWhy(StrEnum):
    """Why a person's data goes; no free words, since the ledger of erasures stays for good."""

    ASKED = "the person asked"
    CONSENT = "consent withdrawn"
    TIME = "time over"
    MISTAKE = "recorded by mistake"


class Blocker(StrEnum):
    """What must be settled before a person can be erased."""

    OPEN_MATCH = "open match"
    LEGAL_HOLD = "legal hold"
    STAFF_ROLE = "staff role"
    OPEN_REQUEST = "open request"
    OPEN_COMPLAINT = "open complaint"
    OTHER_SCHEME = "other scheme"


KEPT = frozenset(
    {
        "person",
        "role_grant",
        "volunteer",
        "stage_move",
        "departure",
        "mentee",
        "case_move",
        "match",
        "match_move",
        "meeting",
        "training_attendance",
        "subject_request",
        "complaint",
        "break_glass",
    }
)
"""Tables whose rows stay, emptied of everything personal, since figures and histories are counted from them."""

GONE = frozenset(
    {
        "account",
        "sign_in",
        "sign_in_guess",
        "invitation",
        "password_reset",
        "app_factor",
        "recovery_code",
        "passkey",
        "factor_guess",
        "volunteer_check",
        "readiness_loss",
        "application_draft",
        "document_acceptance",
        "commitment",
        "commitment_alert",
        "volunteer_break",
        "ask_again",
        "letter",
        "proposal",
        "unmatched",
        "round_choice",
        "veto_lift",
        "risk_of_harm",
        "exclusion_area",
        "contact_ban",
        "development_plan",
        "goal",
        "goal_step",
        "plan_review",
        "legal_hold",
    }
)
"""Tables whose rows go whole, since nothing is counted from them."""


SHARED = frozenset({"match", "match_move", "meeting", "proposal", "round_choice", "veto_lift"})
"""Tables whose rows are about two people, a mentor and whom they mentor.

What is personal in them is told to the person mentored, for whom it was written down, and held back from the mentor.
"""

MENTORED = "mentee"
"""The side of the person mentored."""

STAYS_WITH_MENTORED = frozenset({"meeting"})
"""Shared tables whose words are about the person mentored alone; they stay when the mentor is erased."""


def pseudonym_of(person_id: uuid.UUID) -> str:
    """Give the name under which the emptied row of a person goes on."""
    return f"Erased {person_id.hex[:8].upper()}"
