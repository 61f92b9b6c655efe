"""When data goes by itself, by the classes of the data dictionary."""

from datetime import date, datetime, timedelta

from privacy.rules.limits import add_months

PERSON_YEARS = 6
"""Years after the last activity; the time in which a claim in contract or negligence can be brought.

**Source:** Limitation Act 1980, sections 2 and 5.
"""

CHECK_MONTHS = 6
"""Months after the last decision about a volunteer for which details of checks are kept.

**Source:** Disclosure and Barring Service, code of practice: no longer than six months after the decision.
"""

SHORT_DAYS = 30
"""Days for guesses at passwords, sent letters, drafts and other traces of the machinery."""


def person_cutoff(on: date) -> date:
    """Give the day before which a person's last activity must lie for their data to go."""
    return add_months(on, -12 * PERSON_YEARS)


def check_cutoff(on: date) -> date:
    """Give the day before which a volunteer must have left for their checks to go."""
    return add_months(on, -CHECK_MONTHS)


def short_cutoff(at: datetime) -> datetime:
    """Give the instant before which traces of the machinery go."""
    return at - timedelta(days=SHORT_DAYS)
