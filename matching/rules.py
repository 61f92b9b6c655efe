"""Weights of the soft fit, states of rounds and proposals, and the vetoes that no weight can buy back."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from foundation.lifecycle import Lifecycle
from mentees.rules import Pathway
from mentors.rules import Skill


class Component(StrEnum):
    """The parts of the soft fit, by the engine's names; protected characteristics are never among them."""

    RISK = "risk"
    LOCATION = "location"
    BACKGROUND = "background"
    AVAILABILITY = "availability"
    CONTINUITY = "continuity"


DEFAULT_WEIGHTS: Mapping[Component, int] = MappingProxyType(
    {
        Component.RISK: 20,
        Component.LOCATION: 30,
        Component.BACKGROUND: 15,
        Component.AVAILABILITY: 25,
        Component.CONTINUITY: 10,
    }
)
"""How much each part counts; together 100. **Source:** the evidence weighs a quick start, travel and common time above
shared background, for which research is insufficient; so background weighs little (docs/matching.md)."""

MOST_WEIGHT = 100

STUCK_AFTER = timedelta(minutes=15)
"""A round that runs for longer has lost its worker and is run again from the start."""

DECLINE_REMEMBERED = timedelta(days=180)
"""A pair that the mentor declined is not proposed again for this long; staff say themselves until when."""

DECLINE_MONTHS = (3, 6, 12)
"""For so many months staff may say that a pair is not to be proposed again."""

USUAL_DECLINE_MONTHS = 6


class Veto(StrEnum):
    """Why a pair is never proposed, whatever its score; the first seven are the engine's own names."""

    RISK_LEVEL = "risk_level"
    LANGUAGE = "language"
    SLOT = "slot"
    PRISON = "prison"
    STATED_NEED = "stated_need"
    TRAVEL = "travel"
    EXCLUSION_AREA = "exclusion_area"
    CONTACT_BAN = "contact_ban"
    SAME_PERSON = "same_person"
    DECLINED_BEFORE = "declined_before"


NEVER_ADVISED = frozenset({Veto.RISK_LEVEL, Veto.EXCLUSION_AREA, Veto.CONTACT_BAN, Veto.SAME_PERSON})
"""Rules that protect somebody: nobody is advised to loosen them so that somebody might be matched."""

NEVER_LIFTED = NEVER_ADVISED | {Veto.PRISON, Veto.STATED_NEED}
"""Rules that no senior lifts: those that protect, and two that are not the scheme's to lift.

A prison decides itself whom it vets, and what a person said they need is changed by talking with them.
"""

LIFT_MONTHS = (1, 3, 6)
"""For so many months a senior may lift a rule for one pair."""

SKILL_HELPS: Mapping[Skill, Pathway] = MappingProxyType(
    {
        Skill.HOUSING: Pathway.ACCOMMODATION,
        Skill.WORK: Pathway.EDUCATION_AND_WORK,
        Skill.LEARNING: Pathway.EDUCATION_AND_WORK,
        Skill.DIGITAL: Pathway.EDUCATION_AND_WORK,
        Skill.MONEY: Pathway.FINANCE,
        Skill.PAPERWORK: Pathway.FINANCE,
        Skill.HEALTH: Pathway.HEALTH,
        Skill.RECOVERY_SUPPORT: Pathway.DRUGS_AND_ALCOHOL,
        Skill.FAMILY: Pathway.FAMILIES,
    }
)
"""Which pathway of need each skill of a mentor helps with."""


class WaitingWhy(StrEnum):
    """Why a round left somebody waiting; the engine's own names."""

    NO_MENTORS = "no_mentors"
    FORBIDDEN = "forbidden"
    NO_PLACE = "no_place"
    OTHERS_FIRST = "others_first"
    LEFT_OUT = "left_out"
    """Staff left the person out of the round; the engine never says so."""


class Phase(StrEnum):
    """What a round is doing, for the page that people watch meanwhile."""

    QUEUED = "queued"
    READING = "reading"
    SCORING = "scoring"
    SOLVING = "solving"
    EXPLAINING = "explaining"
    STORING = "storing"
    FINISHED = "finished"


PHASE_PERCENT: Mapping[Phase, int] = MappingProxyType(
    {
        Phase.QUEUED: 0,
        Phase.READING: 10,
        Phase.SCORING: 30,
        Phase.SOLVING: 50,
        Phase.EXPLAINING: 75,
        Phase.STORING: 90,
        Phase.FINISHED: 100,
    }
)


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


class Origin(StrEnum):
    """How a proposal came about."""

    ROUND = "round"
    CHOICE = "choice"
    """The round found it when it was solved again after a choice of staff."""
    HAND = "by hand"
    """A named person proposed the pair themselves."""


class StaleWhy(StrEnum):
    """Why a proposal is out of date."""

    NEWER_ROUND = "newer round"
    CHOICE = "choice"
    RISK = "risk"
    RESTRICTIONS = "restrictions"
    WHEREABOUTS = "whereabouts"
    CASE = "case"
    MENTOR = "mentor"


PERSON_CHANGED = frozenset({StaleWhy.RISK, StaleWhy.RESTRICTIONS, StaleWhy.WHEREABOUTS, StaleWhy.CASE})
"""The person is no longer as the round knew them, so that it proposes nobody for them."""

CHANGED = PERSON_CHANGED | {StaleWhy.MENTOR}


class ChoiceKind(StrEnum):
    """What staff may choose in a finished round."""

    PIN = "pin"
    """This pair stands, whatever else changes."""
    DECLINE = "decline"
    """This pair is not to be, and not again until a date."""
    LEAVE_PERSON = "leave person"
    """This person gets no proposal in this round."""
    LEAVE_MENTOR = "leave mentor"
    """This mentor is proposed for nobody in this round."""
