"""Every night the weeks of mentors are looked at, and coordinators are told of too little and of too much."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import Scheme
from accounts.policy import Actor, require_scheme
from foundation import audit
from foundation.clock import day_of
from mentoring import queries
from mentors import operations as mentors
from mentors import queries as volunteers
from mentors.models import CommitmentAlert, CommitmentLook
from mentors.rules import Alert, alert_of


def look_at_weeks(session: Session, *, scheme: Scheme, by: Actor, at: datetime) -> int:
    """Let today's promises hold, and tell coordinators of mentors' weeks; tell of how many anew.

    What was told stays one row for as long as it lasts: an answer quiets it, and only what happens anew is told again.
    """
    require_scheme(by, scheme.id)
    today = day_of(at, scheme.time_zone)
    look = volunteers.find_look(session, scheme.id)
    since = look.looked_on if look else scheme.starts_on
    for volunteer in volunteers.list_changing(session, scheme.id, since, today):
        mentors.follow_promise(session, volunteer=volunteer, by=by, at=at)
    ids = queries.list_ready_ids(session, scheme.id)
    weeks = queries.weeks_given(session, ids, today, scheme.time_zone)
    live = queries.live_alerts(session, scheme.id)
    told = 0
    for volunteer_id in sorted({*ids, *live}):
        found = alert_of(weeks[volunteer_id]) if volunteer_id in weeks else None
        told += _keep(session, scheme, volunteer_id, live.get(volunteer_id), found, by, at)
    _note_look(session, scheme, look, by, at)
    return told


def _keep(  # noqa: PLR0917 - one mentor's part of a look.
    session: Session,
    scheme: Scheme,
    volunteer_id: uuid.UUID,
    row: CommitmentAlert | None,
    found: Alert | None,
    by: Actor,
    at: datetime,
) -> bool:
    """Let the row of one mentor say what their weeks say; tell whether something is told anew."""
    if row is not None and found is not None and _is_same(row, found):
        return False
    if row is not None:
        row.ended_at = at
        audit.record(session, by=by, at=at, verb="look_at_weeks", subject=row)
        # The old row ends before the new one begins, as only one may live.
        session.flush()
    if found is None:
        return False
    told = CommitmentAlert(
        scheme_id=scheme.id, volunteer_id=volunteer_id, kind=found.kind, since_on=found.since_on, raised_at=at
    )
    session.add(told)
    audit.record(session, by=by, at=at, verb="look_at_weeks", subject=told)
    session.flush()
    return True


def _is_same(row: CommitmentAlert, found: Alert) -> bool:
    """Whether weeks tell what a coordinator was told before; a run that is cut off began before."""
    return row.kind is found.kind and (found.is_cut or found.since_on <= row.since_on)


def _note_look(session: Session, scheme: Scheme, look: CommitmentLook | None, by: Actor, at: datetime) -> None:
    """Note that the weeks were looked at today."""
    if look is None:
        look = CommitmentLook(scheme_id=scheme.id)
        session.add(look)
    look.looked_on = day_of(at, scheme.time_zone)
    audit.record(session, by=by, at=at, verb="look_at_weeks", subject=look)
    session.flush()
