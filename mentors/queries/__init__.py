"""Reads about volunteers, their applications, and people who want to be asked again."""

from mentors.queries.applying import find_draft, list_due_requests, list_due_volunteers
from mentors.queries.campaigns import find_campaign_of_code, get_campaign, list_campaigns
from mentors.queries.leaving import find_spells, get_departure_of_token, list_departures
from mentors.queries.listing import (
    count_by_stage,
    count_volunteers,
    list_known_as,
    list_ready,
    list_same_address,
    list_volunteers,
)
from mentors.queries.volunteers import (
    PAGE_LENGTH,
    find_own_volunteer,
    find_volunteer_of_address,
    get_own_volunteer,
    get_volunteer,
    get_volunteer_of_token,
)

__all__ = [
    "PAGE_LENGTH",
    "count_by_stage",
    "count_volunteers",
    "find_campaign_of_code",
    "find_draft",
    "find_own_volunteer",
    "find_spells",
    "find_volunteer_of_address",
    "get_campaign",
    "get_departure_of_token",
    "get_own_volunteer",
    "get_volunteer",
    "get_volunteer_of_token",
    "list_campaigns",
    "list_departures",
    "list_due_requests",
    "list_due_volunteers",
    "list_known_as",
    "list_ready",
    "list_same_address",
    "list_volunteers",
]
