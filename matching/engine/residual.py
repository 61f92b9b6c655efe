"""What it would cost to move people about: the graph behind every price and every "what if".

The nodes are the mentors and, last, one node for the waiting list. An edge from a to b carries the
least loss from moving one person from a to b; an edge to the waiting list is 0 while the mentor has a
spare place. A plan is best exactly if this graph has no cycle of negative length, and then its
shortest paths give every dual price and the exact cost of every change.

Losses are counted in the worth of pairs as the solver sees them: the fit itself, unless some allowed
pair has a fit of 0 (`Problem.serving_factor`). `in_fit` brings differences back to points of fit.

**Source:** Ahuja, Magnanti and Orlin, *Network Flows* (1993), sections 9.3 and 12.4; the reduction to
one node for each mentor is measured in the design notes of the matching (docs/matching.md).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matching.engine.paths import Found, Ways, search, ways_of
from matching.engine.problem import Problem
from matching.engine.shapes import NOBODY, ROWS_AT_ONCE, Booleans, Integers, narrowest_type


@dataclass(frozen=True, eq=False)
class Residual:
    """The moves that are left open by a best plan, each with the loss it would bring.

    Attributes:
        problem: The round that the plan answers.
        mentor_of: The plan, shape `(n_mentees,)`.
        losses: Least loss of moving one person from a to b, shape `(n_mentors + 1, n_mentors + 1)`, the
            last index being the waiting list; `far` where nobody can be moved that way.
        price: Sound prices of a place at each node, the last being 0; shape `(n_mentors + 1,)`. With them
            no slack, `losses[a, b] - price[a] + price[b]`, is negative.
        factor: What the fit is multiplied with in the worth of a pair.
        far: The number that stands for "impossible" in `losses`.
    """

    problem: Problem
    mentor_of: Integers
    losses: Integers
    price: Integers
    factor: int
    far: int

    @cached_property
    def lowest_price(self) -> Integers:
        """The lowest sound prices, each the exact gain in worth of one more place; shape `(n_mentors + 1,)`."""
        # A price may fall by as much as the chain from the waiting list has slack.
        lowest: Integers = self.price - self.search(self.starts_at(self.waiting_list)).length
        return lowest

    @cached_property
    def ways(self) -> Ways:
        """The moves of which best chains are made; to be asked of a graph at its lowest prices only."""
        return ways_of(self.slack)

    @property
    def waiting_list(self) -> int:
        """The node of those who wait."""
        return self.price.size - 1

    @property
    def slack(self) -> Integers:
        """The slack of every single move, `far` where there is none; a new matrix shaped like `losses`."""
        slack: Integers = self.losses - self.price[:, None]
        slack += self.price
        slack[self.losses == self.far] = self.far
        return slack

    def starts_at(self, node: int) -> Integers:
        """Returns a vector of nodes of which only one is reached yet."""
        starts = np.full(self.price.size, self.far, dtype=self.losses.dtype)
        starts[node] = 0
        return starts

    def starts_of(self, mentee: int) -> Integers:
        """Returns where a person may arrive, each with what it falls short of the person's best choice."""
        choices = np.flatnonzero(self.problem.allowed[mentee])
        over = worth_of(self, mentee)[choices] - self.price[choices]
        best = max(over.max(initial=0), 0)
        starts = self.starts_at(self.waiting_list)
        starts[choices], starts[-1] = best - over, best
        return starts

    def search(self, starts: Integers, end: int | None = None) -> Found:
        """Finds the chains of least slack that begin where `starts` is not far, up to `end` if it is given."""
        return search(self.losses, self.price, starts, far=self.far, end=end)

    def node_of(self, mentee: int) -> int:
        """Returns the node at which a person is."""
        return int(self.mentor_of[mentee]) % self.price.size  # -1 becomes the waiting list, which is last.

    def serves(self, problem: Problem) -> bool:
        """Returns True if this graph can be brought up to date for a changed round, exactly."""
        largest = problem.largest_fit * self.factor + (self.factor > 1)
        return self.factor >= problem.serving_factor and narrowest_type(largest) == (self.losses.dtype, self.far)

    @cached_property
    def at_lowest(self) -> "Residual":
        """This graph with its lowest prices, under which every place can be left empty without slack."""
        lowest = replace(self, price=self.lowest_price)
        object.__setattr__(lowest, "lowest_price", self.lowest_price)
        return lowest


def residual_of(problem: Problem, mentor_of: Integers, price: Integers | None = None) -> Residual:
    """Builds the graph of moves of a best plan and prices its places.

    Args:
        problem: The round.
        mentor_of: Its plan, shape `(n_mentees,)`.
        price: The lowest sound prices of places if they are known, in worth, shape `(n_mentors,)`.

    Raises:
        ArithmeticError: If the plan is not optimal, so that no prices exist.
    """
    # No shortest path is longer than twice the largest worth in either direction.
    kind, far = narrowest_type(problem.largest_weight)
    losses = np.full((problem.n_mentors + 1,) * 2, far, dtype=kind)
    residual = Residual(problem, mentor_of, losses, losses[-1], problem.serving_factor, far)
    _move_the_matched(residual)
    _leave_or_stay(residual)
    losses[-1] = _losses_of_waiting(residual)
    lowest = -_from_waiting_list(losses) if price is None else np.append(price, 0).astype(kind)
    object.__setattr__(residual, "price", lowest)
    # Prices that come from the shortest chains themselves are the lowest, and need no second look.
    object.__setattr__(residual, "lowest_price", lowest)
    return residual


