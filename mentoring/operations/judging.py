"""Readiness is judged anew: every night, and at once when a check is written down. A fact, never a change of stage."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from accounts.policy import Actor, require_scheme
from foundation import audit
from foundation.clock import day_of
from mentoring import queries
from mentoring.models import ReadinessLoss, ReadinessNight
from mentoring.rules import Point
from mentors.models import Volunteer
from mentors.rules import CheckRecorded, StageMoved


def note_night(
    session: Session,
    *,
    scheme_id: uuid.UUID,
    judged: int,
    changed: Sequence[uuid.UUID],
    by: Actor,
    at: datetime,
) -> ReadinessNight:
    """Write down what a night found: who has lost readiness, and who has it back.

    Whoever was found changed is judged once more inside this transaction, so that nothing is noted that somebody has
    mended meanwhile.

    Args:
        session: The transaction.
        scheme_id: The scheme, which must be the actor's.
        judged: How many were judged.
        changed: Whose readiness was found to differ from what is noted.
        by: The portal.
        at: When.
    """
    require_scheme(by, scheme_id)
    lost, restored = _note(session, changed, by=by, at=at)
    night = ReadinessNight(
        scheme_id=scheme_id, night_on=day_of(at, by.time_zone), judged=judged, lost=lost, restored=restored
    )
    session.add(night)
    audit.record(session, by=by, at=at, verb="note_night", subject=night)
    session.flush()
    return night


def note_readiness_of(session: Session, fact: CheckRecorded | StageMoved) -> None:
    """Note at once whether a volunteer has lost readiness or has it back: listens to every check and every move."""
    _note(session, [fact.volunteer_id], by=fact.by, at=fact.at)


def _note(session: Session, volunteer_ids: Sequence[uuid.UUID], *, by: Actor, at: datetime) -> tuple[int, int]:
    """Note whose readiness differs from what is noted, and count who lost it and who has it back."""
    on = day_of(at, by.time_zone)
    known = queries.list_open_losses(session, volunteer_ids)
    volunteers = queries.list_to_judge(session, volunteer_ids)
    lacking = queries.lacking_of(session, volunteers, on)
    lost = [each for each in volunteers if lacking[each.id] and each.id not in known]
    for volunteer in lost:
        _lose(session, volunteer, lacking[volunteer.id], on, by=by, at=at)
    restored = [loss for key, loss in known.items() if not lacking.get(key)]
    for loss in restored:
        loss.restored_on = on
        audit.record(session, by=by, at=at, verb="restore_readiness", subject=loss)
    session.flush()
    return len(lost), len(restored)


def _lose(
    session: Session, volunteer: Volunteer, lacking: Sequence[Point], on: date, *, by: Actor, at: datetime
) -> None:
    """Write down that a volunteer lacks something."""
    loss = ReadinessLoss(
        scheme_id=volunteer.scheme_id,
        volunteer_id=volunteer.id,
        lost_on=on,
        lacking=sorted({point.demand.value for point in lacking}),
        noted_at=at,
    )
    session.add(loss)
    audit.record(session, by=by, at=at, verb="lose_readiness", subject=loss)
