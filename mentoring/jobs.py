"""What the worker does for mentoring: every night it judges readiness anew and looks at the weeks of mentors."""

from accounts import queries as account_queries
from accounts.policy import portal_in
from foundation import clock
from foundation.db import reading, transaction
from mentoring import operations, queries
from mentors.queries import find_look


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


def look_at_weeks() -> None:
    """Look at the weeks of every scheme once a day, when its day has begun."""
    for scheme in account_queries.list_schemes(reading()):
        look = find_look(reading(), scheme.id)
        if look is None or look.looked_on < clock.today(scheme.time_zone):
            with transaction() as session:
                operations.look_at_weeks(session, scheme=scheme, by=portal_in(scheme, origin="job"), at=clock.now())