def renewed(
    residual: Residual,
    problem: Problem,
    mentor_of: Integers,
    price: Integers,
    nodes: Collection[int],
) -> Residual:
    """Returns the graph of a plan that differs from another in who is at a few nodes, or may leave them.

    Args:
        residual: The graph of the plan before.
        problem: The round after.
        mentor_of: The plan after.
        price: Sound prices after.
        nodes: Where somebody came, left or was bound, or where the number of places changed.
    """
    losses = residual.losses.copy()
    after = Residual(problem, mentor_of, losses, price, residual.factor, residual.far)
    for node in nodes:
        if node == after.waiting_list:
            losses[node] = _losses_of_waiting(after)
        else:
            losses[node] = _losses_from(after, node)
    return after


def worth(fit: Integers, factor: int) -> Integers:
    """Returns what pairs of some fit are worth: the fit, or more if serving somebody counts by itself."""
    return fit if factor == 1 else fit * factor + 1


def in_fit(difference: Integers, factor: int) -> Integers:
    """Reads differences of best totals, counted in worth, as points of fit."""
    # Such a difference is a multiple of the factor, and besides the difference of the people served, which is less
    # than half of the factor (`Problem.serving_factor`).
    return difference if factor == 1 else np.asarray((difference + factor // 2) // factor)


def worth_in_plan(residual: Residual, people: Integers) -> Integers:
    """Returns what each of the people is worth where they are, 0 for those who wait."""
    mentors = residual.mentor_of[people]
    is_paired = mentors != NOBODY
    own = np.zeros(people.size, dtype=np.int64)
    fit = residual.problem.fit[people[is_paired], mentors[is_paired]]
    own[is_paired] = worth(fit.astype(np.int64), residual.factor)
    return own


def worth_of(residual: Residual, mentees: int | Integers) -> Integers:
    """Returns what pairs are worth, allowed or not, in the type of the graph; rows as asked for."""
    return worth(residual.problem.fit[mentees].astype(residual.losses.dtype, copy=False), residual.factor)


def _move_the_matched(residual: Residual) -> None:
    """Enters, for each two mentors, the least loss of moving one person from the first to the second."""
    losses, mentor_of = residual.losses, residual.mentor_of
    movable = np.flatnonzero(residual.problem.is_open & (mentor_of != NOBODY))
    movable = movable[np.argsort(mentor_of[movable], kind="stable")]
    for start in range(0, movable.size, ROWS_AT_ONCE):
        people = movable[start : start + ROWS_AT_ONCE]
        mentors = mentor_of[people]
        loss = _losses_of(residual, people)
        firsts = np.flatnonzero(np.diff(mentors, prepend=NOBODY))
        # A mentor whose people are split over two blocks is met twice, hence the minimum with what stands.
        rows = mentors[firsts]
        losses[rows] = np.minimum(losses[rows], np.minimum.reduceat(loss, firsts))


def _losses_of(residual: Residual, people: Integers) -> Integers:
    """Returns what is lost by moving each of some matched people to each node, shape `(k, n_mentors + 1)`."""
    anywhere, mentors = worth_of(residual, people), residual.mentor_of[people]
    own = anywhere[np.arange(people.size), mentors]
    loss = np.empty((people.size, residual.waiting_list + 1), dtype=anywhere.dtype)
    np.subtract(own[:, None], anywhere, out=loss[:, :-1])
    loss[:, -1] = own
    loss[:, :-1][~residual.problem.allowed[people]] = residual.far
    return loss


def _leave_or_stay(residual: Residual) -> None:
    """Enters the moves that cost nothing: from a mentor with a spare place, and to where one is."""
    residual.losses[:-1, -1][_has_spare_place(residual)] = 0
    # To stay where one is costs nothing, even where nobody is free to move.
    np.fill_diagonal(residual.losses, 0)


def _has_spare_place(residual: Residual) -> Booleans:
    """Returns which mentors could take one more person."""
    mentors = residual.mentor_of[residual.mentor_of != NOBODY]
    return np.asarray(np.bincount(mentors, minlength=residual.waiting_list) < residual.problem.capacity)


def _losses_from(residual: Residual, mentor: int) -> Integers:
    """Returns one row of the graph: what is lost by moving somebody from one mentor elsewhere."""
    present = residual.mentor_of == mentor
    people = np.flatnonzero(present & residual.problem.is_open)
    losses = np.full(residual.price.size, residual.far, dtype=residual.losses.dtype)
    if people.size:
        losses[:] = _losses_of(residual, people).min(axis=0)
    if np.count_nonzero(present) < residual.problem.capacity[mentor]:
        losses[-1] = 0
    losses[mentor] = 0
    return losses


def _losses_of_waiting(residual: Residual) -> Integers:
    """Returns the last row of the graph: the gain, as a negative loss, of taking somebody who waits."""
    # A place can always be left empty, as if somebody came who adds nothing.
    losses = np.zeros(residual.price.size, dtype=residual.losses.dtype)
    waiting = np.flatnonzero(residual.problem.is_open & (residual.mentor_of == NOBODY))
    for start in range(0, waiting.size, ROWS_AT_ONCE):
        people = waiting[start : start + ROWS_AT_ONCE]
        gain = np.where(residual.problem.allowed[people], worth_of(residual, people), 0)
        np.minimum(losses[:-1], -gain.max(axis=0), out=losses[:-1])
    return losses


def _from_waiting_list(losses: Integers) -> Integers:
    """Returns the length of the shortest path from the waiting list to each node (Bellman and Ford).

    Each sweep looks only along edges from nodes whose distance has just fallen, which soon are few.
    """
    distance: Integers = losses[-1].copy()
    fallen = np.arange(distance.size)
    for _ in range(distance.size + 1):
        best = _least_through(losses, distance, fallen)
        fallen = np.flatnonzero(best < distance)
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
