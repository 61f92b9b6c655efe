"""The order of aims of a large round: people of high need, then people served, then fit.

The encoding of a small round (`lexicographic`) needs one unit for each aim, and with two units the numbers pass
2**53 at about 13,000 pairs. Here one unit serves both aims, so that they stay exact to 700,000 people.
"""

import numpy as np
import numpy.typing as npt

from matching.engine.aims import band_of
from matching.engine.country.problem import SparseProblem


def order_of_aims(
    problem: SparseProblem,
    *,
    high_need: npt.ArrayLike | None = None,
    floor: int = 0,
) -> SparseProblem:
    """Writes the order of aims into the bonus of each person: A for all, and A once more for high need.

    With k the most pairs and F the largest fit, `A = k F + 1`: one more in "people served plus people of
    high need served" outweighs any difference of fit.

    Proof that this sum serves both aims in their order: The sets of people who can all be served at once
    form a matroid. In a matroid, every largest set of high need that can be served is part of some largest set
    that can be served. So some plan serves the most people of high need, H, and at the same time the most people, S.
    Its sum is H + S, and no plan has more of either; a plan that reaches H + S therefore has H and has S.

    **Source:** Edmonds and Fulkerson, "Transversals and matroid partition", *Journal of Research of the
    National Bureau of Standards* 69B (1965).

    Args:
        problem: The round; its own bonus is replaced.
        high_need: True for people in the highest need band, shape `(n_mentees,)`; nobody if left out.
        floor: Pairs with less fit than this are not proposed at all.

    Returns:
        The round with its order of aims.

    Raises:
        ValueError: If `high_need` has another shape or type, or the round is too large to be exact.
    """
    band = band_of(high_need, problem.n_mentees)
    pairs = problem.pairs.at_least(floor) if floor > 1 else problem.pairs
    unit = problem.most_pairs * int(pairs.fit.max(initial=0)) + 1
    return SparseProblem(pairs, problem.capacity, unit * (1 + band.astype(np.int64)))
