"""Reads about meetings: the list of one match, its weeks, and the totals of a scheme."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from mentoring.models import Match, Meeting
from mentoring.rules import TOOK_PLACE, WEEKS_SHOWN, MeetingKind, Week, monday_of, weeks_of

MEETINGS_PER_PAGE = 20
LATEST_SHOWN = 5


def list_meetings(session: Session, match: Match, *, page: int = 1) -> tuple[Sequence[Meeting], int, int]:
    """List the meetings of a match that the caller may see, newest first; with them the page and how many there are."""
    total = session.scalar(select(func.count()).where(Meeting.match_id == match.id)) or 0
    pages = max(1, -(-total // MEETINGS_PER_PAGE))
    page = min(max(1, page), pages)
    statement = (
        select(Meeting)
        .where(Meeting.match_id == match.id)
        .options(undefer(Meeting.note))
        .order_by(Meeting.held_on.desc(), Meeting.logged_at.desc(), Meeting.id)
        .limit(MEETINGS_PER_PAGE)
        .offset((page - 1) * MEETINGS_PER_PAGE)
    )
    return session.scalars(statement).all(), page, pages


def find_last_met(session: Session, match: Match) -> date | None:
    """Find the day of the last meeting of a match that took place."""
    statement = select(func.max(Meeting.held_on)).where(Meeting.match_id == match.id, Meeting.outcome.in_(TOOK_PLACE))
    return session.scalar(statement)


def latest_by_match(
    session: Session, match_ids: Sequence[uuid.UUID], most: int = LATEST_SHOWN
) -> dict[uuid.UUID, list[Meeting]]:
    """List the last few meetings of several matches, newest first, in one statement."""
    newest = (Meeting.held_on.desc(), Meeting.logged_at.desc(), Meeting.id)
    place = func.row_number().over(partition_by=Meeting.match_id, order_by=newest).label("place")
    ranked = select(Meeting.id, place).where(Meeting.match_id.in_(match_ids)).subquery()
    statement = (
        select(Meeting)
        .join(ranked, ranked.c.id == Meeting.id)
        .where(ranked.c.place <= most)
        .options(undefer(Meeting.note))
        .order_by(*newest)
    )
    found: dict[uuid.UUID, list[Meeting]] = {match_id: [] for match_id in match_ids}
    for meeting in session.scalars(statement):
        found[meeting.match_id].append(meeting)
    return found


def weeks_by_match(
    session: Session, match_ids: Sequence[uuid.UUID], last_day: date, count: int = WEEKS_SHOWN
) -> dict[uuid.UUID, list[Week]]:
    """Sum the meetings of several matches by week, oldest week first, in one statement."""
    since = monday_of(last_day) - timedelta(weeks=count - 1)
    statement = (
        select(Meeting.match_id, Meeting.held_on, Meeting.duration_minutes, Meeting.kind)
        .where(Meeting.match_id.in_(match_ids), Meeting.held_on >= since, Meeting.outcome.in_(TOOK_PLACE))
        .order_by(Meeting.match_id, Meeting.held_on)
    )
    found: dict[uuid.UUID, list[tuple[date, int, bool]]] = {match_id: [] for match_id in match_ids}
    for match_id, held_on, minutes, kind in session.execute(statement):
        found[match_id].append((held_on, minutes, kind is MeetingKind.SESSION))
    return {match_id: weeks_of(meetings, last_day, count) for match_id, meetings in found.items()}


def count_sessions(session: Session, scheme_id: uuid.UUID, until: date) -> int:
    """Count the sessions of a scheme that took place up to and on a day."""
    statement = select(func.count()).where(
        Meeting.scheme_id == scheme_id,
        Meeting.kind == MeetingKind.SESSION,
        Meeting.outcome.in_(TOOK_PLACE),
        Meeting.held_on <= until,
    )
    return session.scalar(statement) or 0


def count_people_mentored(session: Session, scheme_id: uuid.UUID, until: date) -> int:
    """Count the people of a scheme with whom a mentor agreed to work, up to and on a day; each person once."""
    statement = select(func.count(Match.mentee_id.distinct())).where(
        Match.scheme_id == scheme_id, Match.starts_on.is_not(None), Match.starts_on <= until
    )
    return session.scalar(statement) or 0
