"""Reads of privacy work, in the actor's scheme."""

from privacy.queries.erasures import (
    blockers_of,
    find_open_erasure,
    get_erasure,
    list_done_erasures,
    list_erasures,
    list_unscrubbed,
)
from privacy.queries.people import find_subject, get_subject, list_people
from privacy.queries.requests import (
    get_complaint,
    get_hold,
    get_request,
    get_run,
    list_complaints,
    list_held,
    list_holds_of,
    list_requests,
    list_requests_of,
    list_runs,
)

__all__ = [
    "blockers_of",
    "find_open_erasure",
    "find_subject",
    "get_complaint",
    "get_erasure",
    "get_hold",
    "get_request",
    "get_run",
    "get_subject",
    "list_complaints",
    "list_done_erasures",
    "list_erasures",
    "list_held",
    "list_holds_of",
    "list_people",
    "list_requests",
    "list_requests_of",
    "list_runs",
    "list_unscrubbed",
]
