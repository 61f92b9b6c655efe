"""Shortest chains of moves: who would have to move where, and what the whole chain would lose."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from matching.engine.shapes import ROWS_AT_ONCE, Booleans, Integers

NEVER = np.iinfo(np.int64).max
"""The turn of a node that the search has not reached."""

SWEEPS = 3
"""Looks at all moves by which chains to the waiting list are bounded, before the moves are picked."""


class Found(NamedTuple):
    """What a search found.

    Attributes:
        length: Length of the best chain to each node; at least that of the end where the search stopped
            there, and half of `far` or more where no chain leads.
        turn: When each node was reached; a chain only ever leads on from an earlier turn.
    """

    length: Integers
    turn: Integers


def search(
    losses: Integers,
    price: Integers,
    starts: Integers,
    *,
    far: int,
    end: int | None = None,
) -> Found:
    """Finds the chains of least slack, the nearest nodes first and all nodes of one distance together.

    The slack of a move from a to b is `losses[a, b] - price[a] + price[b]`, and never negative.

    **Source:** Dijkstra (1959), in the form of Dial (1969) that settles equal distances at once.

    Args:
        losses: Losses of single moves, shape `(n, n)`.
        price: Prices with which no slack is negative, shape `(n,)`.
        starts: What it costs to begin at each node, >= 0, and `far` where no chain begins.
        far: The number that stands for "impossible".
        end: Stop as soon as this node is reached.

    Returns:
        Lengths, and the order in which nodes were reached.
    """
    length, ahead = starts.copy(), starts.copy()
    turn = np.full(starts.size, NEVER)
    for now in range(starts.size):
        nearest = ahead.min()
        if nearest >= far // 2 or (end is not None and ahead[end] == nearest):
            break
        nodes = np.flatnonzero(ahead == nearest)
        turn[nodes] = now
        ahead[nodes] = far
        through = _least_beyond(losses, nodes, nearest - price[nodes]) + price
        is_nearer = through < length
        np.copyto(length, through, where=is_nearer)
        np.copyto(ahead, through, where=is_nearer)
    return Found(length, turn)


def _least_beyond(losses: Integers, nodes: Integers, added: Integers) -> Integers:
    """Returns for each node the least loss of coming from one of `nodes`, with what is added to each."""
    if nodes.size == 1:
        return np.asarray(losses[nodes[0]] + added[0])
    parts = []
    for start in range(0, nodes.size, ROWS_AT_ONCE):
        block = losses[nodes[start : start + ROWS_AT_ONCE]]
        block += added[start : start + ROWS_AT_ONCE, None]
        parts.append(block.min(axis=0))
    return parts[0] if len(parts) == 1 else np.asarray(np.min(parts, axis=0))


def trail(losses: Integers, price: Integers, starts: Integers, found: Found, end: int) -> list[int]:
    """Lists the nodes of the chain that a search found, from where it begins to its end."""
    nodes = [end]
    while found.length[nodes[-1]] < starts[nodes[-1]]:
        node = nodes[-1]
        came_from: Booleans = found.length + losses[:, node] - price + price[node] == found.length[node]
        came_from &= found.turn < found.turn[node]
        # Of chains of the same length the one that was found earliest tends to move the fewest people.
        nodes.append(int(np.where(came_from, found.turn, NEVER).argmin()))
    return nodes[::-1]


class Ways(NamedTuple):
    """The few moves of which every best chain is made, but for chains by way of the waiting list.

    Attributes:
        back: The slack of those moves, turned round: `back[b, a]` is the move from a to b.
        to_waiting: The slack of the best chain from each node to the waiting list, which is the last node.
    """

    back: csr_array
    to_waiting: Integers


def ways_of(slack: Integers) -> Ways:
    """Picks the moves that can be part of a best chain.

    Under the lowest prices every place may be left empty without slack, so no chain is longer than the one that
    leads to the waiting list and stops there. A move as long as that from the same node is of no use; in rounds
    like those of docs/benchmarks.md that leaves one move in a hundred.

    Args:
        slack: Slack of single moves under the lowest prices, shape `(n, n)`; the last column is overwritten.
    """
    bound = slack[:, -1].copy()
    for _ in range(SWEEPS):
        for start in range(0, bound.size, ROWS_AT_ONCE):
            block = slice(start, start + ROWS_AT_ONCE)
            np.minimum(bound[block], (slack[block] + bound).min(axis=1), out=bound[block])
    # What is known so far stands for the last move of a chain, and the moves before it are looked for among the few.
    slack[:, -1] = bound
    back = _moves_below(slack, np.append(bound[:-1] + 1, 0))
    to_waiting = _shortest(back, np.array([bound.size - 1]), bound)[0]
    return Ways(_moves_below(slack, to_waiting), to_waiting)


def chains_to(ways: Ways, nodes: Integers, bound: int | None = None) -> Integers:
    """Returns the least slack of a chain from every node to each of some, shape `(nodes.size, n)`.

    Args:
        ways: The moves of which chains are made.
        nodes: Where the chains end.
        bound: A length beyond which the exact length does not matter.
    """
    limit = ways.to_waiting if bound is None else np.minimum(ways.to_waiting, bound)
    return _shortest(ways.back, nodes, limit)


def _moves_below(slack: Integers, bound: Integers) -> csr_array:
    """Gathers the moves that are shorter than what is known for the node they start from, turned round."""
    is_useful = slack < bound[:, None]
    np.fill_diagonal(is_useful, val=False)
    start, end = np.nonzero(is_useful)
    return csr_array((slack[start, end].astype(np.float64), (end, start)), shape=slack.shape)


def _shortest(back: csr_array, nodes: Integers, bound: Integers) -> Integers:
    """Returns the lengths of the shortest chains to some nodes, or the bound where that is not more."""
    # Numbers below 2**53 are exact as floats, and no chain that matters is as long as that.
    lengths = dijkstra(back, indices=nodes, limit=float(bound.max()))
    return np.asarray(np.minimum(lengths, bound).astype(bound.dtype))
