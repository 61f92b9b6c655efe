"""What is checked before somebody may meet a person."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol


class CheckKind(StrEnum):
    """What is checked before somebody may meet a person."""

    FIRST_REFERENCE = "first reference"
    SECOND_REFERENCE = "second reference"
    IDENTITY = "identity"
    DBS = "dbs"


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


def passed_checks(checks: Iterable[HasOutcome], on: date) -> frozenset[CheckKind]:
    """Tell which checks are passed and still count on a day."""
    return frozenset(
        check.kind
        for check in checks
        if check.outcome in PASSED and (check.expires_on is None or check.expires_on > on)
    )


def missing_checks(checks: Iterable[HasOutcome], on: date) -> tuple[CheckKind, ...]:
    """Tell which checks are not passed or have run out on a day, in the order of ``CheckKind``."""
    passed = passed_checks(checks, on)
    return tuple(kind for kind in CheckKind if kind not in passed)
