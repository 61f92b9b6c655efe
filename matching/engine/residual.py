"""What it would cost to move people about: the graph behind every price and every "what if".

The nodes are the mentors and, last, one node for the waiting list. An edge from a to b carries the
least loss of fit from moving one person from a to b; an edge to the waiting list is 0 while the mentor
has a spare place. A plan has the highest total exactly if this graph has no cycle of negative length,
and then its shortest paths give every dual price and the exact cost of every change.

**Source:** Ahuja, Magnanti and Orlin, *Network Flows* (1993), sections 9.3 and 12.4; the reduction to
one node for each mentor is measured in the design notes of the matching (docs/matching.md).
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.problem import Problem
from matching.engine.shapes import NOBODY, ROWS_AT_ONCE, Integers, narrowest_type


@dataclass(frozen=True, eq=False)
class Residual:
    """The moves that are left open by an optimal plan, each with the loss it would bring.

    Attributes:
        place_value: Exact gain of one more place at each mentor, shape `(n_mentors,)`.
        slack: Least loss of moving one person from a to b beyond the difference of the two place
            values; shape `(n_mentors + 1, n_mentors + 1)`, the last index being the waiting list.
            All >= 0, and `far` where nobody can be moved that way.
        far: The number that stands for "impossible" in `slack`.
    """

    place_value: Integers
    slack: Integers
    far: int


def residual_of(problem: Problem, mentor_of: Integers) -> Residual:
    """Builds the graph of moves of an optimal plan and prices its places.

    Raises:
        ArithmeticError: If the plan is not optimal, so that no prices exist.
    """
    losses, far = _losses_of_moving(problem, mentor_of)
    distance = _from_waiting_list(losses, far)
    value = np.append(np.maximum(-distance[:-1], 0), losses.dtype.type(0))
    # Shifting each edge by the values of its ends makes all of them >= 0, which Dijkstra needs.
    impossible = losses >= far // 2
    losses -= value[:, None]
    losses += value
    losses[impossible] = far
    return Residual(value[:-1].astype(np.int64), losses, far)


def _losses_of_moving(problem: Problem, mentor_of: Integers) -> tuple[Integers, int]:
    """Fills the matrix of least losses and returns it with its number for "impossible"."""
    # No shortest path is longer than twice the largest fit in either direction.
    kind, far = narrowest_type(int(problem.fit.max(initial=0)))
    waiting_list = problem.n_mentors
    losses = np.full((waiting_list + 1, waiting_list + 1), far, dtype=kind)
    _move_the_matched(problem, mentor_of, losses)
    _move_the_waiting(problem, mentor_of, losses)
    load = np.bincount(mentor_of[mentor_of >= 0], minlength=problem.n_mentors)
    losses[:-1, waiting_list][load < problem.capacity] = 0
    # Somebody from the waiting list can always be imagined who adds nothing and displaces one person.
    reachable = losses[waiting_list, :-1]
    reachable[(load > 0) & (reachable > 0)] = 0
    # To stay where one is costs nothing, even where nobody is free to move.
    np.fill_diagonal(losses, 0)
    return losses, far


def _move_the_matched(problem: Problem, mentor_of: Integers, losses: Integers) -> None:
    """Enters, for each two mentors, the least loss of moving one person from the first to the second."""
    movable = np.flatnonzero(problem.is_open & (mentor_of != NOBODY))
    movable = movable[np.argsort(mentor_of[movable], kind="stable")]
    for start in range(0, movable.size, ROWS_AT_ONCE):
        people = movable[start : start + ROWS_AT_ONCE]
        mentors = mentor_of[people]
        own = problem.fit[people, mentors].astype(losses.dtype)
        loss = np.subtract(own[:, None], problem.fit[people], dtype=losses.dtype)
        loss[~problem.allowed[people]] = losses[-1, -1]
        firsts = np.flatnonzero(np.diff(mentors, prepend=NOBODY))
        # A mentor whose people are split over two blocks is met twice, hence the minimum with what stands.
        rows = mentors[firsts]
        losses[rows, :-1] = np.minimum(losses[rows, :-1], np.minimum.reduceat(loss, firsts))
        losses[rows, -1] = np.minimum(losses[rows, -1], np.minimum.reduceat(own, firsts))


def _move_the_waiting(problem: Problem, mentor_of: Integers, losses: Integers) -> None:
    """Enters the gain, as a negative loss, of taking the best waiting person to each mentor."""
    waiting = np.flatnonzero(problem.is_open & (mentor_of == NOBODY))
    for start in range(0, waiting.size, ROWS_AT_ONCE):
        people = waiting[start : start + ROWS_AT_ONCE]
        fit = problem.fit[people].astype(losses.dtype)
        gain = np.where(problem.allowed[people], fit, losses.dtype.type(-losses[-1, -1]))
        np.minimum(losses[-1, :-1], -gain.max(axis=0), out=losses[-1, :-1])


def _from_waiting_list(losses: Integers, far: int) -> Integers:
    """Returns the length of the shortest path from the waiting list to each node (Bellman and Ford).

    Each sweep looks only along edges from nodes whose distance has just fallen, which soon are few.
    """
    distance: Integers = losses[-1].copy()
    fallen = np.flatnonzero(distance < far)
    for _ in range(distance.size + 1):
        best = _least_through(losses, distance, fallen)
        fallen = np.flatnonzero((best < distance) & (best < far // 2))
        if not fallen.size:
            return distance
        distance[fallen] = best[fallen]
    raise ArithmeticError("the plan is not optimal: moving people in a circle would raise its total")


def _least_through(losses: Integers, distance: Integers, nodes: Integers) -> Integers:
    """Returns the least length of a path to each node whose last step starts at one of `nodes`."""
    best = distance.copy()
    for start in range(0, nodes.size, ROWS_AT_ONCE):
        block = nodes[start : start + ROWS_AT_ONCE]
        np.minimum(best, (losses[block] + distance[block, None]).min(axis=0), out=best)
    return best
