"""What waits on the home pages: all cards of all roles in one statement, each with its number and first rows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from accounts.models import Account, BreakGlass, Invitation, Person, RoleGrant
from accounts.policy import Actor, visible_glasses
from accounts.rules import BREAK_GLASS_WAITS, GlassState, Permission
from foundation.clock import day_of
from foundation.db import Instant
from matching.models import Proposal
from matching.policy import readable_proposals
from matching.rules import OPEN_PROPOSALS
from mentees.models import Mentee
from mentees.policy import everybody_waiting, visible_mentees, visible_referrals
from mentees.rules import CaseStage
from mentoring.models import Match, Meeting
from mentoring.policy import seen_matches
from mentoring.rules import QUIET_AFTER_DAYS, TOOK_PLACE, MatchState
from mentors.models import Check, Commitment, CommitmentAlert, Volunteer
from mentors.policy import decided_volunteers, visible_volunteers
from mentors.rules import PASSED, AlertKind, CheckKind, CommitmentState, Stage
from reports.rules import LAPSING_DAYS, MOST_ROWS, RELEASE_DAYS, Card, Row, Waiting
from training.models import Attendance, Course, Plan, TrainingEvent
from training.policy import sees_plans, sees_training
from training.queries import list_courses
from training.rules import REVIEW_SOON_DAYS, TRAINED_STAGES, last_expired_day

_Column = SQLColumnExpression[Any]
_MENTOR = aliased(Person, name="mentor")

_CHECKED_STAGES = (Stage.CHECKS, Stage.TRAINING, Stage.READY, Stage.ON_A_BREAK)
_WORDS: Mapping[Card, type[StrEnum]] = {
    Card.EMERGENCY: GlassState,
    Card.COMMITMENTS: AlertKind,
    Card.RELEASES: CaseStage,
    Card.LAPSING: CheckKind,
    Card.LACKING: Stage,
    Card.OWN_REFERRALS: CaseStage,
}
"""What the word in a card's lines is, where it has one."""
_OPEN_CASES = (CaseStage.REFERRED, CaseStage.WAITING, CaseStage.MATCHED)


@dataclass(frozen=True)
class _Asked:
    """For whom and for which day the cards are read, and the courses that mentors need."""

    by: Actor
    on: date
    at: datetime
    courses: Sequence[Course]


def required_courses(session: Session, by: Actor) -> list[Course]:
    """List the courses that every mentor of the actor's scheme needs."""
    return [course for course in list_courses(session, by.scheme_id) if course.is_required]


def list_waiting(
    session: Session, by: Actor, cards: Collection[Card], *, on: date, at: datetime, courses: Sequence[Course] = ()
) -> dict[Card, Waiting]:
    """Read some cards in one statement; what the actor may not see is not there.

    Args:
        session: Where to read.
        by: Whose home page it is.
        cards: Which cards.
        on: Today where the scheme is.
        at: Now.
        courses: The required courses, for the card of lacking training.
    """
    if not cards:
        return {}
    asked = _Asked(by, on, at, courses)
    parts = [_CARDS[card](asked).subquery(card.name.lower()) for card in cards]
    statement = union_all(*(select(part) for part in parts)).order_by("card", "place")
    found: dict[Card, list[Any]] = {card: [] for card in cards}
    for line in session.execute(statement):
        found[Card(line.card)].append(line)
    return {
        card: Waiting(lines[0].total, tuple(_row(card, line, by) for line in lines)) if lines else Waiting()
        for card, lines in found.items()
    }


def _row(card: Card, line: Any, by: Actor) -> Row:  # noqa: ANN401 - a row of a union.
    """Turn a line of the statement into one of the page; an instant becomes the day it was where the scheme is."""
    day = line.day if line.at is None else day_of(line.at, by.time_zone)
    word = _WORDS[card](line.word) if card in _WORDS else None
    return Row(line.record_id, line.name, line.other, word, day, line.minutes)


