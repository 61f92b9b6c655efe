"""Rows as the packages below leave them, made directly so that a test can have fifty of each in an instant."""

import itertools
import uuid
from datetime import date, timedelta
from typing import TypeVar

from accounts.models import Agency, BreakGlass
from accounts.rules import BREAK_GLASS_LASTS
from demo.builders import Builder
from foundation.db import Base
from matching.models import Proposal, Round
from matching.rules import RoundState
from mentees.models import Mentee
from mentees.rules import CaseStage, Setting
from mentoring.models import Match, Meeting, ReadinessLoss
from mentoring.rules import AttendanceOutcome, MatchState, MeetingKind, MeetingPlace
from mentors.models import Check, Commitment, CommitmentAlert, Volunteer
from mentors.rules import AlertKind, CheckKind, CheckOutcome, CommitmentState, Stage
from training.models import Attendance, Course, Goal, Plan, TrainingEvent

TODAY = date(2026, 11, 16)
Row = TypeVar("Row", bound=Base)

_numbers = itertools.count(1)


def day(offset: int) -> date:
    """A day before or after the tests' today."""
    return TODAY + timedelta(days=offset)


def volunteer(
    build: Builder,
    stage: Stage = Stage.APPLIED,
    *,
    name: str = "",
    slug: str = "knowsley",
    days: int = 0,
    person_id: uuid.UUID | None = None,
) -> Volunteer:
    """Somebody who applied some days ago."""
    scheme = build.scheme(slug)
    at = build.at - timedelta(days=days)
    row = Volunteer(
        scheme_id=scheme.id,
        person_id=person_id or build.person(name, slug=slug).id,
        stage=stage,
        stage_since=at,
        applied_at=at,
        hours_per_week=4,
        months=12,
        changed_at=at,
    )
    return _saved(build, row)


def check(
    build: Builder, of: Volunteer, kind: CheckKind, *, expires_on: date | None = None, is_clear: bool = True
) -> Check:
    """A check that was decided."""
    outcome = CheckOutcome.CLEAR if is_clear else CheckOutcome.NOT_CLEAR
    row = Check(volunteer_id=of.id, kind=kind, outcome=outcome, expires_on=expires_on, changed_at=build.at)
    return _saved(build, row)


def loss(build: Builder, of: Volunteer, *, days: int = 0, restored_on: date | None = None) -> ReadinessLoss:
    """Readiness that was found to be lost some days ago."""
    row = ReadinessLoss(
        scheme_id=of.scheme_id,
        volunteer_id=of.id,
        lost_on=day(-days),
        lacking=["dbs"],
        noted_at=build.at,
        restored_on=restored_on,
    )
    return _saved(build, row)


def mentee(
    build: Builder,
    stage: CaseStage = CaseStage.WAITING,
    *,
    name: str = "",
    slug: str = "knowsley",
    days: int = 0,
    release_on: date | None = None,
    agency: Agency | None = None,
) -> Mentee:
    """Somebody who was referred some days ago."""
    at = build.at - timedelta(days=days)
    row = Mentee(
        scheme_id=build.scheme(slug).id,
        person_id=build.person(name, slug=slug).id,
        stage=stage,
        stage_since=at,
        reference=f"T-{next(_numbers):04}",
        referred_at=at,
        agency_id=agency.id if agency else None,
        consent_on=at.date(),
        setting=Setting.CUSTODY if release_on else Setting.COMMUNITY,
        release_on=release_on,
        changed_at=at,
    )
    return _saved(build, row)


def match(
    build: Builder,
    by: Volunteer,
    of: Mentee,
    state: MatchState = MatchState.ACTIVE,
    *,
    starts_on: date | None = None,
) -> Match:
    """Two people put together."""
    begun = None if state is MatchState.OFFERED else starts_on or day(-60)
    row = Match(
        scheme_id=of.scheme_id,
        mentee_id=of.id,
        volunteer_id=by.id,
        state=state,
        approved_at=build.at - timedelta(days=2),
        starts_on=begun,
        ends_on=begun + timedelta(days=365) if begun else None,
        changed_at=build.at,
    )
    return _saved(build, row)


def meeting(
    build: Builder,
    of: Match,
    held_on: date,
    *,
    kind: MeetingKind = MeetingKind.SESSION,
    outcome: AttendanceOutcome = AttendanceOutcome.ATTENDED,
    minutes: int = 30,
) -> Meeting:
    """One meeting."""
    row = Meeting(
        scheme_id=of.scheme_id,
        match_id=of.id,
        kind=kind,
        place=MeetingPlace.IN_PERSON,
        outcome=outcome,
        held_on=held_on,
        duration_minutes=minutes,
        logged_at=build.at,
    )
    return _saved(build, row)


