"""A small map of where two people could meet, drawn by us: no tiles from outside, and nothing finer than a sector.

Both places are the centres of postcode sectors or towns, as the round knew them. The drawing is flat: over the few
kilometres that people travel, the curve of the Earth is thinner than a line.
"""

import math
from dataclasses import dataclass

import numpy as np

from matching.explaining.recalling import Recalled

WIDTH, HEIGHT = 400.0, 300.0
MARGIN = 46.0
"""Room around what has to be seen, for the names beside the marks."""

KM_PER_DEGREE = 111.195
SMALLEST_SPAN_KM = 2.0
"""A map of two places in one sector still shows some ground around it."""

NEAR = 6
"""A circle that ends within this many distances of the two people is shown whole, of a wider one only a part."""

MARKS_APART = 14.0
"""Two marks nearer than this are set side by side, or one would hide the other."""

BAR_SHARE = 0.35
NICE = (1, 2, 5)


@dataclass(frozen=True)
class Spot:
    """A place on the map, in its own units: x to the east, y to the south."""

    x: float
    y: float

    @property
    def is_right(self) -> bool:
        """Whether a name beside it has to stand on its left."""
        return self.x > WIDTH / 2


@dataclass(frozen=True)
class Circle:
    """A circle on the map.

    Attributes:
        x: Its centre to the east.
        y: Its centre to the south.
        radius: In the map's units.
        km: The radius on the ground.
    """

    x: float
    y: float
    radius: float
    km: float


@dataclass(frozen=True)
class TravelMap:
    """What is drawn.

    Attributes:
        person: Where the person can be met.
        mentor: Where the mentor is.
        reaches: How far each would travel, the person's first; None where it was not stated.
        areas: Circles that the person must stay out of.
        bar_km: What the scale bar stands for.
        bar_width: How long it is.
        is_same_place: Whether both are placed at one point.
    """

    person: Spot
    mentor: Spot
    reaches: tuple[Circle | None, Circle | None]
    areas: tuple[Circle, ...]
    bar_km: float
    bar_width: float
    is_same_place: bool


@dataclass(frozen=True)
class Ground:
    """Where two people are, as the round knew it.

    Attributes:
        person: Degrees north and east; None where it was not known.
        mentor: The same of the mentor.
        limits: How far each would travel in km, the person's first.
        areas: Degrees north and east, and the radius in km, of each circle to stay out of; None where it was not kept.
        distance_km: How far apart they are; None where it is not known.
    """

    person: tuple[float, float] | None
    mentor: tuple[float, float] | None
    limits: tuple[float | None, float | None]
    areas: tuple[tuple[float, float, float], ...] | None
    distance_km: float | None

    @property
    def clearances(self) -> list[tuple[float, float]]:
        """How far the mentor's place is from the edge of each circle, and its radius, in km."""
        if self.mentor is None:
            return []
        return [(flat_km(self.mentor, (area[0], area[1])) - area[2], area[2]) for area in self.areas or ()]


def ground_of(recalled: Recalled, row: int, column: int) -> Ground:
    """Take from the record of a round where two people were."""
    scored = recalled.memory.scored
    areas = recalled.memory.areas
    distance = float(scored.distance_km_of(np.array([[row, column]]))[0])
    return Ground(
        person=_place(scored.mentees.latitude[row], scored.mentees.longitude[row]),
        mentor=_place(scored.mentors.latitude[column], scored.mentors.longitude[column]),
        limits=(_known(scored.mentees.travel_limit_km[row]), _known(scored.mentors.travel_limit_km[column])),
        areas=None
        if areas is None
        else tuple(
            (float(areas.latitude[each]), float(areas.longitude[each]), float(areas.radius_km[each]))
            for each in np.flatnonzero(areas.mentee == row)
        ),
        distance_km=_known(distance),
    )


def draw(ground: Ground) -> TravelMap | None:
    """Draw the map; None where one of the two places is not known."""
    if ground.person is None or ground.mentor is None:
        return None
    origin = ((ground.person[0] + ground.mentor[0]) / 2, (ground.person[1] + ground.mentor[1]) / 2)
    person, mentor = _flat(ground.person, origin), _flat(ground.mentor, origin)
    circles = [(*_flat((north, east), origin), radius) for north, east, radius in ground.areas or ()]
    reaches = [(*place, limit or 0.0) for place, limit in zip((person, mentor), ground.limits, strict=True)]
    sheet = _Sheet.around([person, mentor], [*circles, *reaches], math.dist(person, mentor))
    bar_km = _nice(sheet.km_wide * BAR_SHARE)
    spots = _side_by_side(sheet.spot(*person), sheet.spot(*mentor))
    return TravelMap(
        *spots,
        reaches=(_reach(sheet, reaches[0]), _reach(sheet, reaches[1])),
        areas=tuple(sheet.circle(*each) for each in circles),
        bar_km=bar_km,
        bar_width=bar_km * sheet.scale,
        is_same_place=person == mentor,
    )


