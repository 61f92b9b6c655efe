"""Reads about what mentors give each week against what they offered."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from foundation.clock import day_of
from mentoring.models import Match, MatchMove, Meeting
from mentoring.rules import TOOK_PLACE, MatchState, monday_of
from mentors import queries as mentors
from mentors.models import CommitmentAlert, Volunteer
from mentors.rules import WEEKS_OF_A_YEAR, GivenWeek, Giving, Promise, Span, Stage, weigh_weeks


def weeks_given(
    session: Session, volunteer_ids: Sequence[uuid.UUID], on: date, time_zone: str, count: int = WEEKS_OF_A_YEAR
) -> dict[uuid.UUID, list[GivenWeek]]:
    """Judge the last weeks of several mentors over all their matches, in four statements however many they are.

    Args:
        session: To read with.
        volunteer_ids: Whose weeks.
        on: Today where the scheme is.
        time_zone: Of the scheme, by which instants become days.
        count: How many weeks, the running one last.
    """
    promises = mentors.promises_of(session, volunteer_ids)
    breaks = mentors.breaks_of(session, volunteer_ids)
    matched = _matched(session, volunteer_ids, time_zone)
    minutes = _minutes(session, volunteer_ids, monday_of(on) - timedelta(weeks=count - 1), on)
    return {
        key: weigh_weeks(Giving(promises[key], breaks[key], matched[key], minutes[key]), on, count)
        for key in volunteer_ids
    }


def weeks_of_volunteer(  # noqa: PLR0917 - all that the weeks of one volunteer are judged by.
    session: Session,
    volunteer_id: uuid.UUID,
    promises: Sequence[Promise],
    breaks: Sequence[Span],
    on: date,
    time_zone: str,
) -> list[GivenWeek]:
    """Judge the weeks of a year of one volunteer whose promises and breaks are known, in two statements."""
    matched = _matched(session, [volunteer_id], time_zone)[volunteer_id]
    since = monday_of(on) - timedelta(weeks=WEEKS_OF_A_YEAR - 1)
    minutes = _minutes(session, [volunteer_id], since, on)[volunteer_id]
    return weigh_weeks(Giving(promises, breaks, matched, minutes), on)


def _matched(session: Session, volunteer_ids: Sequence[uuid.UUID], time_zone: str) -> dict[uuid.UUID, list[Span]]:
    """Tell when each mentor had somebody to meet: from a yes to an end, without the time in which a match rests."""
    begins = MatchMove.after == MatchState.ACTIVE
    statement = (
        select(Match.volunteer_id, MatchMove.match_id, MatchMove.after, MatchMove.at)
        .join(Match, Match.id == MatchMove.match_id)
        .where(Match.volunteer_id.in_(volunteer_ids), MatchMove.after != MatchState.OFFERED)
        # What begins and ends at one instant begins first.
        .order_by(Match.volunteer_id, MatchMove.match_id, MatchMove.at, case((begins, 0), else_=1), MatchMove.id)
    )
    found: dict[uuid.UUID, list[Span]] = {volunteer_id: [] for volunteer_id in volunteer_ids}
    running: dict[uuid.UUID, tuple[uuid.UUID, date]] = {}
    for volunteer_id, match_id, after, at in session.execute(statement):
        day = day_of(at, time_zone)
        if (begun := running.pop(match_id, None)) is not None:
            found[volunteer_id].append(Span(begun[1], day))
        if after is MatchState.ACTIVE:
            running[match_id] = (volunteer_id, day)
    for volunteer_id, day in running.values():
        found[volunteer_id].append(Span(day))
    return found


def _minutes(
    session: Session, volunteer_ids: Sequence[uuid.UUID], since: date, until: date
) -> dict[uuid.UUID, Mapping[date, int]]:
    """Add up the minutes of each mentor by day."""
    statement = (
        select(Match.volunteer_id, Meeting.held_on, func.sum(Meeting.duration_minutes))
        .join(Meeting.match)
        .where(
            Match.volunteer_id.in_(volunteer_ids),
            Meeting.held_on.between(since, until),
            Meeting.outcome.in_(TOOK_PLACE),
        )
        .group_by(Match.volunteer_id, Meeting.held_on)
        .order_by(Match.volunteer_id, Meeting.held_on)
    )
    found: dict[uuid.UUID, dict[date, int]] = {volunteer_id: {} for volunteer_id in volunteer_ids}
    for volunteer_id, day, minutes in session.execute(statement):
        found[volunteer_id][day] = int(minutes)
    return dict(found)


def list_ready_ids(session: Session, scheme_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """List the mentors of a scheme whose weeks are looked at, by their ids."""
    statement = (
        select(Volunteer.id)
        .where(Volunteer.scheme_id == scheme_id, Volunteer.stage == Stage.READY)
        .order_by(Volunteer.id)
    )
    return session.scalars(statement).all()


def live_alerts(session: Session, scheme_id: uuid.UUID) -> dict[uuid.UUID, CommitmentAlert]:
    """Find what coordinators of a scheme are told now, by mentor."""
    statement = (
        select(CommitmentAlert)
        .where(CommitmentAlert.scheme_id == scheme_id, CommitmentAlert.ended_at.is_(None))
        .order_by(CommitmentAlert.raised_at, CommitmentAlert.id)
    )
    return {row.volunteer_id: row for row in session.scalars(statement)}