def _lines(
    card: Card,
    record_id: _Column,
    name: _Column,
    *order: _Column,
    day: _Column | None = None,
    at: _Column | None = None,
    other: _Column | None = None,
    word: _Column | None = None,
    minutes: _Column | None = None,
) -> Select[Any]:
    """Begin the statement of a card, with the columns that all cards share, its first rows and how many there are."""
    return (
        select(
            literal(card.value, String).label("card"),
            func.count().over().label("total"),
            func.row_number().over(order_by=order).label("place"),
            record_id.label("record_id"),
            name.label("name"),
            (literal("", String) if other is None else other).label("other"),
            (literal("", String) if word is None else type_coerce(word, String)).label("word"),
            (cast(null(), Date) if day is None else day).label("day"),
            (cast(null(), Instant) if at is None else at).label("at"),
            (literal(0, Integer) if minutes is None else minutes).label("minutes"),
        )
        .order_by(*order)
        .limit(MOST_ROWS)
    )


def _emergency(asked: _Asked) -> Select[Any]:
    """Read requests for emergency access that wait for a decision, and records that stand open by one."""
    asker = aliased(Person, name="asker")
    is_asked = and_(BreakGlass.is_allowed.is_(None), BreakGlass.asked_at > asked.at - BREAK_GLASS_WAITS)
    is_open = and_(BreakGlass.is_allowed.is_(True), BreakGlass.expires_at > asked.at)
    state = case((is_open, literal(GlassState.OPEN.value, String)), else_=literal(GlassState.ASKED.value, String))
    order = (BreakGlass.asked_at, BreakGlass.id)
    return (
        _lines(Card.EMERGENCY, BreakGlass.id, asker.name, *order, at=BreakGlass.asked_at, word=state)
        .join(asker, asker.id == BreakGlass.asked_by_id)
        .where(visible_glasses(asked.by), or_(is_asked, is_open))
    )


def _applications(asked: _Asked) -> Select[Any]:
    """Read applications that nobody has taken up, the oldest first."""
    order = (Volunteer.applied_at, Volunteer.id)
    return (
        _lines(Card.APPLICATIONS, Volunteer.id, Person.name, *order, at=Volunteer.applied_at)
        .join(Person, Person.id == Volunteer.person_id)
        .where(visible_volunteers(asked.by), Volunteer.stage == Stage.APPLIED)
    )


def _referrals(asked: _Asked) -> Select[Any]:
    """Read referrals that nobody has decided on, the oldest first."""
    order = (Mentee.referred_at, Mentee.id)
    return (
        _lines(Card.REFERRALS, Mentee.id, Person.name, *order, at=Mentee.referred_at)
        .join(Person, Person.id == Mentee.person_id)
        .where(visible_mentees(asked.by), Mentee.stage == CaseStage.REFERRED)
    )


def _proposals(asked: _Asked) -> Select[Any]:
    """Read proposals to decide on, the best fit first, without those that wait for a second person than this one."""
    is_mine = or_(Proposal.first_by_id.is_(None), Proposal.first_by_id != asked.by.person_id)
    order = (Proposal.fit.desc(), Proposal.id)
    return (
        _lines(Card.PROPOSALS, Proposal.id, Person.name, *order, other=_MENTOR.name)
        .join(Mentee, Mentee.id == Proposal.mentee_id)
        .join(Person, Person.id == Mentee.person_id)
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .join(_MENTOR, _MENTOR.id == Volunteer.person_id)
        .where(readable_proposals(asked.by), Proposal.state.in_(OPEN_PROPOSALS), is_mine)
    )


def _offers(asked: _Asked) -> Select[Any]:
    """Read matches that wait for the mentor's answer, the oldest first."""
    order = (Match.approved_at, Match.id)
    return _with_both(
        _lines(Card.OFFERS, Match.id, Person.name, *order, other=_MENTOR.name, at=Match.approved_at), asked
    ).where(Match.state == MatchState.OFFERED)


def _quiet(asked: _Asked) -> Select[Any]:
    """Read running matches without a meeting for too long, the longest silence first."""
    last_met = (
        select(func.max(Meeting.held_on))
        .where(Meeting.match_id == Match.id, Meeting.outcome.in_(TOOK_PLACE))
        .correlate(Match)
        .scalar_subquery()
    )
    since = type_coerce(func.coalesce(last_met, Match.starts_on), Date)
    return _with_both(
        _lines(Card.QUIET, Match.id, Person.name, since, Match.id, other=_MENTOR.name, day=since), asked
    ).where(Match.state == MatchState.ACTIVE, since < asked.on - timedelta(days=QUIET_AFTER_DAYS))


