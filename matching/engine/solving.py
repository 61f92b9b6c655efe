"""From a problem to a plan that nobody can better."""

from matching.engine.assigning import assign
from matching.engine.plan import Plan
from matching.engine.problem import Problem


def solve(problem: Problem, *, seed: int | None = None) -> Plan:
    """Finds a plan with the highest total fit among all plans that keep vetoes, capacities and pins.

    Of plans with the same total, one that serves a person with a fit of 0 is preferred to one that
    leaves the same person waiting. Ties that remain are decided by the order of the people, or by the
    lottery of `seed`; either way the same input gives the same plan to the bit.

    Args:
        problem: The round.
        seed: Draws the order of the people, so that nobody is favoured for standing first. Record it
            with the round: without it the run cannot be repeated.

    Returns:
        The plan, which carries its own proof and answers what would follow from choosing otherwise.
    """
    return Plan(problem, *assign(problem, seed=seed))