def proposal(
    build: Builder, of: Mentee, by: Volunteer, *, first_by: uuid.UUID | None = None, fit: int = 500
) -> Proposal:
    """A pair that a round suggests."""
    round_ = Round(scheme_id=of.scheme_id, state=RoundState.DONE, asked_at=build.at, weights={})
    _saved(build, round_)
    row = Proposal(
        scheme_id=of.scheme_id,
        round_id=round_.id,
        mentee_id=of.id,
        volunteer_id=by.id,
        fit=fit,
        components={},
        reasons={
            "distance_km": 2.5,
            "common_slots": 1,
            "languages": ["en"],
            "helps": [],
            "interests": [],
            "risk": 0,
            "cleared": 1,
            "alternatives": 0,
        },
        first_by_id=first_by,
        changed_at=build.at,
    )
    return _saved(build, row)


def course(
    build: Builder, name: str = "Boundaries", *, minutes: int = 120, months: int | None = None, slug: str = "knowsley"
) -> Course:
    """A required course."""
    row = Course(
        scheme_id=build.scheme(slug).id,
        name=name,
        required_minutes=minutes,
        valid_months=months,
        changed_at=build.at,
    )
    return _saved(build, row)


def evening(
    build: Builder,
    of: Course,
    held_on: date,
    *,
    minutes: int = 120,
    present: tuple[Volunteer, ...] = (),
    is_withdrawn: bool = False,
) -> TrainingEvent:
    """One evening with who was there."""
    row = TrainingEvent(
        scheme_id=of.scheme_id,
        course_id=of.id,
        held_on=held_on,
        duration_minutes=minutes,
        logged_at=build.at,
        changed_at=build.at,
        withdrawn_at=build.at if is_withdrawn else None,
    )
    _saved(build, row)
    for who in present:
        _saved(build, Attendance(event_id=row.id, volunteer_id=who.id, is_present=True, minutes=minutes))
    return row


def plan(build: Builder, of: Volunteer, next_review_on: date, *, late_goals: int = 0) -> Plan:
    """A development plan with some goals whose day has passed."""
    row = Plan(
        volunteer_id=of.id,
        scheme_id=of.scheme_id,
        started_on=day(-90),
        next_review_on=next_review_on,
        changed_at=build.at,
    )
    _saved(build, row)
    for number in range(late_goals):
        goal = Goal(plan_id=row.id, what=f"Goal {number}", measure="done", due_on=day(-1), changed_at=build.at)
        _saved(build, goal)
    return row


def pair(build: Builder, state: MatchState = MatchState.ACTIVE, *, slug: str = "knowsley") -> Match:
    """A mentor and a person of their own, put together."""
    mentor = volunteer(build, Stage.READY, slug=slug)
    return match(build, mentor, mentee(build, CaseStage.MATCHED, slug=slug), state)


def glass(
    build: Builder, *, slug: str = "knowsley", name: str = "Ada", hours: int = 0, is_allowed: bool | None = None
) -> BreakGlass:
    """A request for emergency access, made some hours ago; an allowed one was opened at once."""
    row = BreakGlass(
        scheme_id=build.scheme(slug).id,
        person_id=build.person().id,
        location="/people",
        asked_by_id=build.person(name=name).id,
        asked_at=build.at - timedelta(hours=hours),
        why="A call.",
        is_allowed=is_allowed,
        expires_at=build.at - timedelta(hours=hours) + BREAK_GLASS_LASTS if is_allowed else None,
        changed_at=build.at,
    )
    return _saved(build, row)


def fill(build: Builder, count: int, slug: str = "knowsley") -> None:
    """Put so many records under every card of a scheme."""
    agency = build.agency(f"Agency {count} {slug}", slug=slug)
    lessons = course(build, f"Course {count}", minutes=60, slug=slug)
    for number in range(count):
        glass(build, slug=slug)
        volunteer(build, slug=slug, days=number)
        mentee(build, CaseStage.REFERRED, slug=slug, agency=agency)
        mentee(build, CaseStage.WAITING, slug=slug, release_on=day(5))
        pair(build, MatchState.OFFERED, slug=slug)
        quiet = pair(build, slug=slug)
        meeting(build, quiet, day(-20))
        mentor = volunteer(build, Stage.READY, slug=slug)
        check(build, mentor, CheckKind.DBS, expires_on=day(10))
        loss(build, mentor)
        plan(build, mentor, day(3))
        evening(build, lessons, day(-number - 1), minutes=60, present=(mentor,))
        proposal(build, mentee(build, slug=slug), mentor)
        hours(build, mentor)


def hours(build: Builder, of: Volunteer) -> None:
    """A wish for other hours, and word about somebody's weeks."""
    asked = {"hours_per_week": 3, "months": 12, "from_on": day(9), "state": CommitmentState.ASKED, "asked_at": build.at}
    _saved(build, Commitment(volunteer_id=of.id, **asked))
    told = {"kind": AlertKind.UNDER, "since_on": day(-30), "raised_at": build.at}
    _saved(build, CommitmentAlert(scheme_id=of.scheme_id, volunteer_id=of.id, **told))


def _saved(build: Builder, row: Row) -> Row:
    """Put a row into the test's transaction."""
    build.session.add(row)
    build.session.flush()
    return row
