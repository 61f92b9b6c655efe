"""A match from the mentor's answer to its end, with the meetings in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.policy import Actor
from accounts.rules import Role
from demo.builders import Builder
from foundation.audit import AuditEntry, verify
from foundation.errors import NotPermitted, NotVisible, Refusal
from foundation.lifecycle import ForbiddenMove
from foundation.outbox import Letter
from foundation.versions import StaleEdit
from mentees import operations as mentees
from mentees.rules import CaseStage
from mentoring import operations, queries
from mentoring.models import Match, Meeting
from mentoring.operations import NotWithinMatch
from mentoring.rules import (
    WAITS_AGAIN,
    AttendanceOutcome,
    EndReason,
    MatchState,
    MeetingKind,
    MeetingPlace,
)
from mentors import operations as mentors
from mentors.rules import Stage
from tests.conftest import NOW

TODAY = date(2026, 11, 16)
BASE = "https://portal.example"


def mentor_of(build: Builder, match: Match) -> Actor:
    return build.actor(Role.MENTOR, person_id=match.volunteer.person_id)


def letters(session: Session) -> list[Letter]:
    session.flush()
    return list(session.scalars(select(Letter).order_by(Letter.to_address, Letter.id)))


def test_the_mentor_is_told_by_a_letter_that_holds_a_link_and_no_name(build: Builder, session: Session) -> None:
    person, mentor, by = build.mentee(name="Dario Rossi"), build.ready_mentor(email="m@mail.example"), build.portal()
    operations.open_match(session, mentee=person, volunteer=mentor, why="A reason.", by=by, at=NOW, base_url=BASE)
    (letter,) = letters(session)
    assert letter.to_address == "m@mail.example"
    assert f"{BASE}/my-match" in letter.body
    assert not any(word in letter.body + letter.subject for word in ("Dario", "Rossi", person.reference, "reason"))


def test_an_agreed_match_runs_twelve_months_from_the_local_day_of_agreeing(build: Builder, session: Session) -> None:
    match = build.match(MatchState.OFFERED)
    late = datetime(2026, 7, 31, 23, 30, tzinfo=UTC)
    operations.agree_match(session, match=match, by=mentor_of(build, match), at=late)
    assert (match.state, match.starts_on, match.ends_on) == (MatchState.ACTIVE, date(2026, 8, 1), date(2027, 8, 1))


def test_only_the_mentor_who_was_asked_answers(build: Builder, session: Session) -> None:
    match = build.match(MatchState.OFFERED)
    for by in (build.actor(Role.COORDINATOR), build.actor(Role.MENTOR), build.actor(Role.VOLUNTEER)):
        with pytest.raises(NotPermitted):
            operations.agree_match(session, match=match, by=by, at=NOW)
    own = mentor_of(build, match)
    operations.agree_match(session, match=match, by=own, at=NOW)
    with pytest.raises(NotVisible):
        operations.decline_match(session, match=match, why="Too late.", by=own, at=NOW)


def test_a_declined_match_lets_the_person_wait_and_tells_the_coordinators(build: Builder, session: Session) -> None:
    build.account(Role.COORDINATOR, email="staff@mail.example")
    match = build.match(MatchState.OFFERED)
    own = mentor_of(build, match)
    with pytest.raises(Refusal, match="Enter why not"):
        operations.decline_match(session, match=match, why=" ", by=own, at=NOW)
    operations.decline_match(session, match=match, why="I know his brother.", by=own, at=NOW, base_url=BASE)
    assert (match.state, match.mentee.stage) == (MatchState.DECLINED, CaseStage.WAITING)
    (letter,) = letters(session)
    assert (letter.to_address, "brother" in letter.body) == ("staff@mail.example", False)
    build.match(mentee=match.mentee)


@pytest.mark.parametrize("reason", EndReason)
def test_an_ended_match_frees_the_place_and_the_person_waits_or_the_case_closes(
    build: Builder, session: Session, reason: EndReason
) -> None:
    match = build.match()
    operations.end_match(session, match=match, reason=reason, why="It was so.", by=build.portal(), at=NOW)
    assert (match.state, match.closed_on, match.end_reason) == (MatchState.ENDED, TODAY, reason)
    assert match.mentee.stage is (CaseStage.WAITING if reason in WAITS_AGAIN else CaseStage.CLOSED)
    assert queries.readiness_of(session, match.volunteer, TODAY) == []


def test_a_match_is_completed_only_once_its_months_have_run(build: Builder, session: Session) -> None:
    with pytest.raises(Refusal, match="has not run its months"):
        build.match(MatchState.COMPLETED, days_ago=364)
    match = build.match(MatchState.COMPLETED, days_ago=365)
    assert (match.closed_on, match.mentee.stage) == (TODAY, CaseStage.CLOSED)


def test_a_coordinator_cannot_agree_for_the_mentor_by_resuming(build: Builder, session: Session) -> None:
    with pytest.raises(ForbiddenMove):
        operations.resume_match(session, match=build.match(MatchState.OFFERED), why="Quick.", by=build.portal(), at=NOW)


def test_pausing_and_resuming_need_a_reason_and_the_newest_version(build: Builder, session: Session) -> None:
    match, by = build.match(), build.portal()
    with pytest.raises(Refusal, match="Say why"):
        operations.pause_match(session, match=match, why="", by=by, at=NOW)
    seen = match.version
    operations.pause_match(session, match=match, why="Ill.", by=by, at=NOW, version=seen)
    with pytest.raises(StaleEdit):
        operations.resume_match(session, match=match, why="Well.", by=by, at=NOW, version=seen)
    operations.resume_match(session, match=match, why="Well.", by=by, at=NOW, version=match.version)
    assert {(move.after, move.why) for move, _name in queries.list_moves(session, match)} == {
        (MatchState.OFFERED, "They share two free evenings."),
        (MatchState.ACTIVE, ""),
        (MatchState.PAUSED, "Ill."),
        (MatchState.ACTIVE, "Well."),
    }


@pytest.mark.parametrize(
    "role", [Role.MENTOR, Role.VOLUNTEER, Role.TRAINING_LEAD, Role.PARTNER_OFFICER, Role.EVALUATOR]
)
def test_nobody_but_coordinators_opens_or_changes_matches(build: Builder, session: Session, role: Role) -> None:
    match, by = build.match(), build.actor(role)
    with pytest.raises(NotPermitted):
        operations.pause_match(session, match=match, why="x", by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.end_match(session, match=match, reason=EndReason.OTHER, why="x", by=by, at=NOW)
    with pytest.raises(NotPermitted):
        operations.open_match(session, mentee=build.mentee(), volunteer=build.ready_mentor(), why="x", by=by, at=NOW)


def test_another_scheme_sees_and_changes_nothing(build: Builder, session: Session) -> None:
    match, by = build.match(), build.actor(Role.COORDINATOR, slug="turin")
    with pytest.raises(NotVisible):
        queries.get_match(session, by, match.id)
    with pytest.raises(NotVisible):
        operations.pause_match(session, match=match, why="x", by=by, at=NOW)
    with pytest.raises(NotVisible):
        operations.open_match(
            session, mentee=build.mentee(), volunteer=build.ready_mentor(slug="turin"), why="x", by=by, at=NOW
        )


def test_when_a_mentor_leaves_their_people_wait_and_the_coordinators_are_told(build: Builder, session: Session) -> None:
    build.account(Role.COORDINATOR, email="staff@mail.example")
    mentor = build.ready_mentor(capacity=3)
    matches = [
        build.match(state, volunteer=mentor) for state in (MatchState.OFFERED, MatchState.ACTIVE, MatchState.PAUSED)
    ]
    mentors.move_volunteer(
        session, volunteer=mentor, to=Stage.LEFT, why="Moved.", by=build.portal(), at=NOW, base_url=BASE
    )
    for match in matches:
        assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.MENTOR_LEFT)
        assert match.mentee.stage is CaseStage.WAITING
    assert [letter.to_address for letter in letters(session)] == ["staff@mail.example"] * 3


def test_when_a_case_is_closed_its_match_ends(build: Builder, session: Session) -> None:
    match = build.match()
    mentees.move_case(session, mentee=match.mentee, to=CaseStage.CLOSED, why="Died.", by=build.portal(), at=NOW)
    assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.OTHER)


def test_the_trail_names_every_operation_and_holds_no_reason(build: Builder, session: Session) -> None:
    match = build.match(MatchState.PAUSED)
    build.meeting(match, note="A secret note.")
    session.flush()
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    verbs = {entry.verb for entry in entries}
    assert verbs >= {"open_match", "agree_match", "pause_match", "log_meeting"}
    texts = [
        f"{entry.before}{entry.after}{entry.why}" for entry in entries if entry.subject_kind in {"match", "meeting"}
    ]
    assert not any(word in text for text in texts for word in ("secret", "two free evenings", "illness"))
    assert verify(session) is None


def log(build: Builder, match: Match, by: Actor, **changes: object) -> Meeting:
    usual = {
        "kind": MeetingKind.SESSION,
        "place": MeetingPlace.IN_PERSON,
        "outcome": AttendanceOutcome.ATTENDED,
        "held_on": TODAY,
        "duration_minutes": 30,
        "note": "",
    }
    values = {**usual, **changes}
    return operations.log_meeting(build.session, match=match, by=by, at=NOW, **values)  # type: ignore[arg-type] # mixed types.


def test_a_mentor_logs_in_their_own_active_match_and_nowhere_else(build: Builder, session: Session) -> None:
    match, other = build.match(), build.match()
    own = mentor_of(build, match)
    assert log(build, match, own).logged_by_id == own.person_id
    for forbidden in (other, build.match(MatchState.PAUSED, volunteer=build.ready_mentor())):
        with pytest.raises(NotVisible):
            log(build, forbidden, own)
    operations.end_match(session, match=match, reason=EndReason.OTHER, why="x", by=build.portal(), at=NOW)
    with pytest.raises(NotVisible):
        log(build, match, own)
    log(build, match, build.actor(Role.COORDINATOR))


def test_a_meeting_lies_between_the_first_day_of_the_match_and_today_or_its_end(
    build: Builder, session: Session
) -> None:
    match, by = build.match(days_ago=10), build.portal()
    log(build, match, by, held_on=TODAY - timedelta(days=10))
    for day in (TODAY - timedelta(days=11), TODAY + timedelta(days=1)):
        with pytest.raises(NotWithinMatch) as refusal:
            log(build, match, by, held_on=day)
        assert refusal.value.field == "held_on"
    match.closed_on = TODAY - timedelta(days=3)
    with pytest.raises(NotWithinMatch, match="had ended"):
        log(build, match, by, held_on=TODAY)


@pytest.mark.parametrize(
    ("minutes", "outcome", "is_right"),
    [
        (1, AttendanceOutcome.ATTENDED, True),
        (720, AttendanceOutcome.LATE, True),
        (0, AttendanceOutcome.ABSENT_LOGISTICS, True),
        (0, AttendanceOutcome.LATE, False),
        (721, AttendanceOutcome.ATTENDED, False),
        (-1, AttendanceOutcome.ABSENT_ACCEPTABLE, False),
    ],
)
def test_minutes_are_from_1_to_720_and_none_only_where_nobody_came(
    build: Builder, session: Session, minutes: int, outcome: AttendanceOutcome, is_right: bool
) -> None:
    match = build.match()
    if is_right:
        log(build, match, build.portal(), duration_minutes=minutes, outcome=outcome)
    else:
        with pytest.raises(Refusal):
            log(build, match, build.portal(), duration_minutes=minutes, outcome=outcome)


def test_weeks_count_what_took_place_of_sessions_and_contacts(build: Builder, session: Session) -> None:
    match = build.match(days_ago=40)
    build.meeting(match, minutes=100)
    build.meeting(match, minutes=80, kind=MeetingKind.CONTACT)
    build.meeting(match, minutes=500, outcome=AttendanceOutcome.ABSENT_UNACCEPTABLE)
    build.meeting(match, minutes=45, held_on=TODAY - timedelta(days=1))
    last, this = queries.weeks_by_match(session, [match.id], TODAY)[match.id][-2:]
    assert (this.monday, this.minutes, this.sessions, this.is_kept) == (TODAY, 180, 1, True)
    assert (last.monday, last.minutes, last.sessions, last.is_kept) == (TODAY - timedelta(days=7), 45, 1, False)


def test_the_board_counts_sessions_that_took_place_and_each_person_once(build: Builder, session: Session) -> None:
    scheme = build.scheme()
    match = build.match(MatchState.ENDED, days_ago=30)
    mentees.move_case(session, mentee=match.mentee, to=CaseStage.WAITING, why="Again.", by=build.portal(), at=NOW)
    again = build.match(mentee=match.mentee)
    build.match(MatchState.OFFERED)
    build.meeting(again)
    build.meeting(again, kind=MeetingKind.CONTACT)
    build.meeting(again, outcome=AttendanceOutcome.ABSENT_ACCEPTABLE)
    build.meeting(build.match(slug="turin"), slug="turin")
    yesterday = TODAY - timedelta(days=1)
    assert [queries.count_sessions(session, scheme.id, day) for day in (yesterday, TODAY)] == [0, 1]
    assert [queries.count_people_mentored(session, scheme.id, day) for day in (date(2026, 10, 1), TODAY)] == [0, 1]
