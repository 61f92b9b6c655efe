"""Who could reach whom at all: neighbours are found by a k-d tree, so that nobody else is looked at."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from matching.engine.compatibility.people import MenteeArrays, MentorArrays, Side
from matching.engine.shapes import Booleans, Floats, Integers

PEOPLE_AT_ONCE = 128
"""Neighbours who are scored in one block."""

FARTHEST_KM = 20_100.0
"""More than half the way around the Earth; a travel limit beyond it limits nothing."""

MARGIN_KM = 0.05
"""What is added to every limit, as places are kept in 32 bits: many times their rounding at this size."""


class Neighbourhood(NamedTuple):
    """Some people who live close together, and all mentors whom one of them might reach.

    Attributes:
        mentees: Who they are.
        mentors: Every mentor of whom it is not certain that all of these people are out of reach, ascending.
    """

    mentees: Integers
    mentors: Integers


def neighbourhoods(mentees: MenteeArrays, mentors: MentorArrays) -> Iterator[Neighbourhood]:
    """Cuts a country into neighbourhoods; each person is in one of them.

    Two people are within reach if their distance is at most the larger of their travel limits. A limit that
    was not stated limits nothing, and neither does a place that is not known, just as in `beyond_travel`:
    such a mentor belongs to every neighbourhood, and such a person has all mentors. So people are grouped by
    travel limit first and by place then, and each group asks the trees of mentors with each travel limit.

    The straight line through the Earth is never longer than the way around it, so a ball in space of the
    radius of the limit holds everybody within the limit.
    """
    everybody = np.arange(len(mentors))
    reach = reach_km(mentors)
    unplaced = np.flatnonzero(~_is_placed(mentors))
    trees = [_Tree(mentors, group, float(reach[group].max())) for group in _groups(mentors)]
    places, own_reach = _places(mentees), reach_km(mentees)
    for group in _groups(mentees):
        for people in _by_place(places, group):
            own = float(own_reach[people].max())
            centre, radius = _ball_around(places[people])
            near = [tree.within(centre, radius, own) for tree in trees]
            yield Neighbourhood(people, np.sort(np.concatenate((unplaced, *near))))
    for people in _cut(np.flatnonzero(~_is_placed(mentees))):
        yield Neighbourhood(people, everybody)


def reach_km(side: Side) -> Floats:
    """Returns how far each can travel for certain, in km, with the margin; without a limit, anywhere."""
    limit = side.travel_limit_km.astype(np.float64)
    return np.where(np.isnan(limit), FARTHEST_KM, np.minimum(limit, FARTHEST_KM)) + MARGIN_KM


class _Tree:
    """The mentors of one travel limit, to be asked who is near."""

    def __init__(self, mentors: MentorArrays, group: Integers, reach: float) -> None:
        self._group = group
        self._reach = reach
        self._tree = cKDTree(_places(mentors)[group])

    def within(self, centre: Floats, radius: float, reach: float) -> Integers:
        """Returns the mentors who might reach, or be reached from, somebody in a ball."""
        near = self._tree.query_ball_point(centre, radius + max(reach, self._reach), return_sorted=False)
        return self._group[np.asarray(near, dtype=np.int64)]


def _groups(side: Side) -> list[Integers]:
    """Parts those whose place is known by travel limit, four steps to each doubling."""
    placed = np.flatnonzero(_is_placed(side))
    step = np.ceil(4 * np.log2(np.maximum(reach_km(side)[placed], 1.0))).astype(np.int64)
    return [placed[step == each] for each in np.unique(step)]


def _by_place(places: Floats, group: Integers) -> list[Integers]:
    """Parts a group into neighbours: the leaves of a k-d tree."""
    tree = cKDTree(places[group], leafsize=PEOPLE_AT_ONCE)
    return [group[tree.indices[leaf]] for leaf in _leaves(tree.tree)]


def _leaves(node: Any) -> Iterator[slice]:  # noqa: ANN401 - scipy has no public name for a node of its trees.
    if node.lesser is None:
        yield slice(node.start_idx, node.end_idx)
    else:
        yield from _leaves(node.lesser)
        yield from _leaves(node.greater)


def _cut(people: Integers) -> list[Integers]:
    return [people[start : start + PEOPLE_AT_ONCE] for start in range(0, people.size, PEOPLE_AT_ONCE)]


def _ball_around(places: Floats) -> tuple[Floats, float]:
    """Returns a centre and the radius of a ball that holds all the places."""
    centre = (places.min(axis=0) + places.max(axis=0)) / 2
    return centre, float(np.sqrt(np.square(places - centre).sum(axis=1).max()))


def _places(side: Side) -> Floats:
    return np.column_stack((side.x_km, side.y_km, side.z_km)).astype(np.float64)


def _is_placed(side: Side) -> Booleans:
    return np.asarray(~np.isnan(side.x_km + side.y_km + side.z_km))
