"""Nobody is ready, and nobody is matched, who lacks something."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.builders import Builder
from foundation.errors import NotPermitted
from mentees.rules import CaseStage, RiskGroup, RiskLevel
from mentoring import operations, queries
from mentoring.operations import NotAvailable, NotReady, RiskAboveClearance
from mentoring.rules import Demand, MatchState
from mentors import operations as mentors
from mentors.models import Volunteer
from mentors.rules import ALWAYS_ASKED, Asks, CheckKind, CheckOutcome, DbsLevel, Rosh, Stage
from tests.pages import counted

TODAY = date(2026, 11, 16)


def missing(session: Session, volunteer: Volunteer, on: date = TODAY) -> set[Demand]:
    return {point.demand for point in queries.readiness_of(session, volunteer, on)}


def test_a_new_applicant_lacks_all_but_their_promise_and_a_place(build: Builder, session: Session) -> None:
    build.course("Boundaries")
    assert missing(session, build.volunteer()) == set(Demand) - {
        Demand.DOCUMENT,
        Demand.HOURS,
        Demand.MONTHS,
        Demand.PLACE,
        Demand.DRIVING_LICENCE,
        Demand.CAR_INSURANCE,
    }


def test_a_mentor_taken_through_everything_lacks_nothing(build: Builder, session: Session) -> None:
    assert missing(session, build.ready_mentor()) == set()


@pytest.mark.parametrize("kind", ALWAYS_ASKED)
def test_each_check_that_is_not_clear_keeps_a_volunteer_from_being_ready(
    build: Builder, session: Session, kind: CheckKind
) -> None:
    mentor = build.ready_mentor()
    record(build, mentor, kind, CheckOutcome.NOT_CLEAR)
    assert missing(session, mentor) == {Demand(kind.value)}


def test_a_check_counts_to_the_day_before_it_runs_out_and_says_so_afterwards(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    record(build, mentor, CheckKind.DBS, CheckOutcome.CLEAR, expires_on=TODAY + timedelta(days=1))
    assert missing(session, mentor) == set()
    later = queries.readiness_of(session, mentor, TODAY + timedelta(days=1))
    assert [(point.demand, point.has_expired) for point in later] == [(Demand.DBS, True)]
    assert str(NotReady(later)) == "Not ready yet. Still missing: DBS check (ran out on 17 November 2026)."


def test_a_course_that_has_lapsed_or_was_left_early_is_missing(build: Builder, session: Session) -> None:
    build.course("Safeguarding", valid_months=12)
    mentor = build.ready_mentor()
    assert missing(session, mentor) == set()
    assert missing(session, mentor, date(2027, 11, 16)) == {Demand.COURSE}
    half = build.course("Risk")
    build.evening(half, {mentor.id: 30})
    lacking = queries.readiness_of(session, mentor, TODAY)
    assert str(NotReady(lacking)) == "Not ready yet. Still missing: Course: Risk (1.5 hours to go)."


def test_a_document_asks_for_a_word_and_a_new_version_only_from_its_day_and_where_it_says_so(
    build: Builder, session: Session
) -> None:
    mentor = build.ready_mentor()
    first = build.document("Agreement")
    assert missing(session, mentor) == {Demand.DOCUMENT}
    lacking = queries.readiness_of(session, mentor, TODAY)
    assert str(NotReady(lacking)) == "Not ready yet. Still missing: Accepted: Agreement."
    build.accept(mentor, first)
    assert missing(session, mentor) == set()
    build.document("Agreement", after=first, asks=Asks.NEWCOMERS)
    assert missing(session, mentor) == set()
    third = build.document("Agreement", after=first, effective_on=TODAY + timedelta(days=9))
    assert missing(session, mentor, TODAY + timedelta(days=8)) == set()
    assert missing(session, mentor, TODAY + timedelta(days=9)) == {Demand.DOCUMENT}
    build.accept(mentor, third)
    assert missing(session, mentor, TODAY + timedelta(days=9)) == set()


def test_a_document_that_asks_nobody_keeps_nobody_from_being_ready(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    first = build.document(asks=Asks.NOBODY)
    assert missing(session, mentor) == set()
    build.document(after=first)
    assert missing(session, mentor) == {Demand.DOCUMENT}
    build.document(after=first, asks=Asks.NOBODY)
    assert missing(session, mentor) == set()


def test_a_mentor_who_is_no_longer_cleared_is_not_ready(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    mentors.clear_for_risk(session, volunteer=mentor, level=None, why="Under review.", by=build.portal(), at=build.at)
    assert missing(session, mentor) == {Demand.CLEARANCE}


def test_promises_of_too_few_hours_or_months_are_named(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    build.promise(mentor, hours=2, months=11)
    assert missing(session, mentor) == {Demand.HOURS, Demand.MONTHS}


def test_the_gate_keeps_a_volunteer_in_training_and_names_all_that_is_missing(build: Builder, session: Session) -> None:
    build.course("Boundaries")
    volunteer = build.volunteer(Stage.TRAINING)
    with pytest.raises(NotReady) as refusal:
        build.move(volunteer, Stage.READY)
    sentence = str(refusal.value)
    for name in (
        "First reference",
        "Second reference",
        "Identity check",
        "DBS check",
        "Highest level of risk",
        "Boundaries",
    ):
        assert name in sentence


def test_a_mentor_with_all_places_taken_comes_back_from_a_break(build: Builder, session: Session) -> None:
    mentor = build.match().volunteer
    build.move(mentor, Stage.ON_A_BREAK)
    build.move(mentor, Stage.READY)
    assert missing(session, mentor) == {Demand.PLACE}


def test_many_volunteers_are_judged_in_as_many_statements_as_one(build: Builder, session: Session) -> None:
    few = [build.ready_mentor()]
    many = few + [build.volunteer(Stage.TRAINING) for _ in range(12)]
    session.flush()
    needed = []
    for group in (few, many):
        with counted(session.get_bind().engine) as statements:
            queries.readiness_of_many(session, group, TODAY)
        needed.append(len(statements))
    assert needed[0] == needed[1] <= 7


def test_free_places_are_those_not_taken_by_open_matches(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor(capacity=3)
    build.match(volunteer=mentor)
    build.match(MatchState.ENDED, volunteer=mentor)
    pausing = build.ready_mentor()
    build.move(pausing, Stage.ON_A_BREAK)
    assert queries.free_places(session, build.scheme().id) == {mentor.id: 2}


def test_nobody_is_matched_with_a_mentor_who_is_not_ready_or_not_there(build: Builder, session: Session) -> None:
    mentor, person = build.ready_mentor(), build.mentee()
    record(build, mentor, CheckKind.IDENTITY, CheckOutcome.NOT_CLEAR)
    with pytest.raises(NotReady, match="Identity check"):
        build.match(volunteer=mentor, mentee=person)
    record(build, mentor, CheckKind.IDENTITY, CheckOutcome.CLEAR)
    build.move(mentor, Stage.ON_A_BREAK)
    with pytest.raises(NotAvailable):
        build.match(volunteer=mentor, mentee=person)


def test_nobody_is_matched_beyond_the_places_of_a_mentor(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor(capacity=2)
    build.match(volunteer=mentor)
    build.match(volunteer=mentor)
    with pytest.raises(NotReady, match="Room for one more person"):
        build.match(volunteer=mentor)


def test_nobody_is_matched_with_a_mentor_cleared_for_less_than_their_risk(build: Builder, session: Session) -> None:
    person = build.mentee(risks={RiskGroup.PUBLIC: RiskLevel.LOW, RiskGroup.CHILDREN: RiskLevel.HIGH})
    with pytest.raises(RiskAboveClearance):
        build.match(mentee=person, volunteer=build.ready_mentor(level=Rosh.MEDIUM))
    unknown = build.mentee()
    session.delete(unknown.risks[0])
    with pytest.raises(RiskAboveClearance, match="No risk of serious harm is recorded"):
        build.match(mentee=unknown)
    build.match(mentee=person, volunteer=build.ready_mentor(level=Rosh.HIGH))


def test_only_a_person_who_waits_is_matched(build: Builder, session: Session) -> None:
    with pytest.raises(NotAvailable):
        build.match(mentee=build.mentee(CaseStage.REFERRED))


def test_nobody_matches_themselves(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    by = build.actor(Role.COORDINATOR, person_id=mentor.person_id)
    with pytest.raises(NotPermitted):
        operations.open_match(session, mentee=build.mentee(), volunteer=mentor, why="Me.", by=by, at=build.at)


def record(
    build: Builder, mentor: Volunteer, kind: CheckKind, outcome: CheckOutcome, *, expires_on: date | None = None
) -> None:
    mentors.record_check(
        build.session,
        volunteer=mentor,
        kind=kind,
        outcome=outcome,
        level=DbsLevel.ENHANCED if kind is CheckKind.DBS else None,
        decided_on=TODAY,
        expires_on=expires_on,
        by=build.portal(),
        at=build.at,
    )
