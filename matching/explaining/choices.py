"""What else a round could have chosen for one person, and what each other choice would have cost everybody.

The cost of every mentor is exact: all others are placed anew as well as they can be. The few that are shown are solved
again, so that the page can name who would move, who would wait and who would have a mentor instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.engine import NOBODY, Plan, Reading
from matching.explaining.recalling import Recalled

MOST_CHOICES = 5


@dataclass(frozen=True)
class Move:
    """Somebody who would have another mentor.

    Attributes:
        row: The person.
        before: The mentor's column in the round, or -1.
        after: The mentor's column otherwise, or -1.
    """

    row: int
    before: int
    after: int


@dataclass(frozen=True)
class Difference:
    """What another plan would change for everybody but the one person it is about.

    Attributes:
        cost: What would be lost, taken apart into people and fit; below 0 where something would be gained.
        moves: Everybody else for whom something would change.
    """

    cost: Reading
    moves: tuple[Move, ...]

    @property
    def is_free(self) -> bool:
        """Whether nothing at all would be lost."""
        return self.cost == Reading(0, 0, 0)

    @property
    def left_waiting(self) -> tuple[int, ...]:
        """The people who would wait instead."""
        return tuple(move.row for move in self.moves if move.after == NOBODY)

    @property
    def newly_served(self) -> tuple[int, ...]:
        """The people who would have a mentor and have none in the round."""
        return tuple(move.row for move in self.moves if move.before == NOBODY)

    @property
    def swapped(self) -> tuple[Move, ...]:
        """The people who would have a different mentor."""
        return tuple(move for move in self.moves if NOBODY not in {move.before, move.after})


@dataclass(frozen=True)
class Choice:
    """Another mentor for one person.

    Attributes:
        column: The mentor.
        fit: The fit of the two, 1 to 1000.
        difference: What it would change.
    """

    column: int
    fit: int
    difference: Difference


def other_choices(recalled: Recalled, row: int, column: int, *, most: int = MOST_CHOICES) -> list[Choice]:
    """List the mentors who come next for a person: the cheapest for everybody first, of equals the best fit.

    Args:
        recalled: The round.
        row: The person.
        column: The mentor who is proposed, with whom the others are compared.
        most: How many to list.
    """
    plan = recalled.plan
    cost, fit = plan.override_cost_of(row), recalled.memory.scored.fit[row]
    if cost[column] < 0:
        return []
    possible = np.flatnonzero((cost >= 0) & (np.arange(cost.size) != column))
    ordered = possible[np.lexsort((-fit[possible].astype(np.int64), cost[possible]))]
    chosen = _with(plan, row, column)
    return [
        Choice(
            each,
            int(fit[each]),
            Difference(
                recalled.aims.read(int(cost[each] - cost[column])),
                tuple(_moves(chosen, _with(plan, row, each), row)),
            ),
        )
        for each in ordered[:most].tolist()
    ]


def if_waiting(recalled: Recalled, row: int, column: int) -> Difference | None:
    """Tell what would change if a person stayed waiting; None where the proposed pair cannot be, or is decided on.

    Args:
        recalled: The round.
        row: The person.
        column: The mentor who is proposed.
    """
    plan = recalled.plan
    with_mentor = plan.override_cost_of(row)[column]
    if with_mentor < 0 or not plan.problem.is_open[row]:
        return None
    cost = recalled.aims.read(int(plan.waiting_cost()[row] - with_mentor))
    return Difference(cost, tuple(_moves(_with(plan, row, column), _without(plan, row), row)))


def _with(plan: Plan, row: int, column: int) -> Plan:
    """Give the best plan in which a pair stands."""
    return plan if plan.mentor_of[row] == column else plan.with_pair(row, column)


def _without(plan: Plan, row: int) -> Plan:
    """Give the best plan in which a person waits."""
    return plan if plan.mentor_of[row] == NOBODY else plan.without_mentee(row)


def _moves(plan: Plan, other: Plan, row: int) -> Iterator[Move]:
    """Walk over everybody but one person who stands elsewhere in another plan."""
    for each in np.flatnonzero(plan.mentor_of != other.mentor_of):
        if each != row:
            yield Move(int(each), int(plan.mentor_of[each]), int(other.mentor_of[each]))
