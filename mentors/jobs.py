"""What the worker does for volunteers: it asks again, keeps an eye on checks and tells of new versions."""

from flask import current_app

from accounts import queries as account_queries
from accounts.models import Scheme
from accounts.policy import portal_in
from foundation import clock
from foundation.db import reading, transaction
from mentors import operations, queries
from mentors.rules import reminder_due


def ask_again() -> None:
    """Ask everybody whose day has come; each once, however often this runs."""
    for scheme in account_queries.list_schemes(reading()):
        if _is_anybody_due(scheme):
            with transaction() as session:
                operations.ask_again_due(
                    session,
                    scheme=scheme,
                    by=portal_in(scheme, origin="job"),
                    at=clock.now(),
                    base_url=current_app.config["BASE_URL"],
                )


def _is_anybody_due(scheme: Scheme) -> bool:
    """Look before opening a writing transaction, which every other writer would wait for."""
    on = clock.today(scheme.time_zone)
    session = reading()
    return bool(queries.list_due_requests(session, scheme, on) or queries.list_due_volunteers(session, scheme, on))


def remind_of_lapses() -> None:
    """Write to volunteers before their checks run out; each letter once, however often this runs."""
    for scheme in account_queries.list_schemes(reading()):
        on = clock.today(scheme.time_zone)
        if any(
            check.expires_on and reminder_due(check.expires_on, on, check.reminded_days)
            for check in queries.list_to_remind(reading(), scheme, on)
        ):
            with transaction() as session:
                operations.remind_of_lapses(
                    session,
                    scheme=scheme,
                    by=portal_in(scheme, origin="job"),
                    at=clock.now(),
                    base_url=current_app.config["BASE_URL"],
                )


def tell_of_documents() -> None:
    """Write to those whose word a new version of a document asks for; once for each version."""
    for scheme in account_queries.list_schemes(reading()):
        if queries.list_untold(reading(), scheme.id):
            with transaction() as session:
                operations.tell_of_documents(
                    session,
                    scheme=scheme,
                    by=portal_in(scheme, origin="job"),
                    at=clock.now(),
                    base_url=current_app.config["BASE_URL"],
                )
