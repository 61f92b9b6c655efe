"""How far two people are from each other, and what that distance is worth."""

from typing import Protocol

import numpy as np

from matching.engine.shapes import Floats, Scores

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth. **Source:** Moritz, *Geodetic Reference System 1980* (2000)."""

HALF_DISTANCE_KM = 8.0
"""The distance at which closeness has fallen to a half: about half an hour by bus in a town."""

UNKNOWN_CLOSENESS = np.float32(0.5)
"""The closeness of a pair whose distance is not known: that of the half distance, never that of 0 km."""


class Placed(Protocol):
    """Whoever has a place in space, in kilometres from the centre of the Earth."""

    @property
    def x_km(self) -> Scores:
        """Towards the meridian of Greenwich on the equator."""

    @property
    def y_km(self) -> Scores:
        """Towards 90 degrees east on the equator."""

    @property
    def z_km(self) -> Scores:
        """Towards the North Pole."""


def position_km(latitude: Floats, longitude: Floats) -> tuple[Scores, Scores, Scores]:
    """Turns degrees into a place in space, in kilometres; NaN stays NaN.

    Differences of such places keep half a metre in 32 bits, where differences of angles would lose
    some kilometres for neighbours.
    """
    north, east = np.radians(latitude), np.radians(longitude)
    x = EARTH_RADIUS_KM * np.cos(north) * np.cos(east)
    y = EARTH_RADIUS_KM * np.cos(north) * np.sin(east)
    z = EARTH_RADIUS_KM * np.sin(north) + np.zeros_like(east)
    return x.astype(np.float32), y.astype(np.float32), z.astype(np.float32)


def distance_km(mentees: Placed, mentors: Placed) -> Scores:
    """Measures the great circle between each mentee and each mentor, in km, NaN where either is unknown.

    With c the straight line through the Earth and R its radius, the distance is `2 R asin(c / 2 R)`.
    For neighbours this is as exact as the haversine formula, to which it is equal.

    **Source:** Sinnott, "Virtues of the Haversine", *Sky and Telescope* 68 (1984), p. 159.
    """
    square = np.square(mentees.x_km - mentors.x_km)
    square += np.square(mentees.y_km - mentors.y_km)
    square += np.square(mentees.z_km - mentors.z_km)
    half_chord = np.sqrt(square, out=square)
    half_chord *= np.float32(0.5 / EARTH_RADIUS_KM)
    np.minimum(half_chord, np.float32(1), out=half_chord)
    angle: Scores = np.arcsin(half_chord, out=half_chord)
    angle *= np.float32(2 * EARTH_RADIUS_KM)
    return angle


def closeness(distance: Scores, half_distance_km: float = HALF_DISTANCE_KM) -> Scores:
    """Turns distances into a component in [0, 1]: 1 at the door, a half at the half distance, and so on.

    The formula is `2 ** (-distance / half_distance)`: each further half distance halves what is left.

    A distance that is not known counts as the half distance. This is a fixed number on purpose: a
    median of the others would change a pair's fit whenever somebody else joins the round, and sharing
    out the weight among the other components would put pairs on different scales. It can never be
    mistaken for nearness, as only a distance of 0 km gives 1.

    **Source:** exponential decay of interaction with distance: Wilson, "A family of spatial interaction
    models", *Environment and Planning* 3 (1971). The half distance is the scheme's own figure.
    """
    faded: Scores = np.exp(distance * np.float32(-np.log(2) / half_distance_km))
    np.copyto(faded, UNKNOWN_CLOSENESS, where=np.isnan(faded))
    return faded


def location_fit(mentees: Placed, mentors: Placed, half_distance_km: float = HALF_DISTANCE_KM) -> Scores:
    """Returns the closeness of each pair in [0, 1], shape `(n_mentees, n_mentors)`."""
    return closeness(distance_km(mentees, mentors), half_distance_km)
