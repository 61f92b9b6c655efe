"""Reads about matches: the coordinator's list, one match, and a mentor's own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, undefer, undefer_group
from sqlalchemy.orm.interfaces import ORMOption

from accounts.models import Person
from accounts.policy import Actor
from foundation.encryption import GROUP
from foundation.errors import NotVisible
from foundation.language import _
from mentees.models import Mentee, RiskOfHarm
from mentoring import policy
from mentoring.models import Match, MatchMove, Meeting
from mentoring.queries.meetings import weeks_by_match
from mentoring.rules import (
    BEGUN_STATES,
    CLOSED_STATES,
    OPEN_STATES,
    QUIET_AFTER_DAYS,
    TOOK_PLACE,
    MatchFilter,
    MatchState,
    Week,
    is_past_end,
    is_quiet,
)
from mentors.models import Volunteer

PAGE_SIZE = 50


@dataclass(frozen=True)
class MatchRow:
    """One line of the coordinator's list."""

    match: Match
    last_met_on: date | None
    weeks: list[Week]
    is_quiet: bool
    is_past_end: bool

    @property
    def weeks_run(self) -> int:
        """How many of the last weeks the match has run in."""
        since = self.match.starts_on
        return sum(since is not None and week.last_day >= since for week in self.weeks)

    @property
    def weeks_kept(self) -> int:
        """How many of the last weeks had at least three hours."""
        return sum(week.is_kept for week in self.weeks)


@dataclass(frozen=True)
class MatchPage:
    """One page of the coordinator's list."""

    rows: list[MatchRow]
    page: int
    pages: int
    total: int


def _with_people() -> Select[Match]:
    """Begin a read of matches together with the two people in each."""
    return select(Match).options(
        joinedload(Match.mentee).joinedload(Mentee.person), joinedload(Match.volunteer).joinedload(Volunteer.person)
    )


