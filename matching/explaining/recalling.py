"""Finding again what a round was reckoned from, and saying so where it cannot be found."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from matching.engine import Aims, Plan
from matching.gathering import Answer, NotReadable, Remembered, Sides, unpack
from matching.models import RoundRecord


class Missing(Enum):
    """Why the record of a round tells nothing."""

    GONE = "gone"
    """It went with somebody who was erased, or the round was too large to be kept."""
    UNREADABLE = "unreadable"
    """Another release wrote it, or it is damaged."""


@dataclass(frozen=True)
class Recalled(Sides):
    """A round as it was, with whose row and column is whose.

    Attributes:
        memory: The arrays and the answer.
        mentee_ids: Who waited, in the order of the rows.
        volunteer_ids: Who was ready, in the order of the columns.
        answer: How the round was solved again with what staff have chosen in it; None where nobody chose anything.
    """

    memory: Remembered
    mentee_ids: Sequence[uuid.UUID]
    volunteer_ids: Sequence[uuid.UUID]
    answer: Answer | None = None

    @property
    def plan(self) -> Plan:
        """The plan that other choices are held against: the newest one."""
        return self.memory.plan if self.answer is None else self.answer.plan

    @property
    def aims(self) -> Aims:
        """The key to read the totals of that plan."""
        return self.memory.aims if self.answer is None else self.answer.aims

    @cached_property
    def total_fit(self) -> int:
        """The fit of all pairs of the plan together, without what encodes the order of aims."""
        pairs = self.plan.pairs
        return int(self.memory.scored.fit[pairs[:, 0], pairs[:, 1]].sum(dtype="int64"))


def recall(record: RoundRecord | None) -> Recalled | Missing:
    """Read the record of a round, or tell why that is not possible; no page fails because of it."""
    if record is None:
        return Missing.GONE
    try:
        memory = unpack(record.arrays)
    except (NotReadable, ValueError, KeyError, TypeError, OSError):
        return Missing.UNREADABLE
    mentees = [uuid.UUID(each) for each in record.mentee_ids]
    return Recalled(memory, mentees, [uuid.UUID(each) for each in record.volunteer_ids])
