"""The answer to one round: who is paired, why nobody could do better, and what other choices would cost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matching.engine import repairing
from matching.engine.assigning import assign
from matching.engine.certificate import Certificate, certify
from matching.engine.costs import IMPOSSIBLE, cheapest_to_part, costs_of_all, costs_of_one
from matching.engine.moves import Alternative, Move
from matching.engine.problem import Problem
from matching.engine.residual import Residual, in_fit, residual_of
from matching.engine.shapes import NOBODY, Integers


@dataclass(frozen=True, eq=False)
class Plan:
    """One best plan of a problem. Make it with `solve`; a plan that is not best raises when it is priced.

    Every number is exact, in points of fit. Prices and costs are worked out when they are first asked
    for and kept. The methods `with_...` and `without_...` return the best plan after one change, equal in
    total to solving from scratch, and move only people on the one chain that loses least. They can follow one another.

    Attributes:
        problem: The round that the plan answers.
        mentor_of: Each person's mentor, or -1 for those who stay waiting; shape `(n_mentees,)`.
        price: The lowest prices of places, in the worth that the solver saw, where it found them on its way.
        graph: The graph of moves, where the plan came of another plan by one change.
    """

    problem: Problem
    mentor_of: Integers
    price: Integers | None = field(default=None, repr=False)
    graph: Residual | None = field(default=None, repr=False)

    @cached_property
    def total(self) -> int:
        """The sum of fit over all pairs of the plan."""
        return int(self._own_fit.sum(dtype=np.int64))

    @property
    def pairs(self) -> Integers:
        """The pairs of the plan as rows (mentee, mentor), in the order of the mentees; shape `(n_pairs, 2)`."""
        mentees = np.flatnonzero(self.mentor_of != NOBODY)
        return np.column_stack((mentees, self.mentor_of[mentees]))

    @cached_property
    def mentor_price(self) -> Integers:
        """The dual price of a place at each mentor, all >= 0, shape `(n_mentors,)`: the gain of one more place."""
        if self.price is not None:
            return in_fit(self.price, self.problem.serving_factor)
        return in_fit(self._graph.lowest_price[:-1].astype(np.int64), self._graph.factor)

    @cached_property
    def mentee_price(self) -> Integers:
        """The dual price of each mentee, shape `(n_mentees,)`: own fit less the price of the place.

        Never negative, except for a pinned person whose place would be worth more to others.
        """
        # Index -1, the waiting list, finds the 0 that stands last.
        prices: Integers = self._own_fit - np.append(self.mentor_price, 0)[self.mentor_of]
        return prices

    @cached_property
    def certificate(self) -> Certificate:
        """The check that this plan is the best one, made from the prices alone."""
        return certify(self.problem, self.mentor_of, self.mentee_price, self.mentor_price)

    def place_value(self) -> Integers:
        """Returns the exact gain of total if a mentor had one more place, shape `(n_mentors,)`."""
        return self.mentor_price

    def waiting_cost(self) -> Integers:
        """Returns the exact loss of total if a person had to stay waiting, shape `(n_mentees,)`.

        Others move up into the freed place, so it is at most the person's own fit; it is 0 for those
        who wait already, and -1 for a pinned person, about whom people have decided.
        """
        # The freed place is worth its price to the others, and what remains is the mentee's own price.
        return np.where(self.problem.is_open, self.mentee_price, IMPOSSIBLE)

    def override_cost(self) -> Integers:
        """Returns the exact loss of total if a pair is forced, shape `(n_mentees, n_mentors)`.

        All others are placed anew as well as they can be. It is 0 for the pairs of the plan and for
        pairs of other plans as good, and -1 where the pair cannot be: forbidden, no place at the
        mentor, or the person is pinned to another mentor.

        For mentee i and mentor j it is the reduced cost `u_i + v_j - fit_ij` and the length of the
        shortest chain of moves from j to the place that i leaves. The reduced cost alone is only a
        lower bound.
        """
        return costs_of_all(self._graph.at_lowest)

    def override_cost_of(self, mentee: int) -> Integers:
        """Returns one row of `override_cost`, shape `(n_mentors,)`, far faster than the whole.

        Raises:
            IndexError: If there is no such mentee.
        """
        self.problem.check_mentee(mentee)
        return costs_of_one(self._graph.at_lowest, mentee)

    def alternatives(self, mentee: int, count: int = 3) -> tuple[Alternative, ...]:
        """Returns the mentors who could be chosen instead at the least cost, and who would have to move.

        Args:
            mentee: Whose mentor is in question. A pinned person has no alternative until the pin is lifted.
            count: How many mentors at most.

        Returns:
            The cheapest first; of equal cost the one that stands first in the round.

        Raises:
            IndexError: If there is no such mentee.
        """
        cost = self.override_cost_of(mentee)
        mentors = np.flatnonzero((cost != IMPOSSIBLE) & (np.arange(cost.size) != self.mentor_of[mentee]))
        cheapest = mentors[np.argsort(cost[mentors], kind="stable")[:count]].tolist()
        return tuple(
            Alternative(mentor, int(cost[mentor]), self.moves_to(self.with_pair(mentee, mentor))) for mentor in cheapest
        )

    def moves_to(self, other: "Plan") -> tuple[Move, ...]:
        """Lists who has another mentor in another plan of the same people, in the order of the people."""
        moved = np.flatnonzero(self.mentor_of != other.mentor_of)
        rows = np.column_stack((moved, self.mentor_of[moved], other.mentor_of[moved]))
        return tuple(Move(*row) for row in rows.tolist())

    def next_best(self) -> "Plan | None":
        """Returns the best plan that is not this one, or None if no pair is open to another choice.

        It may be as good as this one. Every other plan that could be next lacks at least one pair of this plan, so
        it is the best of all plans without one certain pair; its problem forbids that pair.
        """
        mentee = cheapest_to_part(self._graph.at_lowest)
        return None if mentee is None else self.without_pair(mentee, int(self.mentor_of[mentee]))

    def recruit_value(self, fit: Integers, places: int = 1) -> Integers:
        """Returns the exact gain of total from one new mentor, for each kind of mentor.

        Args:
            fit: Fit of everybody waiting with each imagined mentor, 0 where a veto forbids the pair;
                shape `(n_mentees, n_kinds)`.
            places: How many people the new mentor could take. One place is read off the prices for all kinds at
                once; more are filled one after another for each kind.

        Returns:
            The gain of each kind alone, shape `(n_kinds,)`, in points of fit.
        """
        gain = (fit - self.mentee_price[:, None])[self.problem.is_open]
        first = np.asarray(gain.max(axis=0, initial=0))
        if places == 1:
            return first
        value = np.zeros_like(first)
        # Later places never gain more than the first, so a kind whose first place gains nothing gains nothing at all.
        for kind in np.flatnonzero(first > 0).tolist():
            value[kind] = self.with_mentor(fit[:, kind], fit[:, kind] > 0, places).total - self.total
        return value

    def with_pair(self, mentee: int, mentor: int) -> "Plan":
        """Returns the best plan in which this pair stands.

        Raises:
            IndexError: If there is no such mentee or mentor.
            ValueError: If the pair is forbidden or the mentor has no place for it.
        """
        problem = self.problem.pin(mentee, mentor)
        return self._repaired(problem, lambda graph: repairing.give(graph, problem, mentee, mentor))

    def without_pair(self, mentee: int, mentor: int) -> "Plan":
        """Returns the best plan in which this pair is forbidden.

        Raises:
            IndexError: If there is no such mentee or mentor.
        """
        problem = self.problem.forbid(mentee, mentor)
        change = repairing.place_anew if self.mentor_of[mentee] == mentor else repairing.keep
        return self._repaired(problem, lambda graph: change(graph, problem, mentee))

    def with_allowed(self, mentee: int, mentor: int) -> "Plan":
        """Returns the best plan if a veto is lifted from this pair.

        Raises:
            IndexError: If there is no such mentee or mentor.
        """
        problem = self.problem.allow(mentee, mentor)
        change = repairing.place_anew if problem.is_open[mentee] else repairing.keep
        return self._repaired(problem, lambda graph: change(graph, problem, mentee))

    def with_place(self, mentor: int) -> "Plan":
        """Returns the best plan if a mentor had one more place.

        Raises:
            IndexError: If there is no such mentor.
        """
        problem = self.problem.with_more_places(mentor, 1)
        return self._repaired(problem, lambda graph: repairing.open_place(graph, problem, mentor))

    def without_place(self, mentor: int) -> "Plan":
        """Returns the best plan if a mentor had one place less.

        Raises:
            IndexError: If there is no such mentor.
            ValueError: If the mentor has no place, or only places for people who are pinned.
        """
        problem = self.problem.with_more_places(mentor, -1)
        return self._repaired(problem, lambda graph: repairing.close_place(graph, problem, mentor))

    def without_mentee(self, mentee: int) -> "Plan":
        """Returns the best plan without one person, who keeps the index and is allowed nobody.

        Raises:
            IndexError: If there is no such mentee.
        """
        problem = self.problem.withdraw(mentee)
        return self._repaired(problem, lambda graph: repairing.let_go(graph, problem, mentee))

    def without_mentor(self, mentor: int) -> "Plan":
        """Returns the best plan without one mentor, who keeps the index and has no place; pins to them are lifted.

        Raises:
            IndexError: If there is no such mentor.
        """
        problem = self.problem.close(mentor)
        return self._repaired(problem, lambda graph: repairing.close_all_places(graph, problem, mentor))

    def with_mentee(self, fit: npt.ArrayLike, allowed: npt.ArrayLike) -> "Plan":
        """Returns the best plan with one more person, who stands last.

        Args:
            fit: The person's fit with each mentor, shape `(n_mentors,)`.
            allowed: False where a veto forbids the pair, same shape.

        Raises:
            ValueError: If a shape or number is unsound, as in `Problem`.
        """
        problem = self.problem.with_row(fit, allowed)
        return self._repaired(problem, lambda graph: repairing.arrive_last(graph, problem))

    def with_mentor(self, fit: npt.ArrayLike, allowed: npt.ArrayLike, places: int = 1) -> "Plan":
        """Returns the best plan with one more mentor, who stands last.

        Args:
            fit: Each person's fit with the mentor, shape `(n_mentees,)`.
            allowed: False where a veto forbids the pair, same shape.
            places: How many people the mentor can take.

        Raises:
            ValueError: If a shape or number is unsound, as in `Problem`.
        """
        problem = self.problem.with_column(fit, allowed, places)
        return self._repaired(problem, lambda graph: repairing.open_all_places(graph, problem))

    def _repaired(self, problem: Problem, change: Callable[[Residual], Residual]) -> "Plan":
        """Returns the plan after a change to the graph of moves, or a new one where its numbers are too narrow."""
        if not self._graph.serves(problem):
            return Plan(problem, *assign(problem))
        graph = change(self._graph)
        return Plan(problem, graph.mentor_of, graph=graph)

    @cached_property
    def _graph(self) -> Residual:
        return self.graph or residual_of(self.problem, self.mentor_of, self.price)

    @cached_property
    def _own_fit(self) -> Integers:
        """The fit of each person's pair, 0 for those who wait."""
        own = np.zeros(self.problem.n_mentees, dtype=np.int64)
        mentees, mentors = self.pairs.T
        own[mentees] = self.problem.fit[mentees, mentors]
        return own
