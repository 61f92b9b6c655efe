"""Pages of referrals for officers, and of the people referred for coordinators."""

from mentees.views import people, referring, restricting, whereabouts
from mentees.views.blueprint import blueprint

__all__ = ["blueprint", "people", "referring", "restricting", "whereabouts"]
