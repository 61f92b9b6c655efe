"""Reads about volunteers, their applications, and people who want to be asked again."""

from mentors.queries.applying import find_draft, list_due_requests, list_due_volunteers
from mentors.queries.checks import (
    CHECKED_STAGES,
    DbsAllowance,
    are_details_over,
    get_dbs_allowance,
    has_details_over,
    list_checks,
    list_to_remind,
    list_vetted,
    vetted_establishments,
)
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
    "CHECKED_STAGES",
    "PAGE_LENGTH",
    "DbsAllowance",
    "are_details_over",
    "count_by_stage",
    "count_volunteers",
    "find_draft",
    "find_own_volunteer",
    "find_volunteer_of_address",
    "get_dbs_allowance",
    "get_own_volunteer",
    "get_volunteer",
    "get_volunteer_of_token",
    "has_details_over",
    "list_checks",
    "list_due_requests",
    "list_due_volunteers",
    "list_known_as",
    "list_ready",
    "list_same_address",
    "list_to_remind",
    "list_vetted",
    "list_volunteers",
    "vetted_establishments",
]
