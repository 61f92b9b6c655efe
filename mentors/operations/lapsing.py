"""What time does to checks: letters before they run out, and details that go six months after the decision."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from accounts.models import Scheme
from accounts.policy import Actor, require_scheme
from foundation import audit
from foundation.clock import day_of
from foundation.encryption import GROUP
from foundation.language import _
from foundation.outbox import write_letter
from mentors import queries
from mentors.models import Check, Volunteer
from mentors.rules import reminder_due


def remind_of_lapses(session: Session, *, scheme: Scheme, by: Actor, at: datetime, base_url: str) -> int:
    """Write to volunteers whose checks run out in 60 and in 30 days, once each; one letter tells of all that is due.

    Returns:
        How many letters were written.
    """
    require_scheme(by, scheme.id)
    on = day_of(at, scheme.time_zone)
    written: set[str] = set()
    for check in queries.list_to_remind(session, scheme, on):
        due = reminder_due(check.expires_on, on, check.reminded_days) if check.expires_on else None
        if due is None:
            continue
        check.reminded_days = due
        check.changed_at, check.changed_by_id = at, by.person_id
        audit.record(session, by=by, at=at, verb="remind_of_lapses", subject=check)
        email = check.volunteer.person.email
        if email and email not in written:
            written.add(email)
            _write_reminder(session, email, base_url, at)
    session.flush()
    return len(written)


def _write_reminder(session: Session, email: str, base_url: str, at: datetime) -> None:
    """Write the letter; what runs out stands behind the link only."""
    write_letter(
        session,
        to=email,
        subject=_("Something to renew in good time"),
        body=_(
            "Hello,\n\nsomething that we keep on your record runs out before long. See what and when:\n\n%(link)s\n\n"
            "Your coordinator renews it together with you.\n",
            link=f"{base_url}/my-application",
        ),
        at=at,
    )


def purge_details(
    session: Session, *, scheme: Scheme, by: Actor, at: datetime, held: Collection[uuid.UUID] = ()
) -> int:
    """Let the details of checks go six months after the decision; outcome and days stay, so that readiness stays true.

    What a later decision replaced goes whole.

    Args:
        session: The transaction.
        scheme: Whose checks.
        by: The portal.
        at: When.
        held: People whose data must not be touched, as for a claim.

    Returns:
        How many checks were emptied or went.
    """
    require_scheme(by, scheme.id)
    due = _list_over(session, scheme, day_of(at, scheme.time_zone), held)
    for check in due:
        if check.ended_at is not None:
            session.delete(check)
        else:
            _empty(check)
            check.changed_at, check.changed_by_id = at, by.person_id
        audit.record(session, by=by, at=at, verb="purge_details", subject=check)
    session.flush()
    return len(due)


def _list_over(session: Session, scheme: Scheme, on: date, held: Collection[uuid.UUID]) -> list[Check]:
    """List the checks of a scheme whose details are kept no longer, in the order in which they are due."""
    statement = (
        select(Check)
        .join(Volunteer, Volunteer.id == Check.volunteer_id)
        .where(queries.are_details_over(scheme, on, held))
        .options(undefer_group(GROUP))
        .order_by(Check.details_until_on, Check.id)
    )
    return list(session.scalars(statement))


def _empty(check: Check) -> None:
    """Take the details off a check that stands."""
    check.level = check.eligible_why = check.reference = check.issued_on = check.is_lived_route = None
    check.conditions, check.details_until_on = "", None
