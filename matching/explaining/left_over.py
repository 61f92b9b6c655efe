"""Which mentors a round left with free places, and why: nobody waited, nobody was allowed, or others fit better."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from matching.explaining.recalling import Recalled
from matching.rules import Veto

MOST_RULES = 3


class LeftWhy(Enum):
    """Why nobody is proposed to a mentor who had a free place."""

    NOBODY_WAITED = "nobody waited"
    NOBODY_ALLOWED = "nobody allowed"
    SERVED_BY_OTHERS = "served by others"


@dataclass(frozen=True)
class Left:
    """A mentor to whom nobody is proposed.

    Attributes:
        column: The mentor.
        places: Free places.
        why: Why they stay free.
        allowed: How many of the people in the round no rule forbids.
        rules: The rules that forbid most people, with how many each.
    """

    column: int
    places: int
    why: LeftWhy
    allowed: int
    rules: Sequence[tuple[Veto, int]]


@dataclass(frozen=True)
class LeftOver:
    """All mentors without a proposal.

    Attributes:
        mentors: Those with free places, the most wanted of them last.
        full: How many were ready without any free place.
        spare_places: Free places that the round did not use, also of mentors with a proposal.
    """

    mentors: Sequence[Left]
    full: int
    spare_places: int


def left_over(recalled: Recalled) -> LeftOver:
    """Find the mentors without a proposal and say why each has none."""
    memory = recalled.memory
    load = np.bincount(memory.mentor_of[memory.mentor_of >= 0], minlength=len(memory.scored.mentors))
    idle = np.flatnonzero((load == 0) & (memory.capacity > 0))
    allowed = np.count_nonzero(memory.scored.allowed, axis=0)
    blocked = {name: np.count_nonzero(mask, axis=0) for name, mask in memory.scored.masks.items()}
    found = [
        Left(
            column=int(column),
            places=int(memory.capacity[column]),
            why=_why(len(recalled.mentee_ids), int(allowed[column])),
            allowed=int(allowed[column]),
            rules=_most_blocking({name: int(counts[column]) for name, counts in blocked.items()}),
        )
        for column in idle
    ]
    return LeftOver(
        mentors=sorted(found, key=lambda each: (each.allowed, each.column)),
        full=int(np.count_nonzero(memory.capacity == 0)),
        spare_places=int((memory.capacity - load).sum()),
    )


def _why(people: int, allowed: int) -> LeftWhy:
    """Say why nobody is proposed to somebody with a free place."""
    if not people:
        return LeftWhy.NOBODY_WAITED
    # Whoever waits and is allowed would have been proposed, so those who are allowed have another mentor.
    return LeftWhy.SERVED_BY_OTHERS if allowed else LeftWhy.NOBODY_ALLOWED


def _most_blocking(counts: dict[str, int]) -> Sequence[tuple[Veto, int]]:
    """Pick the rules that forbid most people."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [(Veto(name), count) for name, count in ordered[:MOST_RULES] if count]