def _with_both(lines: Select[Any], asked: _Asked) -> Select[Any]:
    """Join the two people of a match, for those who may see matches of the whole scheme."""
    may_see = seen_matches(asked.by) if asked.by.may(Permission.MATCHES_READ) else false()
    return (
        lines.join(Mentee, Mentee.id == Match.mentee_id)
        .join(Person, Person.id == Mentee.person_id)
        .join(Volunteer, Volunteer.id == Match.volunteer_id)
        .join(_MENTOR, _MENTOR.id == Volunteer.person_id)
        .where(may_see)
    )


def _releases(asked: _Asked) -> Select[Any]:
    """Read who leaves prison soon, the next one first."""
    order = (Mentee.release_on, Mentee.id)
    return (
        _lines(Card.RELEASES, Mentee.id, Person.name, *order, day=Mentee.release_on, word=Mentee.stage)
        .join(Person, Person.id == Mentee.person_id)
        .where(
            visible_mentees(asked.by),
            Mentee.stage.in_(_OPEN_CASES),
            Mentee.release_on.between(asked.on, asked.on + timedelta(days=RELEASE_DAYS)),
        )
    )


def _commitments(asked: _Asked) -> Select[Any]:
    """Read which mentors give too little or too much and nobody has answered, the longest first."""
    row = CommitmentAlert
    found = _of_volunteers(asked, Card.COMMITMENTS, row, row.since_on, day=row.since_on, word=row.kind)
    return found.where(row.ended_at.is_(None), row.answered_at.is_(None))


def _wishes(asked: _Asked) -> Select[Any]:
    """Read who asks for other hours, the longest first."""
    found = _of_volunteers(asked, Card.WISHES, Commitment, Commitment.asked_at, at=Commitment.asked_at)
    return found.where(Commitment.state == CommitmentState.ASKED)


def _of_volunteers(asked: _Asked, card: Card, row: Any, first: _Column, **told: _Column) -> Select[Any]:  # noqa: ANN401 - a model.
    """Read rows about volunteers of whom the actor may decide."""
    lines = _lines(card, Volunteer.id, Person.name, first, row.id, **told)
    found = lines.join(Volunteer, Volunteer.id == row.volunteer_id).join(Person, Person.id == Volunteer.person_id)
    return found.where(decided_volunteers(asked.by))


