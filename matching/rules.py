"""Weights of the soft fit, states of rounds and proposals, and the vetoes that no weight can buy back."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from foundation.lifecycle import Lifecycle


class Component(StrEnum):
    """The parts of the soft fit; protected characteristics are never among them."""

    RISK = "risk"
    LOCATION = "location"
    BACKGROUND = "background"
    AVAILABILITY = "availability"


DEFAULT_WEIGHTS: Mapping[Component, int] = MappingProxyType(
    {Component.RISK: 20, Component.LOCATION: 35, Component.BACKGROUND: 15, Component.AVAILABILITY: 30}
)
"""Percentages that sum to 100. **Source:** the evidence weighs a quick start, travel and common time above shared
background, for which research is insufficient; so background weighs least."""


class Veto(StrEnum):
    """Why a pair is never proposed, whatever its score."""

    RISK_ABOVE_CLEARANCE = "risk above clearance"
    EXCLUSION_AREA = "exclusion area"
    CONTACT_BAN = "contact ban"
    KNOWN_TO_EACH_OTHER = "known to each other"
    STATED_NEED = "stated need"
    NO_COMMON_LANGUAGE = "no common language"
    NO_COMMON_TIME = "no common time"
    TOO_FAR = "too far"
    NO_FREE_PLACE = "no free place"


class RoundState(StrEnum):
    """Where a round is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ROUNDS = Lifecycle(
    "Round",
    RoundState.QUEUED,
    {
        RoundState.QUEUED: (RoundState.RUNNING,),
        # A worker that dies leaves a running round behind; the next one takes it up again.
        RoundState.RUNNING: (RoundState.DONE, RoundState.FAILED, RoundState.QUEUED),
        RoundState.DONE: (),
        RoundState.FAILED: (RoundState.QUEUED,),
    },
)


class ProposalState(StrEnum):
    """Where a proposal is."""

    PROPOSED = "proposed"
    SECONDED = "approved once"
    APPROVED = "approved"
    DECLINED = "declined"
    STALE = "stale"


PROPOSALS = Lifecycle(
    "Proposal",
    ProposalState.PROPOSED,
    {
        ProposalState.PROPOSED: (
            ProposalState.SECONDED,
            ProposalState.APPROVED,
            ProposalState.DECLINED,
            ProposalState.STALE,
        ),
        # High and very high risk of serious harm: a first person approves, a second one decides.
        ProposalState.SECONDED: (ProposalState.APPROVED, ProposalState.DECLINED, ProposalState.STALE),
        ProposalState.APPROVED: (),
        ProposalState.DECLINED: (),
        ProposalState.STALE: (),
    },
)

OPEN_PROPOSALS = (ProposalState.PROPOSED, ProposalState.SECONDED)
