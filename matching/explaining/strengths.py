"""Why a pair fits: each component with the points that it adds, and what stands behind it in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flask_babel import format_decimal, gettext, ngettext

from matching.engine import Yardsticks
from matching.gathering import Remembered
from matching.rules import Component

FULL_FIT = 1000
WIDE_HEADROOM = 2


@dataclass(frozen=True)
class Strength:
    """One component of a pair's fit.

    Attributes:
        component: Which.
        share: How much of it the pair reaches, 0 to 1.
        points: What that adds to the fit.
        most: What it could add at most.
        words: What stands behind it.
    """

    component: Component
    share: float
    points: int
    most: int
    words: str


@dataclass(frozen=True)
class Behind:
    """What stands behind the components; None where it is not known any more.

    Attributes:
        risk: Highest risk of the person, 0 to 3.
        cleared: Level that the mentor is cleared for; None for nobody.
        months: Months of mentoring so far.
        distance_km: How far apart they are; None where it is not known.
        common_slots: Parts of the week that both have.
        helped: Things the person asked for that the mentor can help with, and how many were asked for.
        liked: Interests they share, and how many the person named.
        yardsticks: What the scheme measures with.
    """

    risk: int
    cleared: int | None
    distance_km: float | None
    common_slots: int
    months: float | None = None
    helped: tuple[int, int] | None = None
    liked: tuple[int, int] | None = None
    yardsticks: Yardsticks = field(default_factory=Yardsticks)


def behind_reasons(reasons: Mapping[str, Any]) -> Behind:
    """Take what a proposal itself holds."""
    return Behind(
        risk=reasons["risk"],
        cleared=reasons["cleared"],
        distance_km=reasons["distance_km"],
        common_slots=int(reasons["common_slots"]).bit_count(),
    )


def strengths_of(memory: Remembered, weights: Mapping[str, int], pair: tuple[int, int]) -> list[Strength]:
    """Tell what each component adds to the fit of any pair of a round, the weightiest first.

    Args:
        memory: The round.
        weights: How much each component counted in it.
        pair: Row of the person and column of the mentor.
    """
    parts = memory.scored.components_of(np.array([pair]))
    return strengths({name: values[0] for name, values in parts.items()}, weights, behind_record(memory, *pair))


def behind_record(memory: Remembered, row: int, column: int) -> Behind:
    """Take what the record of the round holds about two people."""
    scored = memory.scored
    person, mentor = scored.mentees, scored.mentors
    distance = float(scored.distance_km_of(np.array([[row, column]]))[0])
    cleared = int(mentor.cleared_level[column])
    return Behind(
        risk=int(person.rosh_level[row]),
        cleared=cleared if cleared >= 0 else None,
        distance_km=None if np.isnan(distance) else round(distance, 1),
        common_slots=_common(person.slots[row], mentor.slots[column])[0],
        months=float(mentor.experience_months[column]),
        helped=_common(person.needs[row], mentor.skills[column]),
        liked=_common(person.interests[row], mentor.interests[column]),
        yardsticks=scored.yardsticks,
    )


def strengths(shares: Mapping[str, float], weights: Mapping[str, int], behind: Behind) -> list[Strength]:
    """Tell what each component adds to the fit, the weightiest first.

    Args:
        shares: How much of each component the pair reaches, 0 to 1.
        weights: How much each component counted in the round.
        behind: What stands behind them.
    """
    whole = sum(weights.values()) or 1
    found = []
    for component in Component:
        share, weight = float(shares.get(component.value, 0)), weights.get(component.value, 0)
        points = (round(FULL_FIT * weight * share / whole), round(FULL_FIT * weight / whole))
        found.append(Strength(component, share, *points, _words(component, share, behind)))
    return sorted(found, key=lambda each: -each.most)


def _common(own: Any, other: Any) -> tuple[int, int]:  # noqa: ANN401 - a number of numpy.
    """Count what two sets share, and what the first holds."""
    return (int(own) & int(other)).bit_count(), int(own).bit_count()


def _words(component: Component, share: float, behind: Behind) -> str:
    """Say what stands behind one component."""
    if component is Component.RISK:
        return " ".join([_headroom(behind), *_experience(behind)])
    if component is Component.LOCATION:
        return _closeness(behind)
    if component is Component.BACKGROUND:
        return _background(behind)
    if component is Component.AVAILABILITY:
        return _time(behind)
    return (
        gettext("They know each other from the programme.") if share else gettext("They have not met in the programme.")
    )


def _headroom(behind: Behind) -> str:
    """Say how much the clearance leaves to spare."""
    if behind.cleared is None or behind.cleared < behind.risk:
        return gettext("The mentor was not cleared for this level of risk.")
    if behind.cleared - behind.risk + 1 >= WIDE_HEADROOM:
        return gettext("The clearance leaves a level to spare: if the risk rises, the match can go on.")
    return gettext("The clearance is just enough: if the risk rises, the match has to be looked at again.")


def _experience(behind: Behind) -> list[str]:
    """Say how long the mentor has mentored."""
    if behind.months is None:
        return []
    if behind.months < 1:
        return [gettext("It would be the mentor's first match.")]
    months = int(behind.months)
    return [ngettext("%(num)s month of mentoring so far.", "%(num)s months of mentoring so far.", months)]


def _closeness(behind: Behind) -> str:
    """Say how far apart they are, and how distance counts."""
    half = format_decimal(behind.yardsticks.half_distance_km, format="#,##0.#")
    if behind.distance_km is None:
        return gettext("The distance is not known, so it counts like %(half)s km.", half=half)
    return gettext(
        "%(number)s km apart; every %(half)s km halves what this counts.",
        number=format_decimal(behind.distance_km, format="#,##0.0"),
        half=half,
    )


def _background(behind: Behind) -> str:
    """Say what of their backgrounds meets."""
    if behind.helped is None or behind.liked is None:
        return gettext("What they share is told above.")
    said = []
    if asked := behind.helped[1]:
        said.append(
            gettext("The mentor can help with %(count)s of %(asked)s things.", count=behind.helped[0], asked=asked)
        )
    if named := behind.liked[1]:
        said.append(gettext("They share %(count)s of %(named)s interests.", count=behind.liked[0], named=named))
    return " ".join(said) or gettext("The person named nothing to go by, so every mentor counts half.")


def _time(behind: Behind) -> str:
    """Say how much of the week they share, and what is enough."""
    enough = behind.yardsticks.enough_slots
    said = ngettext("%(num)s common part of the week.", "%(num)s common parts of the week.", behind.common_slots)
    if behind.common_slots >= enough:
        return said
    return said + " " + gettext("%(enough)s would count in full.", enough=enough)
