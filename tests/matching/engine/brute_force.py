"""A second opinion that knows nothing of the engine: every plan of a small round, tried one by one."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from matching.engine import Problem

TYPES_OF_FIT = st.sampled_from([np.int16, np.int32, np.int64, np.uint8, np.uint16])


def every_plan(allowed: npt.ArrayLike, capacity: npt.ArrayLike) -> Iterator[tuple[int, ...]]:
    """Lists every plan that keeps vetoes and capacities, as the mentor of each person or -1."""
    rows = [[-1, *np.flatnonzero(row).tolist()] for row in np.asarray(allowed)]
    yield from _plans_of(rows, np.asarray(capacity).tolist(), ())


def _plans_of(rows: list[list[int]], free: list[int], begun: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(begun) == len(rows):
        yield begun
        return
    for mentor in rows[len(begun)]:
        if mentor < 0:
            yield from _plans_of(rows, free, (*begun, -1))
        elif free[mentor] > 0:
            less = [places - (j == mentor) for j, places in enumerate(free)]
            yield from _plans_of(rows, less, (*begun, mentor))


def fit_of(plan: tuple[int, ...], fit: npt.ArrayLike) -> int:
    """Adds up the fit of a plan."""
    table = np.asarray(fit).astype(int).tolist()
    return sum(table[person][mentor] for person, mentor in enumerate(plan) if mentor >= 0)


def best_total(fit: npt.ArrayLike, allowed: npt.ArrayLike, capacity: npt.ArrayLike) -> int:
    """Returns the highest total of any plan."""
    return max(fit_of(plan, fit) for plan in every_plan(allowed, capacity))


def best_total_with(problem: Problem, mentee: int, mentor: int) -> int:
    """Returns the highest total of any plan of an unpinned problem in which the pair stands."""
    plans = every_plan(problem.allowed, problem.capacity)
    return max(fit_of(plan, problem.fit) for plan in plans if plan[mentee] == mentor)


def best_of(problem: Problem) -> tuple[int, int]:
    """Returns the highest total of any plan that keeps the pins, and the most people served at that total."""
    plans = every_plan(problem.allowed, problem.capacity)
    pins = [(mentee, mentor) for mentee, mentor in enumerate(problem.pinned.tolist()) if mentor >= 0]
    kept = (plan for plan in plans if all(plan[mentee] == mentor for mentee, mentor in pins))
    return max((fit_of(plan, problem.fit), sum(mentor >= 0 for mentor in plan)) for plan in kept)


@st.composite
def pinned_problems(draw: st.DrawFn, most_people: int = 4) -> Problem:
    """Draws small rounds as `problems` does, in which some pairs are decided already."""
    problem = draw(problems(most_people=most_people))
    for mentee in range(problem.n_mentees):
        mentor = draw(st.integers(-1, problem.n_mentors - 1))
        if mentor >= 0 and problem.allowed[mentee, mentor] and problem.places_left[mentor] > 0:
            problem = problem.pin(mentee, mentor)
    return problem


@st.composite
def problems(draw: st.DrawFn, least_fit: int = 0, most_people: int = 4) -> Problem:
    """Draws small rounds with forbidden pairs, capacities, many ties and every type of whole number."""
    n_mentees, n_mentors = draw(st.integers(0, most_people)), draw(st.integers(0, 4))
    # Few different numbers make ties, many make a single best plan.
    largest = draw(st.sampled_from([least_fit + 1, 3, 9, 200]))
    shape = (n_mentees, n_mentors)
    pairs = n_mentees * n_mentors
    fit = draw(st.lists(st.integers(least_fit, largest), min_size=pairs, max_size=pairs))
    allowed = draw(st.lists(st.booleans(), min_size=pairs, max_size=pairs))
    capacity = draw(st.lists(st.integers(0, 3), min_size=n_mentors, max_size=n_mentors))
    return Problem(
        fit=np.array(fit, dtype=draw(TYPES_OF_FIT)).reshape(shape),
        allowed=np.array(allowed, dtype=bool).reshape(shape),
        capacity=np.array(capacity, dtype=np.int64),
    )
