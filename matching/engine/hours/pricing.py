"""Prices of people that make the best uses of hours nearly a plan, and the bound that any prices give."""

from dataclasses import dataclass
from time import monotonic

import numpy as np

from matching.engine.hours.knapsack import Uses, best_uses
from matching.engine.hours.round import HoursRound
from matching.engine.shapes import Floats

GRAIN = 1024.0
"""Prices are multiples of one part in so many, so that their sums are exact."""

PATIENCE = 8
"""Steps without a lower bound after which the steps are halved."""

TRAIL = 40
"""The last steps, whose uses are worth remembering as patterns."""


@dataclass(frozen=True, eq=False)
class Priced:
    """What some prices lead to.

    Attributes:
        price: The price of each person, >= 0, multiples of 1 / 1024.
        uses: The best use of each mentor's hours at these prices.
        bound: The sum of the prices and of what all the uses are worth, which no plan's total exceeds.
    """

    price: Floats
    uses: Uses
    bound: float

    @property
    def excess(self) -> Floats:
        """How often each person is used beyond once: -1 for those who are not used at all."""
        return np.asarray(self.uses.members.sum(axis=1) - 1.0)


def price_round(hours: HoursRound, price: Floats) -> Priced:
    """Finds the best uses at some prices, and the bound.

    In any plan each person counts at most once, so its total is at most the sum of the prices and of what each
    mentor's people are worth after their prices; and no mentor's people are worth more than the best use.

    **Source:** Lagrangian relaxation: Fisher, "The Lagrangian relaxation method for solving integer programming
    problems", *Management Science* 27 (1981).
    """
    grained = np.floor(np.maximum(price, 0.0) * GRAIN) / GRAIN
    uses = best_uses(hours, grained)
    return Priced(grained, uses, float(grained.sum() + uses.worth.sum()))


def descend(
    hours: HoursRound,
    best: Priced,
    target: int,
    turns: int,
    *,
    until: float,
) -> tuple[Priced, list[Priced]]:
    """Lowers the bound by raising the prices of people used twice and lowering those of people not used.

    **Source:** Held, Wolfe and Crowder, "Validation of subgradient optimization", *Mathematical Programming* 6 (1974).

    Args:
        hours: The round.
        best: Where to begin.
        target: A total that some plan reaches.
        turns: How many steps to take.
        until: The moment at which no further step is begun.

    Returns:
        The prices of the lowest bound, and what the last steps led to.
    """
    here, length, since = best, 1.0, 0
    trail = []
    for turn in range(turns):
        steepness = float(np.square(here.excess).sum())
        if steepness == 0.0 or best.bound - target < 1 or monotonic() > until:
            break
        step = length * max(here.bound - target, 1.0) / steepness
        here = price_round(hours, here.price + step * here.excess)
        since = 0 if here.bound < best.bound else since + 1
        best = min(best, here, key=lambda one: one.bound)
        if since >= PATIENCE:
            length, since, here = length / 2, 0, best
        if turn >= turns - TRAIL:
            trail.append(here)
    return best, trail
