"""What each card of a home page holds, and what it never does."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts import operations as accounts
from accounts.models import Account, Agency
from accounts.policy import Actor
from accounts.rules import GlassState, Role
from demo.builders import PASSWORD, Builder
from mentees.rules import CaseStage
from mentoring.rules import AttendanceOutcome, MatchState
from mentors.rules import CheckKind, Stage
from reports import queries
from reports.policy import CARDS
from reports.rules import MOST_ROWS, TODAY, Card, Waiting
from tests.conftest import NOW
from tests.reports import rows
from tests.reports.rows import day


def waiting(
    build: Builder,
    card: Card,
    role: Role = Role.COORDINATOR,
    *,
    slug: str = "knowsley",
    person_id: uuid.UUID | None = None,
) -> Waiting:
    by = build.actor(role, slug=slug, person_id=person_id)
    courses = queries.required_courses(build.session, by)
    return queries.list_waiting(build.session, by, [card], on=day(0), at=NOW, courses=courses)[card]


def names(found: Waiting) -> list[str]:
    return [row.name for row in found.rows]


def test_new_applications_stand_oldest_first_and_show_how_many_there_are(build: Builder) -> None:
    for number in range(MOST_ROWS + 2):
        rows.volunteer(build, name=f"Volunteer {number}", days=number)
    rows.volunteer(build, Stage.SCREENING)
    found = waiting(build, Card.APPLICATIONS)
    assert found.total == MOST_ROWS + 2
    assert names(found) == ["Volunteer 5", "Volunteer 4", "Volunteer 3", "Volunteer 2"]
    assert found.rows[0].day == day(-5)


def test_new_referrals_and_those_who_wait_longest_stand_apart(build: Builder) -> None:
    rows.mentee(build, CaseStage.REFERRED, name="New", days=1)
    rows.mentee(build, CaseStage.WAITING, name="Waits", days=40)
    rows.mentee(build, CaseStage.WAITING, name="Waits longest", days=80)
    rows.mentee(build, CaseStage.CLOSED)
    assert names(waiting(build, Card.REFERRALS)) == ["New"]
    assert names(waiting(build, Card.WAITING)) == ["Waits longest", "Waits"]


def test_checks_that_run_out_within_thirty_days_or_have_run_out_are_shown(build: Builder) -> None:
    for offset in (-1, 0, 30, 31):
        somebody = rows.volunteer(build, Stage.READY, name=f"{offset} days")
        rows.check(build, somebody, CheckKind.DBS, expires_on=day(offset))
        rows.check(build, somebody, CheckKind.IDENTITY)
    rows.check(build, rows.volunteer(build, Stage.LEFT), CheckKind.DBS, expires_on=day(2))
    rows.check(build, rows.volunteer(build, Stage.READY), CheckKind.DBS, expires_on=day(2), is_clear=False)
    found = waiting(build, Card.LAPSING)
    assert names(found) == ["-1 days", "0 days", "30 days"]
    assert found.rows[0].word is CheckKind.DBS


def test_mentors_who_are_no_longer_ready_are_shown_those_who_are_matched_first(build: Builder) -> None:
    free, back = rows.volunteer(build, Stage.READY, name="Free"), rows.volunteer(build, Stage.READY, name="Back")
    matched = rows.pair(build).volunteer
    rows.loss(build, free, days=9)
    rows.loss(build, back, days=9, restored_on=day(-1))
    rows.loss(build, matched, days=1)
    found = waiting(build, Card.LOST)
    assert names(found) == [matched.person.name, "Free"]
    assert [(row.other, row.day) for row in found.rows] == [("matched", day(-1)), ("", day(-9))]


def test_a_running_match_is_quiet_after_more_than_fourteen_days_without_a_meeting(build: Builder) -> None:
    quiet, lively, new, missed = (rows.pair(build) for _ in range(4))
    rows.meeting(build, quiet, day(-15))
    rows.meeting(build, lively, day(-14))
    new.starts_on = day(-3)
    missed.starts_on = day(-20)
    rows.meeting(build, missed, day(-1), outcome=AttendanceOutcome.ABSENT_LOGISTICS)
    rows.pair(build, MatchState.PAUSED)
    found = waiting(build, Card.QUIET)
    assert [row.record_id for row in found.rows] == [missed.id, quiet.id]
    assert [row.day for row in found.rows] == [day(-20), day(-15)]


def test_releases_of_the_next_fourteen_days_are_shown_while_the_case_is_open(build: Builder) -> None:
    for offset in (-1, 0, 14, 15):
        rows.mentee(build, name=f"{offset} days", release_on=day(offset))
    rows.mentee(build, CaseStage.CLOSED, release_on=day(3))
    found = waiting(build, Card.RELEASES)
    assert names(found) == ["0 days", "14 days"]
    assert found.rows[0].word is CaseStage.WAITING


def test_offers_wait_until_the_mentor_has_answered(build: Builder) -> None:
    offered = rows.pair(build, MatchState.OFFERED)
    rows.pair(build)
    found = waiting(build, Card.OFFERS)
    assert [row.record_id for row in found.rows] == [offered.id]
    assert found.rows[0].day == day(-2)
    assert found.rows[0].other.startswith("Person")


def test_a_proposal_does_not_wait_for_the_one_who_has_approved_it_once(build: Builder) -> None:
    me = build.account(Role.COORDINATOR)
    mine = rows.proposal(build, rows.mentee(build), rows.volunteer(build, Stage.READY), first_by=me.person_id)
    other = rows.proposal(build, rows.mentee(build), rows.volunteer(build, Stage.READY))
    assert [row.record_id for row in waiting(build, Card.PROPOSALS, person_id=me.person_id).rows] == [other.id]
    assert {row.record_id for row in waiting(build, Card.PROPOSALS).rows} == {mine.id, other.id}


def test_lacking_training_adds_up_courses_and_forgets_what_has_lapsed_or_was_taken_back(build: Builder) -> None:
    boundaries = rows.course(build, "Boundaries", minutes=120, months=12)
    risk = rows.course(build, "Risk", minutes=60)
    done, lapsed, half, new = (
        rows.volunteer(build, stage, name=name)
        for name, stage in (
            ("Done", Stage.READY),
            ("Lapsed", Stage.READY),
            ("Half", Stage.TRAINING),
            ("New", Stage.CHECKS),
        )
    )
    rows.volunteer(build, Stage.APPLIED, name="Too early")
    rows.evening(build, risk, day(-9), minutes=60, present=(done, lapsed, half))
    rows.evening(build, boundaries, day(-9), minutes=120, present=(done,))
    rows.evening(build, boundaries, date(2025, 11, 16), minutes=120, present=(lapsed,))
    rows.evening(build, boundaries, day(-8), minutes=600, present=(half,), is_withdrawn=True)
    found = waiting(build, Card.LACKING, Role.TRAINING_LEAD)
    assert [(row.name, row.minutes) for row in found.rows] == [("Lapsed", 120), ("New", 180), ("Half", 120)]
    assert found.total == 3
    assert new.stage is found.rows[1].word


def test_reviews_are_due_from_two_weeks_before_their_day(build: Builder) -> None:
    for offset in (-3, 14, 15):
        rows.plan(build, rows.volunteer(build, Stage.READY, name=f"{offset} days"), day(offset))
    rows.plan(build, rows.volunteer(build, Stage.LEFT), day(0))
    assert names(waiting(build, Card.REVIEWS, Role.TRAINING_LEAD)) == ["-3 days", "14 days"]


def test_an_officer_sees_the_referrals_of_their_own_agency_while_consent_stands(build: Builder) -> None:
    own, other = build.agency("Probation"), build.agency("Prison")
    rows.mentee(build, CaseStage.WAITING, name="Ours", agency=own)
    rows.mentee(build, name="Theirs", agency=other)
    rows.mentee(build, name="Nobody's")
    rows.mentee(build, name="No longer", agency=own).consent_on = None
    build.session.flush()
    officer = build.account(Role.PARTNER_OFFICER, agency=own)
    assert names(waiting_for_officer(build, officer, own)) == ["Ours"]


def waiting_for_officer(build: Builder, officer: Account, agency: Agency) -> Waiting:
    by = Actor(officer.person_id, agency.scheme_id, frozenset({Role.PARTNER_OFFICER}), agency_id=agency.id)
    return queries.list_waiting(build.session, by, [Card.OWN_REFERRALS], on=day(0), at=NOW)[Card.OWN_REFERRALS]


def test_invitations_wait_until_a_password_is_chosen(build: Builder) -> None:
    by = build.portal()
    for name in ("Asked", "Came"):
        accounts.invite_person(
            build.session,
            name=name,
            email=f"{name}@mail.example",
            role=Role.EVALUATOR,
            agency=None,
            base_url="",
            by=by,
            at=NOW,
        )
    build.session.flush()
    came = build.session.scalars(select(Account).where(Account.email_key == "came@mail.example")).one()
    accounts.set_password(build.session, account=came, password=PASSWORD, at=NOW)
    build.session.flush()
    found = waiting(build, Card.INVITATIONS, Role.ADMINISTRATOR)
    assert [(row.name, row.day) for row in found.rows] == [("Asked", day(14))]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_emergency_access_stands_there_while_it_waits_and_while_it_is_open(role: Role, build: Builder) -> None:
    rows.glass(build, name="Waits", hours=2)
    rows.glass(build, name="Open", is_allowed=True)
    rows.glass(build, name="Over", is_allowed=True, hours=1)
    rows.glass(build, name="Refused", is_allowed=False)
    rows.glass(build, name="Nobody came", hours=24)
    found = waiting(build, Card.EMERGENCY, role)
    assert [(row.name, row.word) for row in found.rows] == [("Waits", GlassState.ASKED), ("Open", GlassState.OPEN)]


@pytest.mark.parametrize("card", [*TODAY, Card.LACKING, Card.REVIEWS, Card.INVITATIONS])
def test_no_card_counts_what_belongs_to_another_scheme(card: Card, build: Builder) -> None:
    role = next(role for role, cards in CARDS.items() if card in cards)
    rows.fill(build, 2, "turin")
    accounts.invite_person(
        build.session,
        name="A",
        email="a@mail.example",
        role=role,
        agency=None,
        base_url="",
        by=build.portal("turin"),
        at=NOW,
    )
    assert waiting(build, card, role).total == 0
    assert waiting(build, card, role, slug="turin").total >= 1


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_given_nothing_of_a_card_that_is_not_its_own(role: Role, build: Builder) -> None:
    rows.fill(build, 1)
    by = build.actor(role)
    allowed = set(CARDS.get(role, ()))
    if Role.COORDINATOR is role:
        # A coordinator may read training and every referral, and finds them in the menu.
        allowed |= {Card.LACKING, Card.REVIEWS}
    found = queries.list_waiting(
        build.session, by, list(Card), on=day(0), at=NOW, courses=queries.required_courses(build.session, by)
    )
    seen = {card for card, content in found.items() if content.total}
    # A training lead may open volunteers, so that the card of applications would not tell them anything new.
    assert seen <= allowed | ({Card.APPLICATIONS} if role is Role.TRAINING_LEAD else set())


def test_a_day_counts_where_the_scheme_is(build: Builder) -> None:
    scheme = build.scheme()
    scheme.time_zone = "Pacific/Auckland"
    build.session.flush()
    rows.volunteer(build)
    assert waiting(build, Card.APPLICATIONS).rows[0].day == (NOW + timedelta(hours=13)).date()
