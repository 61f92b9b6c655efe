"""What other weights would have done to a round that is remembered: who would have been matched instead.

The rules that forbid a pair stay as they were; only the fit is scored again. Nothing is saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine import Scored, lexicographic, score, solve
from matching.gathering.records import Remembered
from matching.rules import Component

NOBODY = -1

MentorOf = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Tally:
    """What a plan comes to.

    Attributes:
        served: People with a mentor.
        urgent: Of these, people in the highest band of need.
        mean_fit: Mean fit of the pairs, 0 to 1000, measured with the new weights.
        parts: Mean of each component over the pairs, 0 to 1.
    """

    served: int
    urgent: int
    mean_fit: float
    parts: Mapping[Component, float]


@dataclass(frozen=True)
class Effect:
    """What changes from one plan to another; people and mentors are told by their row and column.

    Attributes:
        before: The plan as it is.
        after: The plan that would take its place.
        gained: People who would get a mentor, with the mentor.
        lost: People who would lose theirs, with the mentor.
        changed: People who would get another mentor: the person, the mentor now, the mentor then.
        kept: How many pairs would stay.
    """

    before: Tally
    after: Tally
    gained: list[tuple[int, int]]
    lost: list[tuple[int, int]]
    changed: list[tuple[int, int, int]]
    kept: int

    @property
    def is_nothing(self) -> bool:
        """Whether the same people would be matched with the same mentors."""
        return not (self.gained or self.lost or self.changed)


def effect_of_weights(memory: Remembered, weights: Mapping[Component, int]) -> Effect:
    """Score a remembered round again with other weights, solve it again, and tell the difference.

    Args:
        memory: The round.
        weights: How much each component would count.
    """
    scored = _scored_anew(memory.scored, weights)
    aims = lexicographic(scored.fit, scored.allowed, memory.capacity, high_need=memory.urgent)
    return difference(scored, memory.urgent, memory.mentor_of, solve(aims.problem).mentor_of)


def difference(scored: Scored, urgent: npt.NDArray[np.bool_], before: MentorOf, after: MentorOf) -> Effect:
    """Tell what changes from one plan of a round to another.

    Args:
        scored: The round, by whose fit both plans are measured.
        urgent: Who is in the highest band of need, shape ``(n_mentees,)``.
        before: Each person's mentor or -1, shape ``(n_mentees,)``.
        after: The same, then.
    """
    moved = [(row, int(before[row]), int(after[row])) for row in np.flatnonzero(before != after).tolist()]
    return Effect(
        before=_tally(scored, urgent, before),
        after=_tally(scored, urgent, after),
        gained=[(row, then) for row, now, then in moved if now == NOBODY],
        lost=[(row, now) for row, now, then in moved if then == NOBODY],
        changed=[each for each in moved if NOBODY not in each[1:]],
        kept=int(np.count_nonzero((before == after) & (before != NOBODY))),
    )


def _scored_anew(scored: Scored, weights: Mapping[Component, int]) -> Scored:
    """Measure the fit of every pair with other weights and leave what forbids it alone."""
    again = score(
        scored.mentees,
        scored.mentors,
        {component.value: float(weights.get(component, 0)) for component in Component},
        yardsticks=scored.yardsticks,
        met_before=scored.met_before,
    )
    return replace(scored, fit=again.fit, weights=again.weights)


def _tally(scored: Scored, urgent: npt.NDArray[np.bool_], mentor_of: MentorOf) -> Tally:
    """Add a plan up."""
    rows = np.flatnonzero(mentor_of != NOBODY)
    pairs = np.column_stack((rows, mentor_of[rows]))
    if not rows.size:
        return Tally(0, 0, 0.0, dict.fromkeys(Component, 0.0))
    parts = scored.components_of(pairs)
    return Tally(
        served=int(rows.size),
        urgent=int(np.count_nonzero(urgent[rows])),
        mean_fit=float(scored.fit[pairs[:, 0], pairs[:, 1]].mean()),
        parts={component: float(np.mean(parts[component.value])) for component in Component},
    )
