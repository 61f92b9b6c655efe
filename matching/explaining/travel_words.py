"""The map in words, for those who do not see it and for those who want to be sure."""

from dataclasses import dataclass

from flask_babel import format_decimal, gettext, ngettext

from matching.explaining.travel_map import Ground, bearing


@dataclass(frozen=True)
class Both:
    """Who the map is about.

    Attributes:
        person: Name of the person.
        mentor: Name of the mentor.
        person_at: Where the person can be met, by sector or town; empty where it is not known or has changed.
        mentor_at: Where the mentor is, alike.
    """

    person: str
    mentor: str
    person_at: str = ""
    mentor_at: str = ""


def tell_travel(ground: Ground, both: Both) -> list[str]:
    """Say where both are, how far each would go, and what the licence forbids."""
    return [*_places(ground, both), *_limits(ground, both), *_areas(ground, both)]


def _places(ground: Ground, both: Both) -> list[str]:
    """Say where both are and how far apart."""
    said = []
    if both.person_at:
        said.append(gettext("%(name)s can be met around %(place)s.", name=both.person, place=both.person_at))
    if both.mentor_at:
        said.append(gettext("%(name)s lives around %(place)s.", name=both.mentor, place=both.mentor_at))
    if ground.distance_km is None:
        return [*said, gettext("How far apart they are is not known: ask before you decide.")]
    way = bearing(ground)
    if way is None:
        return [*said, gettext("Both are in the same sector or town.")]
    return [
        *said,
        gettext(
            "From %(person)s to %(mentor)s it is %(number)s km as the crow flies, %(direction)s.",
            person=both.person,
            mentor=both.mentor,
            number=_km(ground.distance_km),
            direction=_directions()[way],
        ),
    ]


def _limits(ground: Ground, both: Both) -> list[str]:
    """Say how far each would travel and whether that is enough."""
    said, reaching = [], []
    for name, limit in zip((both.person, both.mentor), ground.limits, strict=True):
        if limit is None:
            said.append(gettext("%(name)s has not said how far they can travel.", name=name))
            continue
        said.append(gettext("%(name)s can travel %(number)s km.", name=name, number=_km(limit)))
        if ground.distance_km is not None and ground.distance_km <= limit:
            reaching.append(name)
    if len(reaching) == len(ground.limits):
        said.append(gettext("Either of them could make the whole way."))
    elif reaching:
        said.append(gettext("Only %(name)s can make the whole way.", name=reaching[0]))
    return said


def _areas(ground: Ground, both: Both) -> list[str]:
    """Say how many areas the licence excludes and how near the mentor's place comes to them."""
    if ground.areas is None:
        return [gettext("This round did not keep which areas the person must stay out of. Look at the person's page.")]
    if not ground.areas:
        return [gettext("No area is excluded by the licence.")]
    said = [
        ngettext(
            "The licence keeps %(name)s out of %(num)s area.",
            "The licence keeps %(name)s out of %(num)s areas.",
            len(ground.areas),
            name=both.person,
        )
    ]
    return said + [
        gettext(
            "The edge of an area of %(radius)s km is %(number)s km from the mentor's place.",
            radius=_km(radius),
            number=_km(max(0.0, clear)),
        )
        for clear, radius in ground.clearances
    ]


def _directions() -> tuple[str, ...]:
    """Name the eight directions, from north clockwise."""
    return (
        gettext("to the north"),
        gettext("to the north-east"),
        gettext("to the east"),
        gettext("to the south-east"),
        gettext("to the south"),
        gettext("to the south-west"),
        gettext("to the west"),
        gettext("to the north-west"),
    )


def _km(kilometres: float) -> str:
    """Write a distance."""
    return format_decimal(kilometres, format="#,##0.#")
