"""What the worker does for matches: every night it looks at the weeks of mentors."""

from accounts import queries as account_queries
from accounts.policy import portal_in
from foundation import clock
from foundation.db import reading, transaction
from mentoring import operations
from mentors.queries import find_look


def look_at_weeks() -> None:
    """Look at the weeks of every scheme once a day, when its day has begun."""
    for scheme in account_queries.list_schemes(reading()):
        look = find_look(reading(), scheme.id)
        if look is None or look.looked_on < clock.today(scheme.time_zone):
            with transaction() as session:
                operations.look_at_weeks(session, scheme=scheme, by=portal_in(scheme, origin="job"), at=clock.now())
