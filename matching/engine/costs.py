"""What choosing otherwise would cost, read off the graph of moves.

To force a pair costs by how much its two prices exceed its worth, and the slack of the best chain of moves from the
mentor to the place that the person leaves. All functions want a graph at its lowest prices (`Residual.at_lowest`).
"""

import numpy as np

from matching.engine.paths import chains_to
from matching.engine.residual import Residual, in_fit, worth_in_plan, worth_of
from matching.engine.shapes import NOBODY, ROWS_AT_ONCE, Booleans, Integers

IMPOSSIBLE = -1
"""The cost of a pair that cannot be: forbidden, or the mentor has no place to give."""


def costs_of_all(graph: Residual) -> Integers:
    """Returns what forcing each pair costs in points of fit, shape `(n_mentees, n_mentors)`."""
    problem, mentee_price = graph.problem, price_of_mentees(graph)
    cost = np.empty(problem.fit.shape, dtype=np.int64)
    # People of one mentor stand together, as the chains to the place that they leave are the same.
    order = np.argsort(graph.mentor_of, kind="stable")
    for start in range(0, problem.n_mentees, ROWS_AT_ONCE):
        people = order[start : start + ROWS_AT_ONCE]
        places, which = np.unique(graph.mentor_of[people] % graph.price.size, return_inverse=True)
        chains = chains_to(graph.ways, places)[which, :-1]
        cost[people] = _costs(graph, people, mentee_price[people], chains)
    return cost


def costs_of_one(graph: Residual, mentee: int) -> Integers:
    """Returns what forcing one person to each mentor costs in points of fit, shape `(n_mentors,)`."""
    people = np.array([mentee])
    chains = chains_to(graph.ways, np.array([graph.node_of(mentee)]))[:, :-1]
    price = worth_in_plan(graph, people) - graph.price[graph.mentor_of[people]]
    return np.asarray(_costs(graph, people, price, chains)[0])


def cheapest_to_part(graph: Residual) -> int | None:
    """Returns the paired person whose pair can be given up at the least cost; None if no pair is open.

    The reduced costs of a person bound that cost from below, and the chains by way of the waiting list from above.
    So only the few people are looked at whose lower bound is below the least upper bound.
    """
    people = np.flatnonzero(graph.problem.is_open & (graph.mentor_of != NOBODY))
    if not people.size:
        return None
    lower, upper = _bounds_of_parting(graph, people)
    first = int(upper.argmin())
    best, cheapest = int(upper[first]), int(people[first])
    for index in np.argsort(lower, kind="stable"):
        if lower[index] >= best:
            break
        cost = _cost_of_parting(graph, int(people[index]), best)
        if cost < best:
            best, cheapest = cost, int(people[index])
    return cheapest


def price_of_mentees(graph: Residual) -> Integers:
    """Returns each person's own worth less the price of the place, shape `(n_mentees,)`."""
    people = np.arange(graph.problem.n_mentees)
    # Index -1, the waiting list, finds the 0 that stands last.
    prices: Integers = worth_in_plan(graph, people) - graph.price[graph.mentor_of]
    return prices


def _costs(graph: Residual, people: Integers, mentee_price: Integers, chains: Integers) -> Integers:
    """Adds reduced costs and chains for some people, and marks what cannot be."""
    problem = graph.problem
    own_place = np.arange(problem.n_mentors) == graph.mentor_of[people, None]
    possible = problem.allowed[people] & (chains < graph.far // 2) & (problem.is_open[people, None] | own_place)
    lost = _reduced(graph, people, mentee_price) + chains
    return np.where(possible, in_fit(lost, graph.factor), IMPOSSIBLE)


def _reduced(graph: Residual, people: Integers, mentee_price: Integers) -> Integers:
    """Returns by how much the two prices of each pair exceed its worth, >= 0 for allowed pairs."""
    reduced: Integers = mentee_price[:, None] + graph.price[:-1] - worth_of(graph, people)
    return reduced


def _bounds_of_parting(graph: Residual, people: Integers) -> tuple[Integers, Integers]:
    """Returns the least and the most that giving up each of some pairs can cost, in worth."""
    prices = price_of_mentees(graph)
    lower, upper = prices[people], prices[people]
    for start in range(0, people.size, ROWS_AT_ONCE):
        block = slice(start, start + ROWS_AT_ONCE)
        some = people[block]
        reduced = np.where(_others(graph, some), _reduced(graph, some, prices[some]), 2 * graph.far)
        np.minimum(lower[block], reduced.min(axis=1), out=lower[block])
        reduced += graph.ways.to_waiting[:-1]
        np.minimum(upper[block], reduced.min(axis=1), out=upper[block])
    return lower, upper


def _others(graph: Residual, people: Integers) -> Booleans:
    """Returns which mentors some people could have besides their own."""
    others: Booleans = graph.problem.allowed[people] & (graph.ways.to_waiting[:-1] < graph.far // 2)
    others[np.arange(people.size), graph.mentor_of[people]] = False
    return others


def _cost_of_parting(graph: Residual, mentee: int, bound: int) -> int:
    """Returns what giving up one person's pair costs, in worth, or a number not below the bound."""
    people = np.array([mentee])
    price = worth_in_plan(graph, people) - graph.price[graph.mentor_of[people]]
    chains = chains_to(graph.ways, np.array([graph.node_of(mentee)]), bound)[0, :-1]
    cost = _reduced(graph, people, price)[0] + chains
    return min(int(price[0]), int(cost[_others(graph, people)[0]].min(initial=bound)))
