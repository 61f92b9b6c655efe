"""The soft side of a pair: four components that are scored, each in [0, 1], and never a reason to forbid."""

from dataclasses import dataclass

from matching.engine.compatibility.availability import ENOUGH_SLOTS, availability_fit
from matching.engine.compatibility.background import ENOUGH_INTERESTS, background_fit
from matching.engine.compatibility.location import HALF_DISTANCE_KM, closeness
from matching.engine.compatibility.people import MenteeArrays, MentorArrays
from matching.engine.compatibility.risk import HALF_EXPERIENCE_MONTHS, risk_fit
from matching.engine.shapes import Scores

COMPONENTS = ("risk", "location", "background", "availability", "continuity")
"""The names that weights may use, in the order in which pages show them."""


@dataclass(frozen=True, kw_only=True)
class Yardsticks:
    """The numbers by which a scheme measures; each is explained where its component is.

    Raises:
        ValueError: If one of them is not more than 0.
    """

    half_distance_km: float = HALF_DISTANCE_KM
    half_experience_months: float = HALF_EXPERIENCE_MONTHS
    enough_slots: int = ENOUGH_SLOTS
    enough_interests: int = ENOUGH_INTERESTS

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name} is {value} and must be more than 0")


def components(
    mentees: MenteeArrays,
    mentors: MentorArrays,
    distance: Scores,
    yardsticks: Yardsticks,
) -> dict[str, Scores]:
    """Scores the components that follow from the two sides alone, by name.

    Args:
        mentees: Upright (`as_rows`) for a table, or as long as the mentors for chosen pairs.
        mentors: The other side.
        distance: What `distance_km` gives for them.
        yardsticks: The scheme's numbers.
    """
    return {
        "risk": risk_fit(mentees, mentors, yardsticks.half_experience_months),
        "location": closeness(distance, yardsticks.half_distance_km),
        "background": background_fit(mentees, mentors, yardsticks.enough_interests),
        "availability": availability_fit(mentees, mentors, yardsticks.enough_slots),
    }
