"""What the worker does for mentoring: every night it judges anew whether mentors are still ready."""

from accounts import queries as account_queries
from accounts.policy import portal_in
from foundation import clock
from foundation.db import reading, transaction
from mentoring import operations, queries


def judge_readiness() -> None:
    """Judge everybody who is ready or matched, once each day of a scheme; read before writing, so that nobody waits."""
    for scheme in account_queries.list_schemes(reading()):
        on = clock.today(scheme.time_zone)
        if queries.has_judged(reading(), scheme.id, on):
            continue
        judged = queries.find_changed_readiness(reading(), scheme.id, on)
        with transaction() as session:
            operations.note_night(
                session,
                scheme_id=scheme.id,
                judged=judged.count,
                changed=judged.changed,
                by=portal_in(scheme, origin="job"),
                at=clock.now(),
            )
