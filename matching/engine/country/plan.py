"""The answer to a round of a whole country, with its proof."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.engine.certificate import Certificate
from matching.engine.country.problem import SparseProblem
from matching.engine.shapes import NOBODY, Integers


@dataclass(frozen=True, eq=False)
class CountryPlan:
    """One best plan of a sparse problem; make it with `solve_country`.

    Attributes:
        problem: The round that the plan answers.
        mentor_of: Each person's mentor, or -1 for those who stay waiting; shape `(n_mentees,)`.
        mentee_price: The dual price of each person, all >= 0, shape `(n_mentees,)`.
        mentor_price: The dual price of a place at each mentor, all >= 0, shape `(n_mentors,)`. It lies between what
            one more place would gain and what one place less would lose, and is neither of them exactly.
    """

    problem: SparseProblem
    mentor_of: Integers
    mentee_price: Integers
    mentor_price: Integers

    @property
    def served(self) -> int:
        """How many people have a mentor."""
        return int(np.count_nonzero(self.mentor_of != NOBODY))

    @cached_property
    def fit(self) -> int:
        """The sum of fit over all pairs of the plan, without any bonus."""
        return int(self.problem.pairs.fit_with(self.mentor_of).sum(dtype=np.int64))

    @cached_property
    def total(self) -> int:
        """The sum of fit and bonus over all pairs of the plan, which no other plan exceeds."""
        return self.fit + int(self.problem.bonus[self.mentor_of != NOBODY].sum(dtype=np.int64))

    @cached_property
    def certificate(self) -> Certificate:
        """The check that this plan is the best one, made from the prices alone."""
        return certify_country(self.problem, self.mentor_of, self.mentee_price, self.mentor_price)


def certify_country(
    problem: SparseProblem,
    mentor_of: Integers,
    mentee_price: Integers,
    mentor_price: Integers,
) -> Certificate:
    """Checks a plan against dual prices, in time proportional to the number of allowed pairs.

    It is the check of `certify`, over the allowed pairs alone: prices >= 0 that add up to the weight of every
    pair or more, and to the total of the plan over all people and places.

    **Source:** weak duality of linear programming; for the assignment Kuhn (1955).

    Args:
        problem: The round.
        mentor_of: The plan: each person's mentor or -1, shape `(n_mentees,)`.
        mentee_price: Shape `(n_mentees,)`.
        mentor_price: Shape `(n_mentors,)`.

    Returns:
        Whether the proof holds, and by how much it fails.
    """
    served = np.flatnonzero(mentor_of != NOBODY)
    fit = problem.pairs.fit_with(mentor_of)
    load = np.bincount(mentor_of[served], minlength=problem.n_mentors)
    unsound = int(np.count_nonzero(fit < 0) + np.count_nonzero(load > problem.capacity))
    unsound += int(np.count_nonzero(mentee_price < 0) + np.count_nonzero(mentor_price < 0))
    unsound += _uncovered(problem, mentee_price, mentor_price)
    # Python's own integers cannot overflow, whatever prices a stranger hands in.
    places = sum(int(free) * int(price) for free, price in zip(problem.capacity, mentor_price, strict=True))
    worth = sum(int(price) for price in mentee_price) + places
    gap = worth - int(fit.sum()) - int(problem.bonus[served].sum())
    return Certificate(holds=gap == 0 and unsound == 0, gap=gap, unsound=unsound)


def _uncovered(problem: SparseProblem, mentee_price: Integers, mentor_price: Integers) -> int:
    """Counts the allowed pairs whose prices do not cover their weight."""
    count = 0
    for block in problem.pairs.blocks():
        own = mentee_price[block.rows] - problem.bonus[block.rows]
        over = problem.pairs.fit[block.pairs] - mentor_price[problem.pairs.mentor[block.pairs]]
        count += int(np.count_nonzero(over > own[block.row]))
    return count
