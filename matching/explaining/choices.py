"""What else a round could have chosen for one person, and what each other choice would have cost everybody.

The cost of every mentor is exact: all others are placed anew as well as they can be. The few that are shown are solved
again, so that the page can name who would move, who would wait and who would have a mentor instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.engine import NOBODY, Plan, Problem, Reading, solve
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


def other_choices(recalled: Recalled, row: int, *, most: int = MOST_CHOICES) -> list[Choice]:
    """List the mentors who come next for a person: the cheapest for everybody first, of equals the best fit.

    Args:
        recalled: The round.
        row: The person.
        most: How many to list.
    """
    plan = recalled.memory.plan
    cost, fit = plan.override_cost_of(row), recalled.memory.scored.fit[row]
    possible = np.flatnonzero((cost >= 0) & (np.arange(cost.size) != plan.mentor_of[row]))
    ordered = possible[np.lexsort((-fit[possible].astype(np.int64), cost[possible]))]
    return [_choice(recalled, row, int(column), int(cost[column])) for column in ordered[:most]]


def if_waiting(recalled: Recalled, row: int) -> Difference | None:
    """Tell what would change if a person stayed waiting; None for those who do, and where people have decided."""
    plan = recalled.memory.plan
    if plan.mentor_of[row] == NOBODY or not plan.problem.is_open[row]:
        return None
    allowed = plan.problem.allowed.copy()
    allowed[row] = False
    problem = plan.problem
    other = solve(Problem(problem.fit, allowed, problem.capacity, problem.pinned))
    cost = recalled.memory.aims.read(int(plan.waiting_cost()[row]))
    return Difference(cost, tuple(_moves(plan, other, row)))


def _choice(recalled: Recalled, row: int, column: int, cost: int) -> Choice:
    """Solve again with one pair, and take down what is different."""
    memory = recalled.memory
    moves = tuple(_moves(memory.plan, memory.plan.with_pair(row, column), row))
    return Choice(column, int(memory.scored.fit[row, column]), Difference(memory.aims.read(cost), moves))


def _moves(plan: Plan, other: Plan, row: int) -> Iterator[Move]:
    """Walk over everybody but one person who stands elsewhere in another plan."""
    for each in np.flatnonzero(plan.mentor_of != other.mentor_of):
        if each != row:
            yield Move(int(each), int(plan.mentor_of[each]), int(other.mentor_of[each]))
