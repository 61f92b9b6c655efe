"""The answer to one round: who is paired, why nobody could do better, and what other choices would cost."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.engine.assigning import assign
from matching.engine.certificate import Certificate, certify
from matching.engine.paths import all_chains, chains_from
from matching.engine.problem import Problem
from matching.engine.repairing import move_along
from matching.engine.residual import Residual, residual_of
from matching.engine.shapes import NOBODY, ROWS_AT_ONCE, Integers

IMPOSSIBLE = -1
"""The cost of a pair that cannot be: forbidden, or the mentor has no place to give."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One best plan of a problem. Make it with `solve`; a plan that is not best raises when it is priced.

    Every number is exact, in points of fit. Prices and costs are worked out when they are first asked
    for and kept.

    Attributes:
        problem: The round that the plan answers.
        mentor_of: Each person's mentor, or -1 for those who stay waiting; shape `(n_mentees,)`.
    """

    problem: Problem
    mentor_of: Integers

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
        return self._residual.place_value

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
        # One row for each place that can be left; the last is the waiting list, which index -1 finds.
        chains = np.ascontiguousarray(all_chains(self._residual)[:-1].T)
        cost = np.empty(self.problem.fit.shape, dtype=np.int64)
        for start in range(0, self.problem.n_mentees, ROWS_AT_ONCE):
            block = slice(start, start + ROWS_AT_ONCE)
            cost[block] = self._price_rows(block, chains[self.mentor_of[block]])
        return cost

    def override_cost_of(self, mentee: int) -> Integers:
        """Returns one row of `override_cost`, shape `(n_mentors,)`, far faster than the whole.

        Raises:
            IndexError: If there is no such mentee.
        """
        if not 0 <= mentee < self.problem.n_mentees:
            raise IndexError(f"no mentee {mentee} among {self.problem.n_mentees}")
        row = slice(mentee, mentee + 1)
        return np.asarray(self._price_rows(row, self._chains_to_place_of(mentee)[None])[0])

    def recruit_value(self, fit: Integers) -> Integers:
        """Returns the exact gain of total from one new mentor with one place, for each kind of mentor.

        Args:
            fit: Fit of everybody waiting with each imagined mentor, 0 where a veto forbids the pair;
                shape `(n_mentees, n_kinds)`.

        Returns:
            The gain of each kind alone, shape `(n_kinds,)`, in points of fit.
        """
        gain = (fit - self.mentee_price[:, None])[self.problem.is_open]
        return np.asarray(gain.max(axis=0, initial=0))

    def with_pair(self, mentee: int, mentor: int) -> "Plan":
        """Returns the best plan in which this pair stands, by moving the fewest people it must.

        Raises:
            IndexError: If there is no such mentee or mentor.
            ValueError: If the pair is forbidden or the mentor has no place for it.
        """
        problem = self.problem.pin(mentee, mentor)
        if problem.has_worthless_pairs:
            return Plan(problem, assign(problem))
        return Plan(problem, move_along(self.problem, self.mentor_of, self._residual, mentee, mentor))

    def without_pair(self, mentee: int, mentor: int) -> "Plan":
        """Returns the best plan in which this pair is forbidden, by moving the fewest people it must.

        Raises:
            IndexError: If there is no such mentee or mentor.
        """
        problem = self.problem.forbid(mentee, mentor)
        if self.mentor_of[mentee] != mentor:
            return Plan(problem, self.mentor_of)
        if problem.has_worthless_pairs:
            return Plan(problem, assign(problem))
        return Plan(problem, move_along(self.problem, self.mentor_of, self._residual, mentee, self._next_best(mentee)))

    @cached_property
    def _residual(self) -> Residual:
        return residual_of(self.problem, self.mentor_of)

    @cached_property
    def _own_fit(self) -> Integers:
        """The fit of each person's pair, 0 for those who wait."""
        own = np.zeros(self.problem.n_mentees, dtype=np.int64)
        mentees, mentors = self.pairs.T
        own[mentees] = self.problem.fit[mentees, mentors]
        return own

    def _chains_to_place_of(self, mentee: int) -> Integers:
        """Returns the length of the shortest chain from each mentor to the place that the mentee holds."""
        place = int(self.mentor_of[mentee]) % (self.problem.n_mentors + 1)  # -1 becomes the waiting list.
        return chains_from(self._residual.slack.T, place, self._residual.far).length[:-1]

    def _price_rows(self, rows: slice, chains: Integers) -> Integers:
        """Adds reduced costs and chains for some mentees, and marks what cannot be."""
        problem = self.problem
        own_place = np.arange(problem.n_mentors) == self.mentor_of[rows, None]
        possible = problem.allowed[rows] & (chains < self._residual.far) & (problem.is_open[rows, None] | own_place)
        return np.where(possible, self._reduced_cost(rows) + chains, IMPOSSIBLE)

    def _reduced_cost(self, rows: slice) -> Integers:
        """Returns by how much the two prices of each pair exceed its fit."""
        return self.mentee_price[rows, None] + self.mentor_price - self.problem.fit[rows]

    def _next_best(self, mentee: int) -> int:
        """Returns where the mentee goes at the least loss if the present mentor is forbidden; -1 is waiting."""
        chains = self._chains_to_place_of(mentee)
        possible = self.problem.allowed[mentee] & (chains < self._residual.far)
        possible[self.mentor_of[mentee]] = False
        loss = (self._reduced_cost(slice(mentee, mentee + 1))[0] + chains)[possible]
        if not loss.size or loss.min() >= self.mentee_price[mentee]:
            return NOBODY
        return int(np.flatnonzero(possible)[loss.argmin()])