def list_matches(
    session: Session,
    by: Actor,
    *,
    show: MatchFilter = MatchFilter.OPEN,
    text: str = "",
    page: int = 1,
    on: date,
) -> MatchPage:
    """List the matches that somebody may see, quiet ones first, then by the day of the last meeting.

    Args:
        session: The session.
        by: Who looks.
        show: Which matches.
        text: Part of a name or of a person's reference.
        page: Which page, from 1; beyond the last it is the last.
        on: Today, for what counts as quiet or past its end.
    """
    last_met = _last_met()
    since = func.coalesce(last_met.c.held_on, Match.starts_on)
    quiet = _quiet(last_met, on)
    wanted = and_(policy.seen_matches(by), _shown(show, quiet, on), _named(text))
    narrowed = select(Match.id, last_met.c.held_on).outerjoin(last_met, last_met.c.match_id == Match.id).where(wanted)
    total = session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    statement = (
        _with_people()
        .add_columns(last_met.c.held_on)
        .outerjoin(last_met, last_met.c.match_id == Match.id)
        .where(wanted)
        .order_by(case((quiet, 0), else_=1), since, Match.approved_at, Match.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    found = [(match, held_on) for match, held_on in session.execute(statement)]
    weeks = weeks_by_match(session, [match.id for match, _held_on in found], on)
    return MatchPage([_row(match, held_on, weeks[match.id], on) for match, held_on in found], page, pages, total)


def count_matches(session: Session, by: Actor, on: date) -> dict[MatchFilter, int]:
    """Count the matches that somebody may see for every filter of the list, in one statement."""
    last_met = _last_met()
    quiet = _quiet(last_met, on)
    counts = [func.coalesce(func.sum(case((_shown(show, quiet, on), 1), else_=0)), 0) for show in MatchFilter]
    statement = (select(*counts).select_from(Match).outerjoin(last_met, last_met.c.match_id == Match.id)).where(
        policy.seen_matches(by)
    )
    return dict(zip(MatchFilter, session.execute(statement).one(), strict=True))


def _quiet(last_met: Subquery, on: date) -> ColumnElement[bool]:
    """Find active matches without a meeting for too long, as ``is_quiet`` does for one."""
    since = func.coalesce(last_met.c.held_on, Match.starts_on)
    return and_(Match.state == MatchState.ACTIVE, since < on - timedelta(days=QUIET_AFTER_DAYS))


def _row(match: Match, last_met_on: date | None, weeks: list[Week], on: date) -> MatchRow:
    """Make a line of the list."""
    return MatchRow(
        match,
        last_met_on,
        weeks,
        is_quiet(match.state, match.starts_on, last_met_on, on),
        is_past_end(match.state, match.ends_on, on),
    )


def _last_met() -> Subquery:
    """Read the day of the last meeting that took place, by match."""
    return (
        select(Meeting.match_id, func.max(Meeting.held_on).label("held_on"))
        .where(Meeting.outcome.in_(TOOK_PLACE))
        .group_by(Meeting.match_id)
        .subquery()
    )


def _shown(show: MatchFilter, quiet: ColumnElement[bool], on: date) -> ColumnElement[bool]:
    """Turn a filter of the page into a condition."""
    conditions: dict[MatchFilter, ColumnElement[bool]] = {
        MatchFilter.OPEN: Match.state.in_(OPEN_STATES),
        MatchFilter.QUIET: quiet,
        MatchFilter.OFFERED: Match.state == MatchState.OFFERED,
        MatchFilter.ACTIVE: Match.state == MatchState.ACTIVE,
        MatchFilter.PAUSED: Match.state == MatchState.PAUSED,
        MatchFilter.PAST_END: and_(Match.state.in_(BEGUN_STATES), Match.ends_on <= on),
        MatchFilter.CLOSED: Match.state.in_(CLOSED_STATES),
        MatchFilter.ALL: true(),
    }
    return conditions[show]


def _named(text: str) -> ColumnElement[bool]:
    """Find matches by part of a name of either person, or of the reference."""
    words = text.strip().lower()
    if not words:
        return true()
    person, mentor = aliased(Person), aliased(Person)
    mentees = select(Mentee.id).join(person, person.id == Mentee.person_id)
    mentees = mentees.where(
        or_(
            func.lower(person.name).contains(words, autoescape=True),
            func.lower(Mentee.reference).contains(words, autoescape=True),
        )
    )
    volunteers = select(Volunteer.id).join(mentor, mentor.id == Volunteer.person_id)
    volunteers = volunteers.where(func.lower(mentor.name).contains(words, autoescape=True))
    return or_(Match.mentee_id.in_(mentees), Match.volunteer_id.in_(volunteers))


def get_match(session: Session, by: Actor, match_id: uuid.UUID) -> Match:
    """Get a match with its two people.

    Raises:
        NotVisible: There is none that this actor may see.
    """
    return _get(session, match_id, policy.seen_matches(by))


def get_offer(session: Session, by: Actor, match_id: uuid.UUID) -> Match:
    """Get a match that waits for this mentor's answer.

    Raises:
        NotVisible: There is none.
    """
    return _get(session, match_id, policy.answerable_matches(by))


def get_loggable(session: Session, by: Actor, match_id: uuid.UUID) -> Match:
    """Get a match in which this actor may log a meeting.

    Raises:
        NotVisible: There is none.
    """
    return _get(session, match_id, policy.loggable_matches(by))


def _get(session: Session, match_id: uuid.UUID, may: ColumnElement[bool]) -> Match:
    """Get a match if a condition of the policy holds for it."""
    whole = _with_people().options(undefer_group(GROUP), _wishes())
    match = session.scalars(whole.where(Match.id == match_id, may)).one_or_none()
    if match is None:
        raise NotVisible(_("There is no such match."))
    return match


def _wishes() -> ORMOption:
    """Read along where the person is and what they wish for, which their mentor may know."""
    return joinedload(Match.mentee).options(undefer(Mentee.needs), joinedload(Mentee.establishment))


def find_own_matches(session: Session, by: Actor) -> Sequence[Match]:
    """List a mentor's own open matches, oldest first: those that wait for an answer and those under way."""
    statement = (
        _with_people().options(_wishes()).where(policy.my_open_matches(by)).order_by(Match.approved_at, Match.id)
    )
    return session.scalars(statement).all()


def find_open_match(session: Session, mentee_id: uuid.UUID) -> Match | None:
    """Find the open match of a person, as the database keeps it now."""
    statement = (
        select(Match)
        .where(Match.mentee_id == mentee_id, Match.state.in_(OPEN_STATES))
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def lock_pair(session: Session, mentee: Mentee, volunteer: Volunteer) -> None:
    """Hold the rows of a mentor and a person until this transaction ends, and read both anew.

    Always the mentor first, so that two transactions never wait for one another in a ring. SQLite needs no such lock,
    as it lets one writing transaction in at a time.
    """
    fresh = {"populate_existing": True}
    session.scalars(
        select(Volunteer).where(Volunteer.id == volunteer.id).with_for_update(), execution_options=fresh
    ).one()
    session.scalars(select(Mentee).where(Mentee.id == mentee.id).with_for_update(), execution_options=fresh).one()


def list_risk_levels(session: Session, mentee_id: uuid.UUID) -> Sequence[int]:
    """List the levels of risk that were given for a person, as the database keeps them now."""
    statement = select(RiskOfHarm.level).where(RiskOfHarm.mentee_id == mentee_id).order_by(RiskOfHarm.id)
    return sorted(session.scalars(statement))


def list_open_matches_of(session: Session, volunteer_id: uuid.UUID) -> Sequence[Match]:
    """List the open matches of a mentor, oldest first."""
    statement = (
        select(Match)
        .where(Match.volunteer_id == volunteer_id, Match.state.in_(OPEN_STATES))
        .order_by(Match.approved_at, Match.id)
    )
    return session.scalars(statement).all()


def find_approver(session: Session, match: Match) -> str:
    """Tell the name of whoever opened a match; empty for the portal itself."""
    if match.approved_by_id is None:
        return ""
    return session.scalar(select(Person.name).where(Person.id == match.approved_by_id)) or ""


def list_moves(session: Session, match: Match) -> list[tuple[MatchMove, str]]:
    """List the moves of a match, newest first, each with the name of whoever made it."""
    statement = (
        select(MatchMove, Person.name)
        .outerjoin(Person, Person.id == MatchMove.by_id)
        .where(MatchMove.match_id == match.id)
        .order_by(MatchMove.at.desc(), MatchMove.id)
    )
    return [(move, name or "") for move, name in session.execute(statement)]
