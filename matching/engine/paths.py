"""Shortest chains of moves: who would have to move where, and what the whole chain would lose."""

from typing import NamedTuple

import numpy as np

from matching.engine.residual import Residual
from matching.engine.shapes import NOBODY, Integers


class Chains(NamedTuple):
    """The shortest chains from one node to all others.

    Attributes:
        length: Length of the chain to each node, shape `(n_mentors + 1,)`; `far` where there is none.
        before: The node before each node on its chain, or -1.
    """

    length: Integers
    before: Integers


def chains_from(slack: Integers, source: int, far: int, *, until: int | None = None) -> Chains:
    """Finds the shortest chains from one node, nearest node first (Dijkstra on a full matrix).

    Args:
        slack: Lengths of single steps, all >= 0, shape `(n, n)`. Hand in the transpose to find the
            chains that end at `source` instead.
        source: Where the chains start.
        far: The length that stands for "impossible".
        until: Stop as soon as this node is reached; lengths of later nodes are then only bounds.

    Returns:
        Lengths and predecessors.
    """
    length = np.full(slack.shape[0], far, dtype=slack.dtype)
    before = np.full(slack.shape[0], NOBODY)
    length[source] = 0
    unsettled = length.copy()
    for _ in range(slack.shape[0]):
        node = int(unsettled.argmin())
        if unsettled[node] >= far or node == until:
            break
        through = slack[node] + unsettled[node]
        nearer = np.flatnonzero(through < length)
        length[nearer] = unsettled[nearer] = through[nearer]
        before[nearer] = node
        unsettled[node] = far
    return Chains(length, before)


def route(residual: Residual, start: int, end: int) -> list[int]:
    """Lists the nodes of the shortest chain between two nodes, both included.

    Raises:
        ValueError: If no chain of moves leads there, as when the first mentor has no place at all.
    """
    chains = chains_from(residual.slack, start, residual.far, until=end)
    if chains.length[end] >= residual.far:
        raise ValueError("no move can make room for the pair")
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(int(chains.before[nodes[-1]]))
    return nodes[::-1]


def all_chains(residual: Residual) -> Integers:
    """Finds the shortest chain between every two nodes (Floyd and Warshall), shape `(n_mentors + 1,) * 2`.

    Every place may be emptied for nothing from the waiting list, so no chain is longer than the one
    that leads through the waiting list. That bound is entered first, and a step that cannot better it
    is left out of the sums. Chains that end at a mentor with nobody to move are bounds only, and no
    caller asks for them.
    """
    waiting_list = residual.slack.shape[0] - 1
    to_waiting = chains_from(residual.slack.T, waiting_list, residual.far).length
    length = np.minimum(residual.slack, to_waiting[:, None])
    for through in range(waiting_list):
        into, out = length[:, through], length[through]
        rows = np.flatnonzero(into < to_waiting)
        columns = np.flatnonzero(out < to_waiting[through])
        if rows.size and columns.size:
            corner = np.ix_(rows, columns)
            length[corner] = np.minimum(length[corner], into[rows, None] + out[columns])
    return length
