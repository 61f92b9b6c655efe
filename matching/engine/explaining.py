"""Why a person has no mentor: forbidden by rules, no place free, or lost to others who suit better."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from matching.engine.plan import Plan
from matching.engine.shapes import NOBODY, Booleans, Integers


class Standing(Enum):
    """Where a person stands after a round."""

    PAIRED = "paired"
    NO_MENTORS = "no_mentors"
    """No mentor is in the round at all."""
    FORBIDDEN = "forbidden"
    """Every mentor is forbidden by at least one rule."""
    NO_PLACE = "no_place"
    """Mentors are allowed, but none of them had a place even before the round."""
    OTHERS_FIRST = "others_first"
    """Mentors with places are allowed, but the places serve the aims better with others."""


@dataclass(frozen=True, eq=False)
class Blockers:
    """What the rules do to each person's choice of mentors; vectors have shape `(n_mentees,)`.

    Attributes:
        blocked: For each rule how many mentors it forbids.
        alone: For each rule how many mentors it forbids and no other rule does: so many would be
            allowed if only this rule were lifted.
        allowed: How many mentors no rule forbids.
        smallest_change: For each person the rule that would free a mentor if it alone were lifted; None
            if none would. Of several it is the one that forbids the fewest mentors, as lifting it
            changes least; of equals the one that comes first.
    """

    blocked: Mapping[str, Integers]
    alone: Mapping[str, Integers]
    allowed: Integers
    smallest_change: tuple[str | None, ...]


def blockers(masks: Mapping[str, Booleans], *, fixed: Collection[str] = ()) -> Blockers:
    """Counts for each person what each rule forbids, together with others and alone.

    Args:
        masks: Each rule by name, True where it forbids the pair, shape `(n_mentees, n_mentors)`. Each
            mask is asked for twice and not kept, so a mapping may unpack them on the way.
        fixed: Rules that may never be lifted, such as contact bans: they are counted and never named
            as a change.

    Returns:
        The counts and the smallest single change for each person.

    Raises:
        ValueError: If there is no mask, or two have different shapes.
    """
    if not masks:
        raise ValueError("at least one mask is needed to know how many people and mentors there are")
    times = _times_forbidden(masks)
    only_once = times == 1
    alone = {name: np.count_nonzero(mask & only_once, axis=1) for name, mask in masks.items()}
    blocked = {name: np.count_nonzero(mask, axis=1) for name, mask in masks.items()}
    change = _smallest_change({name: (blocked[name], alone[name]) for name in masks if name not in fixed}, len(times))
    return Blockers(blocked, alone, np.count_nonzero(times == 0, axis=1), change)


def standing(plan: Plan) -> tuple[Standing, ...]:
    """Says for each person of a plan why they have a mentor or not."""
    problem = plan.problem
    choices = np.count_nonzero(problem.allowed, axis=1)
    # A person who waits is not pinned, so the places that count are those left beside the pins.
    places = np.count_nonzero(problem.allowed & (problem.places_left > 0), axis=1)
    conditions = (
        plan.mentor_of != NOBODY,
        np.full(problem.n_mentees, problem.n_mentors == 0),
        choices == 0,
        places == 0,
    )
    outcomes = (Standing.PAIRED, Standing.NO_MENTORS, Standing.FORBIDDEN, Standing.NO_PLACE, Standing.OTHERS_FIRST)
    # The first condition that holds decides; where none does, the last outcome is left.
    first = np.argmax(np.vstack((*conditions, np.ones(problem.n_mentees, np.bool_))), axis=0)
    return tuple(outcomes[index] for index in first)


def _times_forbidden(masks: Mapping[str, Booleans]) -> Integers:
    """Counts how many rules forbid each pair."""
    shapes = {name: mask.shape for name, mask in masks.items()}
    shape = next(iter(shapes.values()))
    if len(set(shapes.values())) > 1 or len(shape) != 2:  # noqa: PLR2004 - a matrix has two dimensions.
        raise ValueError(f"the masks need one shape (n_mentees, n_mentors) and have {shapes}")
    times = np.zeros(shape, dtype=np.uint8)
    for mask in masks.values():
        times += mask
    return times


def _smallest_change(counts: Mapping[str, tuple[Integers, Integers]], n_mentees: int) -> tuple[str | None, ...]:
    """Names for each person the liftable rule that forbids the fewest mentors and frees at least one."""
    names = list(counts)
    if not names:
        return (None,) * n_mentees
    none = np.iinfo(np.int64).max
    size = np.vstack([np.where(alone > 0, blocked, none) for blocked, alone in counts.values()])
    best = size.argmin(axis=0)
    return tuple(names[rule] if size[rule, person] < none else None for person, rule in enumerate(best))
