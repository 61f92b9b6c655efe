"""What somebody tells who would like to mentor."""

from dataclasses import dataclass

from mentors.rules.background import Gender, Interest, LivedExperience, Skill
from mentors.rules.promise import LEAST_MONTHS, USUAL_HOURS_PER_WEEK


@dataclass(frozen=True)
class Application:
    """What somebody tells who would like to mentor.

    Attributes:
        area: A British postcode or the name of a town.
        travel_km: How far they would go to meet somebody.
        slots: Their week as ``WeekField`` keeps it: bit ``day * 3 + part``, Monday is day 0.
        hours_per_week: Hours they can give each week.
        months: For how many months.
        languages: Of ``LANGUAGE_CODES``.
        why: In their own words.
    """

    name: str
    email: str
    phone: str = ""
    area: str = ""
    travel_km: int = 15
    slots: int = 0
    hours_per_week: int = USUAL_HOURS_PER_WEEK
    months: int = LEAST_MONTHS
    languages: tuple[str, ...] = ()
    lived_experience: tuple[LivedExperience, ...] = ()
    skills: tuple[Skill, ...] = ()
    interests: tuple[Interest, ...] = ()
    gender: Gender = Gender.NOT_SAID
    why: str = ""
