"""Risk of serious harm, as probation gives it."""

from collections.abc import Mapping
from enum import IntEnum


class Rosh(IntEnum):
    """Risk of serious harm, as probation gives it; also the highest level that a mentor is cleared for."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    VERY_HIGH = 3


ROSH_BY_WORD: Mapping[str, Rosh] = {
    "low": Rosh.LOW,
    "medium": Rosh.MEDIUM,
    "high": Rosh.HIGH,
    "very high": Rosh.VERY_HIGH,
}
