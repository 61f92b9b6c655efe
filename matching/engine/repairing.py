"""Moving people along chains: how a best plan becomes the best plan after one change.

Each change looks for the one chain of moves that loses least, and nobody off the chain is moved. The
graph of moves is brought up to date along the chain only, so that changes can follow one another.

**Source:** successive shortest paths; the prices are raised by the lengths of the search as in Edmonds and
Karp, "Theoretical improvements in algorithmic efficiency for network flow problems", *Journal of the ACM* 19 (1972).
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from matching.engine.paths import trail
from matching.engine.problem import Problem
from matching.engine.residual import Residual, renewed, worth, worth_in_plan
from matching.engine.shapes import NOBODY, Booleans, Integers


def give(before: Residual, problem: Problem, mentee: int, mentor: int) -> Residual:
    """Binds one person to a mentor, who may have to pass somebody on; `problem` holds the pin."""
    place = before.node_of(mentee)
    if place == mentor:
        return renewed(before, problem, before.mentor_of, before.price, {mentor})
    return _reroute(before, problem, before.starts_at(mentor), place, mentee)


def place_anew(before: Residual, problem: Problem, mentee: int) -> Residual:
    """Gives one person the best of what `problem` leaves; others may move up into the place that is left."""
    after = replace(before, problem=problem)
    return _reroute(before, problem, after.starts_of(mentee), before.node_of(mentee), mentee)


def keep(before: Residual, problem: Problem, mentee: int) -> Residual:
    """Leaves everybody where they are, when one person may make fewer moves than before."""
    return renewed(before, problem, before.mentor_of, before.price, {before.node_of(mentee)})


def let_go(before: Residual, problem: Problem, mentee: int) -> Residual:
    """Takes one person out of the round; the place goes to whom it serves best."""
    place = before.node_of(mentee)
    if place == before.waiting_list:
        return renewed(before, problem, before.mentor_of, before.price, {place})
    return _reroute(before, problem, before.starts_at(before.waiting_list), place, mentee, goes=True)


def arrive_last(before: Residual, problem: Problem) -> Residual:
    """Places one more person, who stands last in `problem`; whoever is displaced last finds a spare place or waits."""
    mentor_of = np.append(before.mentor_of, NOBODY)
    return _arrive(replace(before, problem=problem, mentor_of=mentor_of), problem.n_mentees - 1)


def open_place(before: Residual, problem: Problem, mentor: int) -> Residual:
    """Fills one more place at a mentor, if that gains anything."""
    return _reroute(before, problem, before.starts_at(before.waiting_list), mentor)


def close_place(before: Residual, problem: Problem, mentor: int) -> Residual:
    """Takes one place from a mentor; if it was filled, the person leaves whose going loses least."""
    if np.count_nonzero(before.mentor_of == mentor) <= problem.capacity[mentor]:
        return renewed(before, problem, before.mentor_of, before.price, {mentor})
    return _reroute(before, problem, before.starts_at(mentor), before.waiting_list)


def close_all_places(before: Residual, problem: Problem, mentor: int) -> Residual:
    """Takes all places from a mentor, one after another; whoever is there is placed anew."""
    graph = renewed(before, problem, before.mentor_of, before.price, {mentor})
    while (people := np.flatnonzero(graph.mentor_of == mentor)).size:
        # The person is nowhere for a moment: gone from the mentor, and not among those who can be taken from the
        # waiting list, as that row is not renewed. To come back is possible only if somebody else goes instead.
        mentor_of = graph.mentor_of.copy()
        mentor_of[people[0]] = NOBODY
        graph = _arrive(renewed(graph, problem, mentor_of, graph.price, {mentor}), int(people[0]))
    return graph


def open_all_places(before: Residual, problem: Problem) -> Residual:
    """Adds the mentor who stands last in `problem`, and fills the places one after another."""
    mentor = problem.n_mentors - 1
    places = int(min(problem.capacity[mentor], np.count_nonzero(problem.allowed[:, mentor])))
    graph = _widened(before, problem.with_more_places(mentor, -int(problem.capacity[mentor])))
    for _ in range(places):
        graph = open_place(graph, graph.problem.with_more_places(mentor, 1), mentor)
    # Places that nobody could fill are spare, which only the lowest prices allow for.
    return renewed(graph, problem, graph.mentor_of, graph.lowest_price, {mentor})


def _arrive(before: Residual, mentee: int) -> Residual:
    """Places a person who is nowhere yet."""
    return _reroute(before, before.problem, before.starts_of(mentee), before.waiting_list, mentee)


def _widened(before: Residual, problem: Problem) -> Residual:
    """Adds a node for the last mentor of `problem`, who is new and has no place yet."""
    new, places = before.waiting_list, before.price.size
    # Everybody moves on by one place in the matrix who stands behind the new mentor: only the waiting list does.
    old = np.append(np.arange(new), new + 1)
    losses = np.full((places + 1, places + 1), before.far, dtype=before.losses.dtype)
    losses[np.ix_(old, old)] = before.losses
    losses[new, new] = 0
    losses[-1, new] = 0
    people = np.flatnonzero(problem.is_open & problem.allowed[:, new])
    loss = worth_in_plan(before, people) - worth(problem.fit[people, new].astype(np.int64), before.factor)
    np.minimum.at(losses[:, new], old[before.mentor_of[people]], loss.astype(losses.dtype))
    # The price that nobody is worth more than: the gain of the first place.
    price = np.insert(before.price, new, 0)
    price[new] = (price[old[before.mentor_of[people]]] - loss).max(initial=0)
    return Residual(problem, before.mentor_of, losses, price, before.factor, before.far)


def _reroute(
    before: Residual,
    problem: Problem,
    starts: Integers,
    end: int,
    mentee: int | None = None,
    *,
    goes: bool = False,
) -> Residual:
    """Moves people along the best chain from where it may begin to its end.

    Args:
        before: The graph of the plan before.
        problem: The round after.
        starts: What it costs to begin at each node.
        end: The place that is left, or filled.
        mentee: Who comes to the first node of the chain, or goes.
        goes: True if that person leaves the round.
    """
    found = before.search(starts, end)
    if found.length[end] >= before.far // 2:
        raise ValueError("no move can make room for the pair")
    nodes = trail(before.losses, before.price, starts, found, end)
    mentor_of = before.mentor_of.copy()
    if mentee is not None:
        mentor_of[mentee] = NOBODY if goes else _mentor_at(before, nodes[0])
    for here, there in pairwise(nodes):
        mover = _who_moves(before, here, there)
        if mover != NOBODY:
            mentor_of[mover] = _mentor_at(before, there)
    rise = np.minimum(found.length, found.length[end])
    return renewed(before, problem, mentor_of, before.price - rise + rise[-1], set(nodes) | {end})


def _mentor_at(residual: Residual, node: int) -> int:
    """Returns the mentor that a node stands for, -1 for the waiting list."""
    return NOBODY if node == residual.waiting_list else node


def _who_moves(residual: Residual, here: int, there: int) -> int:
    """Returns the person whose move between two nodes loses least, or -1 where a spare place serves."""
    problem, mentor_of = residual.problem, residual.mentor_of
    if there == residual.waiting_list and np.count_nonzero(mentor_of == here) < problem.capacity[here]:
        return NOBODY
    people = np.flatnonzero(problem.is_open & (mentor_of == _mentor_at(residual, here)))
    people = people[_may_be_at(residual, people, there)]
    if not people.size:
        return NOBODY
    return int(people[np.argmax(_worth_at(residual, people, there) - _worth_at(residual, people, here))])


def _may_be_at(residual: Residual, people: Integers, node: int) -> Booleans:
    """Returns which of the people may be at a node; everybody may wait."""
    if node == residual.waiting_list:
        return np.ones(people.size, dtype=np.bool_)
    return np.asarray(residual.problem.allowed[people, node])


def _worth_at(residual: Residual, people: Integers, node: int) -> Integers:
    """Returns what each of the people is worth at a node; nothing on the waiting list."""
    if node == residual.waiting_list:
        return np.zeros(people.size, dtype=np.int64)
    return worth(residual.problem.fit[people, node].astype(np.int64), residual.factor)