def flat_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Measure between two places near one another, in km."""
    return math.hypot(*_flat(one, other))


def bearing(ground: Ground) -> int | None:
    """Tell in which of eight directions the mentor lies from the person, 0 north and 2 east; None at one place."""
    if ground.person is None or ground.mentor is None or ground.person == ground.mentor:
        return None
    east, north = _flat(ground.mentor, ground.person)
    return round(math.degrees(math.atan2(east, north)) / 45) % 8


@dataclass(frozen=True)
class _Sheet:
    """Where the map lies on the ground.

    Attributes:
        east: The middle, in km east of the origin.
        north: The middle, in km north of it.
        scale: Units of the map for a kilometre.
    """

    east: float
    north: float
    scale: float

    @classmethod
    def around(
        cls, places: list[tuple[float, float]], circles: list[tuple[float, float, float]], distance: float
    ) -> "_Sheet":
        """Lay the map around the places, and around circles that do not reach too far."""
        far = NEAR * max(distance, SMALLEST_SPAN_KM)
        shown = [(east, north, 0.0) for east, north in places]
        shown += [each for each in circles if math.hypot(each[0], each[1]) + each[2] <= far]
        west, most_east = min(each[0] - each[2] for each in shown), max(each[0] + each[2] for each in shown)
        south, most_north = min(each[1] - each[2] for each in shown), max(each[1] + each[2] for each in shown)
        wide, high = max(most_east - west, SMALLEST_SPAN_KM), max(most_north - south, SMALLEST_SPAN_KM)
        scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        return cls((west + most_east) / 2, (south + most_north) / 2, scale)

    @property
    def km_wide(self) -> float:
        """How much ground the map shows from west to east."""
        return WIDTH / self.scale

    def spot(self, east: float, north: float) -> Spot:
        """Put a place on the map."""
        x, y = WIDTH / 2 + (east - self.east) * self.scale, HEIGHT / 2 - (north - self.north) * self.scale
        return Spot(round(x, 1), round(y, 1))

    def circle(self, east: float, north: float, km: float) -> Circle:
        """Put a circle on the map."""
        spot = self.spot(east, north)
        return Circle(spot.x, spot.y, round(km * self.scale, 1), km)


def _reach(sheet: _Sheet, reach: tuple[float, float, float]) -> Circle | None:
    """Draw how far somebody would travel, where they said so and where any of the circle is on the map."""
    circle = sheet.circle(*reach)
    corners = [math.dist((x, y), (circle.x, circle.y)) for x in (0.0, WIDTH) for y in (0.0, HEIGHT)]
    return circle if 0 < circle.radius < max(corners) else None


def _side_by_side(person: Spot, mentor: Spot) -> tuple[Spot, Spot]:
    """Set two marks apart that would hide one another."""
    if math.hypot(person.x - mentor.x, person.y - mentor.y) >= MARKS_APART:
        return person, mentor
    half, middle = MARKS_APART / 2, (person.x + mentor.x) / 2
    return Spot(middle - half, person.y), Spot(middle + half + 0.1, person.y)


def _flat(place: tuple[float, float], origin: tuple[float, float]) -> tuple[float, float]:
    """Turn degrees into km east and north of an origin."""
    east = (place[1] - origin[1]) * KM_PER_DEGREE * math.cos(math.radians(origin[0]))
    return east, (place[0] - origin[0]) * KM_PER_DEGREE


def _place(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Give a place; None where it is not known."""
    return None if math.isnan(latitude) or math.isnan(longitude) else (float(latitude), float(longitude))


def _known(number: float) -> float | None:
    """Give a number; None where it is not known."""
    return None if math.isnan(number) else float(number)


def _nice(km: float) -> float:
    """Round a length down to one that people read easily: 1, 2 or 5 with zeros."""
    power = 10 ** math.floor(math.log10(km))
    return float(max(step * power for step in NICE if step * power <= km))
