"""From components to one whole number for each pair."""

from collections.abc import Collection, Mapping

import numpy as np

from matching.engine.shapes import Integers, Scores

BEST_FIT = 1000
"""The fit of a pair in which every component is 1; a pair in which every component is 0 has a fit of 1."""


def combine(components: Mapping[str, Scores], weights: Mapping[str, float]) -> Integers:
    """Weighs components into whole numbers from 1 to 1000, which every later step keeps as they are.

    The formula is `1 + round(999 * sum(w_k c_k) / sum(w_k))`. It rounds once and here: sums of
    rounded numbers are exact ever after, so that a proof about a plan is a proof and no estimate.

    Args:
        components: Values in [0, 1] by name, all of one shape.
        weights: How much each counts, >= 0, not all 0. A component without a weight counts nothing.

    Returns:
        Fit of the same shape, int16.

    Raises:
        ValueError: If a weight names no component, is negative or not finite, or all are 0.
    """
    check_weights(weights, components)
    points = (BEST_FIT - 1) / sum(weights.values())
    counted = {name: np.float32(weight * points) for name, weight in weights.items() if weight > 0}
    fit = np.zeros(np.broadcast_shapes(*(components[name].shape for name in counted)), dtype=np.float32)
    for name, each in counted.items():
        fit += components[name] * each
    np.rint(fit, out=fit)
    fit += np.float32(1)
    return fit.astype(np.int16)


def check_weights(weights: Mapping[str, float], names: Collection[str]) -> None:
    """Raises ValueError, naming the fault, unless the weights are sound and name known components."""
    for name, weight in weights.items():
        if name not in names:
            raise ValueError(f"no component is called {name!r}; there are {', '.join(names)}")
        if not (np.isfinite(weight) and weight >= 0):
            raise ValueError(f"the weight of {name!r} is {weight} and must be a number of 0 or more")
    if not sum(weights.values()) > 0:
        raise ValueError("at least one weight must be more than 0")
