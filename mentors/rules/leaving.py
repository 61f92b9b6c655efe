"""Why volunteers leave, as a closed list in a few groups, and the spells of service that their moves make."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LINK_DAYS = 90
"""For how long the link in the letter of thanks opens: long enough for exit words, too short to lie about for ever."""


class LeavingReason(StrEnum):
    """Why a volunteer left, as it was told or decided.

    **Source:** the causes by which NCVO, Time Well Spent (2019), tells why volunteers stop, changed circumstances
    first, put beside what MALS reported in 2014 and 2015: the promise of twelve months, support, and who is asked to
    leave.
    """

    TIME = "no time"
    WORK_OR_STUDY = "work or study"
    MOVED_AWAY = "moved away"
    HEALTH = "health"
    FAMILY = "family"
    PROMISE_KEPT = "promise kept"
    NOT_AS_EXPECTED = "not as expected"
    WAITED_TOO_LONG = "waited too long"
    SUPPORT = "unhappy with support"
    MONEY = "travel or money"
    CHECKS = "checks"
    ASKED_TO_LEAVE = "asked to leave"
    NO_CONTACT = "no contact"
    DIED = "died"
    OTHER = "another reason"


class LeavingGround(StrEnum):
    """What kind of reason it was: this alone is counted, so that figures tell nothing of anybody's health."""

    PROMISE_KEPT = "kept the promise"
    LIFE = "life changed"
    EXPERIENCE = "how it was with us"
    CHARITY = "the charity decided"
    DIED = "has died"
    NOT_SAID = "not said"


GROUND_OF: Mapping[LeavingReason, LeavingGround] = {
    LeavingReason.TIME: LeavingGround.LIFE,
    LeavingReason.WORK_OR_STUDY: LeavingGround.LIFE,
    LeavingReason.MOVED_AWAY: LeavingGround.LIFE,
    LeavingReason.HEALTH: LeavingGround.LIFE,
    LeavingReason.FAMILY: LeavingGround.LIFE,
    LeavingReason.PROMISE_KEPT: LeavingGround.PROMISE_KEPT,
    LeavingReason.NOT_AS_EXPECTED: LeavingGround.EXPERIENCE,
    LeavingReason.WAITED_TOO_LONG: LeavingGround.EXPERIENCE,
    LeavingReason.SUPPORT: LeavingGround.EXPERIENCE,
    LeavingReason.MONEY: LeavingGround.EXPERIENCE,
    LeavingReason.CHECKS: LeavingGround.CHARITY,
    LeavingReason.ASKED_TO_LEAVE: LeavingGround.CHARITY,
    LeavingReason.NO_CONTACT: LeavingGround.NOT_SAID,
    LeavingReason.DIED: LeavingGround.DIED,
    LeavingReason.OTHER: LeavingGround.NOT_SAID,
}
"""The group of each reason."""


@dataclass(frozen=True)
class Leaving:
    """How somebody leaves, as staff write it down.

    Attributes:
        reason: Why; None where nobody has asked, as when an application is closed as a double.
        left_on: The last day; None for the day of the decision.
        note: What was said of it; level 2.
        is_thanked: Whether a letter of thanks goes out, with a link to their certificate and to say a last word.
    """

    reason: LeavingReason | None = None
    left_on: date | None = None
    note: str = ""
    is_thanked: bool = False

    @property
    def ground(self) -> LeavingGround:
        """The group of the reason."""
        return LeavingGround.NOT_SAID if self.reason is None else GROUND_OF[self.reason]


@dataclass(frozen=True)
class Spell:
    """One time of service, from becoming ready until leaving.

    Attributes:
        since: First day.
        until: Last day; None while it goes on.
    """

    since: date
    until: date | None = None


def spells_of(ready_on: Iterable[date], left_on: Iterable[date]) -> tuple[Spell, ...]:
    """Tell the times of service of somebody who may have left and come back, the first one first.

    A break is no end. Becoming ready again within a spell begins no new one, and leaving before having been ready
    ends none.

    Args:
        ready_on: Days on which they became ready.
        left_on: Last days.
    """
    ends = sorted(left_on)
    found: list[Spell] = []
    for since in sorted(ready_on):
        if found and (found[-1].until is None or since < found[-1].until):
            continue
        # Whoever comes back on their last day begins a new spell, which that day does not end.
        earlier = found[-1].until if found else None
        found.append(Spell(since, next((end for end in ends if end >= since and end != earlier), None)))
    return tuple(found)
