"""What is checked before somebody may meet a person."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID


class CheckKind(StrEnum):
    """What is checked before somebody may meet a person."""

    FIRST_REFERENCE = "first reference"
    SECOND_REFERENCE = "second reference"
    IDENTITY = "identity"
    RIGHT_TO_VOLUNTEER = "right to volunteer"
    DBS = "dbs"
    DRIVING_LICENCE = "driving licence"
    CAR_INSURANCE = "car insurance"
    PRISON_VETTING = "prison vetting"


ALWAYS_ASKED = (
    CheckKind.FIRST_REFERENCE,
    CheckKind.SECOND_REFERENCE,
    CheckKind.IDENTITY,
    CheckKind.RIGHT_TO_VOLUNTEER,
    CheckKind.DBS,
)
"""What everybody must have passed before they may meet a person."""

DRIVER_ASKED = (CheckKind.DRIVING_LICENCE, CheckKind.CAR_INSURANCE)
"""What is asked besides of those who say that they drive people."""

RUNS_OUT = frozenset({CheckKind.PRISON_VETTING, *DRIVER_ASKED})
"""Checks that always run out on a day, so that one without it is not complete."""

DETAILS_MONTHS = 6
"""Months after the decision for which the details of a check are kept; its outcome and days stay.

**Source:** Disclosure and Barring Service, code of practice: no longer than six months after the decision.
"""

CHECK_PAGE_LENGTH = 50
"""Lines on one page of the list of checks that run out."""


class CheckOutcome(StrEnum):
    """How a check stands."""

    AWAITED = "awaited"
    CLEAR = "clear"
    CLEAR_WITH_CONDITIONS = "clear with conditions"
    NOT_CLEAR = "not clear"


PASSED = frozenset({CheckOutcome.CLEAR, CheckOutcome.CLEAR_WITH_CONDITIONS})


class DbsLevel(StrEnum):
    """Level of a criminal record check; asking for more than the role allows is unlawful."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced with barred list"

    @property
    def rank(self) -> int:
        """How much the check tells: 0 for the least."""
        return tuple(DbsLevel).index(self)


USUAL_DBS_LEVEL = DbsLevel.ENHANCED
"""The highest level that the role of a mentor allows, until a scheme decides otherwise.

**Source:** Police Act 1997 (Criminal Records) Regulations 2002, regulations 5A(b) and 5B: advice or guidance to adults
under supervision is work with adults. A check against the barred lists is for regulated activity alone (Safeguarding
Vulnerable Groups Act 2006, schedule 4), which mentoring is not.
"""


@dataclass(frozen=True, kw_only=True)
class CheckPaper:
    """What the papers of a check say; all but the establishment goes six months after the decision.

    Attributes:
        eligible_why: Of a DBS check: why the role allows its level; the scheme's own reason where empty.
        reference: Number of the application, never what the certificate says.
        issued_on: The day of the certificate or document.
        establishment_id: Of prison vetting: which establishment vets.
        is_lived_route: Of prison vetting: whether it went the way for people with lived experience.
    """

    eligible_why: str = ""
    reference: str = ""
    issued_on: date | None = None
    establishment_id: UUID | None = None
    is_lived_route: bool = False


@dataclass(frozen=True)
class CheckRecorded:
    """How a check stands was written down, or what is asked of a volunteer has changed; in the same transaction.

    Attributes:
        by: The ``accounts.policy.Actor`` who wrote it down, whose type rules may not know.
    """

    volunteer_id: UUID
    at: datetime
    by: Any = field(compare=False)


class HasOutcome(Protocol):
    """A check, as far as these rules look at it."""

    @property
    def kind(self) -> CheckKind:
        """What was checked."""

    @property
    def outcome(self) -> CheckOutcome:
        """How it stands."""

    @property
    def expires_on(self) -> date | None:
        """The first day on which it no longer counts; None if it always does."""


def asked_checks(*, drives_people: bool) -> tuple[CheckKind, ...]:
    """Tell which checks are asked of a volunteer; prison vetting is asked by each establishment, not of everybody."""
    return (*ALWAYS_ASKED, *DRIVER_ASKED) if drives_people else ALWAYS_ASKED


def passed_checks(checks: Iterable[HasOutcome], on: date) -> frozenset[CheckKind]:
    """Tell which checks are passed and still count on a day; one that is renewed counts until it runs out."""
    return frozenset(
        check.kind
        for check in checks
        if check.outcome in PASSED and (check.expires_on is None or check.expires_on > on)
    )


def missing_checks(
    checks: Iterable[HasOutcome], on: date, asked: Collection[CheckKind] = ALWAYS_ASKED
) -> tuple[CheckKind, ...]:
    """Tell which checks are not passed or have run out on a day, in the order in which they are asked.

    Args:
        checks: Those that stand: of each kind the last decision, and beside it a renewal that is awaited.
        on: The day.
        asked: What ``asked_checks`` gives for the volunteer.
    """
    passed = passed_checks(checks, on)
    return tuple(kind for kind in asked if kind not in passed)


def details_until(decided_on: date) -> date:
    """Give the first day on which the details of a check are kept no longer.

    Six months after the last day of a month is the last day of the other month where that is shorter.
    """
    months = decided_on.month - 1 + DETAILS_MONTHS
    year, month = decided_on.year + months // 12, months % 12 + 1
    return date(year, month, min(decided_on.day, monthrange(year, month)[1]))
