"""Stages of a person who is mentored, pathways of need, and risk of serious harm as probation gives it."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from foundation.lifecycle import Lifecycle


class CaseStage(StrEnum):
    """Where a referred person is."""

    REFERRED = "referred"
    WAITING = "waiting"
    MATCHED = "matched"
    CLOSED = "closed"
    NOT_TAKEN = "not taken"


CASES = Lifecycle(
    "Person referred",
    CaseStage.REFERRED,
    {
        CaseStage.REFERRED: (CaseStage.WAITING, CaseStage.NOT_TAKEN),
        CaseStage.WAITING: (CaseStage.MATCHED, CaseStage.CLOSED),
        CaseStage.MATCHED: (CaseStage.WAITING, CaseStage.CLOSED),
        # A closed case may be reopened, as the Safety House does.
        CaseStage.CLOSED: (CaseStage.WAITING,),
        CaseStage.NOT_TAKEN: (CaseStage.REFERRED,),
    },
)


class Setting(StrEnum):
    """Where the person is now."""

    CUSTODY = "custody"
    COMMUNITY = "community"


class RiskGroup(StrEnum):
    """Whom the person could harm."""

    CHILDREN = "children"
    PUBLIC = "public"
    KNOWN_ADULT = "known adult"
    STAFF = "staff"
    PRISONERS = "prisoners"


class RiskLevel(IntEnum):
    """Risk of serious harm; given by probation, never computed here."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    VERY_HIGH = 3


TWO_PEOPLE_FROM = RiskLevel.HIGH
"""From this level on, two people approve a match."""


class Pathway(StrEnum):
    """The seven resettlement pathways. **Source:** Ministry of Justice, reducing reoffending pathways."""

    ACCOMMODATION = "accommodation"
    ATTITUDES = "attitudes, thinking and behaviour"
    FAMILIES = "children, families and communities"
    DRUGS_AND_ALCOHOL = "drugs and alcohol"
    EDUCATION_AND_WORK = "education, skills and work"
    FINANCE = "finance and ID"
    HEALTH = "health"


class StatedGender(StrEnum):
    """A stated need that constrains: whom the person can work with."""

    WOMAN = "woman"
    MAN = "man"


RISK_WORDS: Mapping[str, RiskLevel] = {
    "low": RiskLevel.LOW,
    "medium": RiskLevel.MEDIUM,
    "high": RiskLevel.HIGH,
    "very high": RiskLevel.VERY_HIGH,
}
