"""What mentoring asks of a volunteer, and the bounds of what can be offered."""

LEAST_HOURS_PER_WEEK = 3
MOST_HOURS_PER_WEEK = 10
USUAL_HOURS_PER_WEEK = 4
LEAST_MONTHS = 12
MOST_MONTHS = 60
YOUNGEST_AGE = 18
MOST_TRAVEL_KM = 200
MOST_PLACES = 5
LONGEST_PAUSE_YEARS = 3
"""**Source:** programme reports, 2014: 3 to 4 hours a week for 12 months, told at the outset and asked again later."""


def can_promise(hours_per_week: int, months: int) -> bool:
    """Tell whether somebody can give what mentoring asks; if not, the answer is “not at this time”."""
    return hours_per_week >= LEAST_HOURS_PER_WEEK and months >= LEAST_MONTHS