def _lapsing(asked: _Asked) -> Select[Any]:
    """Read passed checks that run out soon or have run out, the first to lapse first."""
    order = (Check.expires_on, Check.id)
    may_see = visible_volunteers(asked.by) if asked.by.may(Permission.VOLUNTEERS_DECIDE) else false()
    return (
        _lines(Card.LAPSING, Volunteer.id, Person.name, *order, day=Check.expires_on, word=Check.kind)
        .join(Volunteer, Volunteer.id == Check.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(
            may_see,
            Volunteer.stage.in_(_CHECKED_STAGES),
            Check.outcome.in_(PASSED),
            Check.expires_on <= asked.on + timedelta(days=LAPSING_DAYS),
        )
    )


def _waiting(asked: _Asked) -> Select[Any]:
    """Read who waits for a mentor, the longest first."""
    order = (Mentee.stage_since, Mentee.id)
    return (
        _lines(Card.WAITING, Mentee.id, Person.name, *order, at=Mentee.stage_since)
        .join(Person, Person.id == Mentee.person_id)
        .where(everybody_waiting(asked.by))
    )


def _lacking(asked: _Asked) -> Select[Any]:
    """Read which volunteers lack required training: mentors whose course has lapsed first, then who lacks most."""
    missing = [_missing(course, asked.on) for course in asked.courses]
    lacking = (
        select(Volunteer.id, Person.name, Volunteer.stage, sum(missing, literal(0, Integer)).label("minutes"))
        .join(Person, Person.id == Volunteer.person_id)
        .where(sees_training(asked.by), Volunteer.stage.in_(TRAINED_STAGES))
        .subquery("lacking_minutes")
    )
    found = lacking.c
    order = (case((found.stage == Stage.READY, 0), else_=1), found.minutes.desc(), found.name, found.id)
    return _lines(Card.LACKING, found.id, found.name, *order, word=found.stage, minutes=found.minutes).where(
        found.minutes > 0
    )


def _missing(course: Course, on: date) -> ColumnElement[int]:
    """Say in SQL how many minutes of a course a volunteer lacks, by the same rule as ``training.rules.standings``."""
    counts = [TrainingEvent.held_on <= on]
    if course.valid_months:
        counts.append(TrainingEvent.held_on > last_expired_day(on, course.valid_months))
    counted = (
        select(func.coalesce(func.sum(Attendance.minutes), 0))
        .join(TrainingEvent, TrainingEvent.id == Attendance.event_id)
        .where(
            Attendance.volunteer_id == Volunteer.id,
            Attendance.is_present,
            TrainingEvent.course_id == course.id,
            TrainingEvent.withdrawn_at.is_(None),
            *counts,
        )
        .correlate(Volunteer)
        .scalar_subquery()
    )
    missing = course.required_minutes - counted
    return case((missing > 0, missing), else_=0)


def _reviews(asked: _Asked) -> Select[Any]:
    """Read plans whose review is due soon or overdue, the longest due first."""
    order = (Plan.next_review_on, Plan.id)
    may_see = sees_plans(asked.by) if asked.by.may(Permission.PLANS_REVIEW) else false()
    return (
        _lines(Card.REVIEWS, Volunteer.id, Person.name, *order, day=Plan.next_review_on)
        .join(Volunteer, Volunteer.id == Plan.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .where(
            may_see,
            Volunteer.stage.in_(TRAINED_STAGES),
            Plan.next_review_on <= asked.on + timedelta(days=REVIEW_SOON_DAYS),
        )
    )


def _own_referrals(asked: _Asked) -> Select[Any]:
    """Read what an officer's agency referred, the newest first."""
    order = (Mentee.referred_at.desc(), Mentee.id)
    # Those who work for no agency are not given what came from no agency.
    is_ours = Mentee.agency_id == asked.by.agency_id if asked.by.agency_id else false()
    return (
        _lines(Card.OWN_REFERRALS, Mentee.id, Person.name, *order, word=Mentee.stage, at=Mentee.referred_at)
        .join(Person, Person.id == Mentee.person_id)
        .where(visible_referrals(asked.by), is_ours)
    )


def _invitations(asked: _Asked) -> Select[Any]:
    """Read who has been invited to the scheme and has not chosen a password, with the day the link runs out."""
    runs_out = (
        select(func.max(Invitation.expires_at))
        .where(Invitation.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    has_role = (
        select(RoleGrant.id)
        .where(
            RoleGrant.person_id == Account.person_id,
            RoleGrant.scheme_id == asked.by.scheme_id,
            RoleGrant.ended_at.is_(None),
        )
        .correlate(Account)
        .exists()
    )
    may_see = and_(has_role, literal(asked.by.may(Permission.ACCOUNTS_MANAGE)))
    expiry = type_coerce(runs_out, Instant)
    return (
        _lines(Card.INVITATIONS, Account.id, Person.name, Account.created_at, Account.id, at=expiry)
        .join(Person, Person.id == Account.person_id)
        .where(may_see, Account.password_hash.is_(None), runs_out.is_not(None))
    )


_CARDS: Mapping[Card, Callable[[_Asked], Select[Any]]] = {
    Card.EMERGENCY: _emergency,
    Card.APPLICATIONS: _applications,
    Card.REFERRALS: _referrals,
    Card.PROPOSALS: _proposals,
    Card.OFFERS: _offers,
    Card.QUIET: _quiet,
    Card.COMMITMENTS: _commitments,
    Card.WISHES: _wishes,
    Card.RELEASES: _releases,
    Card.LAPSING: _lapsing,
    Card.WAITING: _waiting,
    Card.LACKING: _lacking,
    Card.REVIEWS: _reviews,
    Card.OWN_REFERRALS: _own_referrals,
    Card.INVITATIONS: _invitations,
}
