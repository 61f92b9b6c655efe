"""What is asked of a volunteer, the stages on the way to being a mentor, and the checks."""

from mentors.rules.applications import Application
from mentors.rules.background import LANGUAGE_CODES, Gender, Interest, LivedExperience, Skill
from mentors.rules.campaigns import CODE_LENGTH, CODE_LETTERS, MOST_COST_POUNDS, CampaignKind
from mentors.rules.checks import PASSED, CheckKind, CheckOutcome, DbsLevel, HasOutcome, missing_checks, passed_checks
from mentors.rules.leaving import GROUND_OF, LINK_DAYS, Leaving, LeavingGround, LeavingReason, Spell, spells_of
from mentors.rules.promise import (
    LEAST_HOURS_PER_WEEK,
    LEAST_MONTHS,
    LONGEST_PAUSE_YEARS,
    MOST_HOURS_PER_WEEK,
    MOST_MONTHS,
    MOST_PLACES,
    MOST_TRAVEL_KM,
    USUAL_HOURS_PER_WEEK,
    YOUNGEST_AGE,
    can_promise,
)
from mentors.rules.risk import ROSH_BY_WORD, Rosh
from mentors.rules.stages import PIPELINE, STAGES, Stage, StageMoved, furthest_stage
from mentors.rules.steps import Holder, Step, StepName, StepState, task_list

__all__ = [
    "CODE_LENGTH",
    "CODE_LETTERS",
    "GROUND_OF",
    "LANGUAGE_CODES",
    "LEAST_HOURS_PER_WEEK",
    "LEAST_MONTHS",
    "LINK_DAYS",
    "LONGEST_PAUSE_YEARS",
    "MOST_COST_POUNDS",
    "MOST_HOURS_PER_WEEK",
    "MOST_MONTHS",
    "MOST_PLACES",
    "MOST_TRAVEL_KM",
    "PASSED",
    "PIPELINE",
    "ROSH_BY_WORD",
    "STAGES",
    "USUAL_HOURS_PER_WEEK",
    "YOUNGEST_AGE",
    "Application",
    "CampaignKind",
    "CheckKind",
    "CheckOutcome",
    "DbsLevel",
    "Gender",
    "HasOutcome",
    "Holder",
    "Interest",
    "Leaving",
    "LeavingGround",
    "LeavingReason",
    "LivedExperience",
    "Rosh",
    "Skill",
    "Spell",
    "Stage",
    "StageMoved",
    "Step",
    "StepName",
    "StepState",
    "can_promise",
    "furthest_stage",
    "missing_checks",
    "passed_checks",
    "spells_of",
    "task_list",
]
