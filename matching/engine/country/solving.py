"""The best plan of a whole country, found by looking at few pairs and proved for all of them."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.engine.country.core import Core, ascending_once, core_of, first_core
from matching.engine.country.opening import opening
from matching.engine.country.plan import CountryPlan
from matching.engine.country.pricing import Prices, missed_places, prices_of
from matching.engine.country.problem import SparseProblem
from matching.engine.country.progress import Progress, say_nothing
from matching.engine.shapes import NOBODY, Integers


def solve_country(
    problem: SparseProblem,
    *,
    seed: int | None = None,
    progress: Progress = say_nothing,
) -> CountryPlan:
    """Finds a plan of the highest total weight among all plans that keep rules and capacities.

    Nearly every pair of a best plan is among the best dozen of one of its two people. So these are solved and
    priced, the prices are held against all pairs, those that they do not cover are looked at too, and so on until
    none is left. Then the prices prove the plan for the whole country. Each turn begins with the prices of the last, so
    that later ones have little left to do.

    **Source:** Volgenant, "Linear and semi-assignment problems: a core oriented approach", *Computers &
    Operations Research* 23 (1996).

    Args:
        problem: The round.
        seed: Draws the order in which people are shown to the solver, which decides between plans of the
            same total. None keeps the order given. The same seed gives the same plan to the bit.
        progress: Is told the turn, and how many pairs are looked at of all there are.

    Returns:
        The plan with its proof.
    """
    people = np.arange(problem.n_mentees)
    order = people if seed is None else np.random.default_rng(seed).permutation(people)
    progress("opening", 0, problem.pairs.n_pairs)
    core, prices = opening(problem, first_core(problem))
    turn = 0
    while True:
        turn += 1
        progress(f"solving, turn {turn}", core.place.size, problem.pairs.n_pairs)
        mentor_of = _solve_core(problem, core, prices, order)
        progress(f"pricing, turn {turn}", core.place.size, problem.pairs.n_pairs)
        prices = prices_of(problem, core, mentor_of)
        progress(f"proving, turn {turn}", core.place.size, problem.pairs.n_pairs)
        missed = missed_places(problem, prices)
        if not missed.size:
            return CountryPlan(problem, mentor_of, prices.mentee, prices.mentor)
        core = core_of(problem, ascending_once(core.place, missed))


def _solve_core(problem: SparseProblem, core: Core, prices: Prices, order: Integers) -> Integers:
    """Solves the pairs looked at; returns the mentor of each person or -1.

    The solver wants everybody matched, so the problem is doubled: each person has an image and so has each
    place. A pair is taken together with the pair of its images, and whoever stays alone is matched with the own
    image. In this square problem prices may be taken off without changing what is best. Lengths are made odd, as
    the solver reads 0 as "no pair".
    """
    wanted = np.bincount(core.mentor, minlength=problem.n_mentors)
    places = np.repeat(np.arange(problem.n_mentors), np.minimum(problem.capacity, wanted))
    rank = np.argsort(order)
    row, place, reduced = _at_every_place(core, prices, places, problem.n_mentors)
    people, free = np.arange(problem.n_mentees), np.arange(places.size)
    starts = np.concatenate((rank[row], people, people.size + free, people.size + place))
    ends = np.concatenate((place, places.size + people, free, places.size + rank[row]))
    alone = np.concatenate((prices.mentee[order], prices.mentor[places]))
    lengths = np.concatenate((reduced, 2 * alone, reduced)) * 2.0 + 1.0
    size = people.size + places.size
    if not size:
        return np.full(0, NOBODY)
    _, end_of = min_weight_full_bipartite_matching(csr_array((lengths, (starts, ends)), shape=(size, size)))
    return np.append(places, np.full(people.size, NOBODY))[end_of[rank]]


def _at_every_place(
    core: Core,
    prices: Prices,
    places: Integers,
    n_mentors: int,
) -> tuple[Integers, Integers, Integers]:
    """Repeats each pair for every place of its mentor, with what the two prices exceed its weight by."""
    times = np.bincount(places, minlength=n_mentors)
    first = np.cumsum(times) - times
    reduced = prices.mentee[core.row] + prices.mentor[core.mentor] - core.weight
    own = times[core.mentor]
    # The places of a mentor stand together: so many steps from the first as the pair was repeated before.
    step = np.arange(own.sum()) - np.repeat(np.cumsum(own) - own, own)
    return np.repeat(core.row, own), np.repeat(first[core.mentor], own) + step, np.repeat(reduced, own)
