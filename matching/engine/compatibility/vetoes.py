# ruff: noqa: RUF009 - `column` is the `field` of a checked column, and each class calls it once.
"""The rules that forbid a pair: each says True where the pair must not be, whatever else speaks for it.

Each function takes the two sides and returns truth values of shape `(n_mentees, n_mentors)`.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.compatibility.columns import Columns, Kind, column
from matching.engine.compatibility.location import distance_km, position_km
from matching.engine.compatibility.people import ANY_CODE, MenteeArrays, MentorArrays
from matching.engine.shapes import Booleans, Floats, Integers, Scores


def above_clearance(mentees: MenteeArrays, mentors: MentorArrays) -> Booleans:
    """Forbids a person whose risk of serious harm is above the level the mentor is cleared for."""
    above: Booleans = mentees.rosh_level > mentors.cleared_level
    return above


def no_common_language(mentees: MenteeArrays, mentors: MentorArrays) -> Booleans:
    """Forbids two people who share no language, unless an interpreter has been agreed."""
    apart: Booleans = (mentees.languages & mentors.languages) == 0
    return apart & ~mentees.interpreter_agreed


def no_common_slot(mentees: MenteeArrays, mentors: MentorArrays) -> Booleans:
    """Forbids two people who are never free at the same time of the week."""
    apart: Booleans = (mentees.slots & mentors.slots) == 0
    return apart


def prison_not_cleared(mentees: MenteeArrays, mentors: MentorArrays) -> Booleans:
    """Forbids a mentor without vetting in force for the establishment where the person is."""
    shut_out: Booleans = (mentees.prison & ~mentors.cleared_prisons) != 0
    return shut_out


def against_stated_need(mentees: MenteeArrays, mentors: MentorArrays) -> Booleans:
    """Forbids a mentor whose code a person's stated need does not accept.

    A mentor who has not given a code (-1) is accepted only by those who stated no need.
    """
    own_code = np.uint64(1) << np.maximum(mentors.code, 0).astype(np.uint64)
    own_code *= mentors.code >= 0
    refused: Booleans = (mentees.accepted_codes & own_code) == 0
    refused &= mentees.accepted_codes != np.uint64(ANY_CODE)
    return refused


def beyond_travel(mentees: MenteeArrays, mentors: MentorArrays, distance: Scores | None = None) -> Booleans:
    """Forbids two people who are farther apart than either of them can travel.

    An unknown distance forbids nothing, and neither does a limit that was not stated: that is for a
    person to find out, not for the round to assume.

    Args:
        mentees: One side.
        mentors: The other.
        distance: What `distance_km` gives for them, if it is at hand.
    """
    distance = distance_km(mentees, mentors) if distance is None else distance
    # NaN compares as False, so that an unknown number on either side lets the pair pass.
    return (distance > mentees.travel_limit_km) & (distance > mentors.travel_limit_km)


@dataclass(frozen=True, eq=False, kw_only=True)
class ExclusionAreas(Columns):
    """Circles that a person's licence keeps them out of; each column has shape `(n_areas,)`.

    Attributes:
        mentee: Index of the person.
        latitude: Degrees north of the centre.
        longitude: Degrees east of the centre.
        radius_km: Radius of the circle.

    Raises:
        ValueError: If a column has a wrong length, type or range, or a missing number.
    """

    mentee: Integers = column(Kind(np.int64, least=0))
    latitude: Floats = column(Kind(np.float64, least=-90, most=90))
    longitude: Floats = column(Kind(np.float64, least=-180, most=180))
    radius_km: Floats = column(Kind(np.float64, least=0))


def inside_exclusion_area(areas: ExclusionAreas, mentors: MentorArrays) -> Integers:
    """Lists the pairs forbidden by exclusion areas, as rows (mentee, mentor); shape `(n_pairs, 2)`.

    A mentor on the edge counts as inside. So does one whose place is not known: an area protects
    somebody, so it is kept until it is known to be respected.
    """
    outside = _distance_to(areas, mentors) > areas.radius_km[:, None]
    area, mentor = np.nonzero(~outside)
    return np.column_stack((areas.mentee[area], mentor))


@dataclass(frozen=True)
class _Centres:
    """The centres of the areas, standing upright like a side of the round."""

    x_km: Scores
    y_km: Scores
    z_km: Scores


def _distance_to(areas: ExclusionAreas, mentors: MentorArrays) -> Scores:
    """Measures from the centre of each area to each mentor, in km, NaN where the mentor's place is unknown."""
    x, y, z = (part[:, None] for part in position_km(areas.latitude, areas.longitude))
    return distance_km(_Centres(x, y, z), mentors)
