"""Each role's home page: what waits, one click from being done, and nothing of what is not theirs."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts import operations as accounts
from accounts.models import Account, Agency
from accounts.policy import Actor
from accounts.rules import ROLE_PERMISSIONS, Role
from demo.builders import PASSWORD, Builder
from mentees.rules import CaseStage
from mentoring.models import Match
from mentoring.rules import AttendanceOutcome, MatchState
from mentors.models import Volunteer
from mentors.rules import CheckKind, Stage
from reports import queries
from reports.policy import CARDS
from reports.rules import MOST_ROWS, TODAY, Card, Waiting
from tests.conftest import NOW, Saved
from tests.pages import PageClient
from tests.reports import rows
from tests.reports.rows import day

EMAIL = "cora@mail.example"
HOSTILE = "<script>alert(1)</script> & “Zoë”"


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


def pair(build: Builder, state: MatchState = MatchState.ACTIVE, *, slug: str = "knowsley") -> Match:
    mentor = rows.volunteer(build, Stage.READY, slug=slug)
    return rows.match(build, mentor, rows.mentee(build, CaseStage.MATCHED, slug=slug), state)


# What each card holds.


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


def test_a_running_match_is_quiet_after_more_than_fourteen_days_without_a_meeting(build: Builder) -> None:
    quiet, lively, new, missed = (pair(build) for _ in range(4))
    rows.meeting(build, quiet, day(-15))
    rows.meeting(build, lively, day(-14))
    new.starts_on = day(-3)
    missed.starts_on = day(-20)
    rows.meeting(build, missed, day(-1), outcome=AttendanceOutcome.ABSENT_LOGISTICS)
    pair(build, MatchState.PAUSED)
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
    offered = pair(build, MatchState.OFFERED)
    pair(build)
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


def fill(build: Builder, count: int, slug: str = "knowsley") -> None:
    """Put so many records under every card of a scheme."""
    agency = build.agency(f"Agency {count} {slug}", slug=slug)
    course = rows.course(build, f"Course {count}", minutes=60, slug=slug)
    for number in range(count):
        rows.volunteer(build, slug=slug, days=number)
        rows.mentee(build, CaseStage.REFERRED, slug=slug, agency=agency)
        rows.mentee(build, CaseStage.WAITING, slug=slug, release_on=day(5))
        pair(build, MatchState.OFFERED, slug=slug)
        quiet = pair(build, slug=slug)
        rows.meeting(build, quiet, day(-20))
        mentor = rows.volunteer(build, Stage.READY, slug=slug)
        rows.check(build, mentor, CheckKind.DBS, expires_on=day(10))
        rows.plan(build, mentor, day(3))
        rows.evening(build, course, day(-number - 1), minutes=60, present=(mentor,))
        rows.proposal(build, rows.mentee(build, slug=slug), mentor)


@pytest.mark.parametrize("card", [*TODAY, Card.LACKING, Card.REVIEWS, Card.INVITATIONS])
def test_no_card_counts_what_belongs_to_another_scheme(card: Card, build: Builder) -> None:
    role = next(role for role, cards in CARDS.items() if card in cards)
    fill(build, 2, "turin")
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
    fill(build, 1)
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


# The pages.


def people(build: Builder, role: Role) -> Account:
    """Make somebody of a role; a volunteer or mentor has a record with matches, training and a plan."""
    account = build.account(role, email=EMAIL, name=HOSTILE)
    if role in {Role.VOLUNTEER, Role.MENTOR}:
        stage = Stage.READY if role is Role.MENTOR else Stage.TRAINING
        own = rows.volunteer(build, stage, person_id=account.person_id)
        rows.plan(build, own, day(20), late_goals=1)
        if role is Role.MENTOR:
            rows.meeting(build, rows.match(build, own, rows.mentee(build, CaseStage.MATCHED)), day(0))
    return account


def more_of_own(build: Builder, count: int) -> None:
    """Give the mentor of the page more people, meetings and training."""
    account = build.session.scalars(select(Account).where(Account.email_key == EMAIL)).one()
    own = build.session.scalars(select(Volunteer).where(Volunteer.person_id == account.person_id)).one_or_none()
    if own is None:
        return
    course = rows.course(build, "More", minutes=6000)
    for number in range(count):
        rows.evening(build, course, day(-number), minutes=60, present=(own,))
        if own.stage is Stage.READY:
            rows.meeting(build, rows.match(build, own, rows.mentee(build, CaseStage.MATCHED)), day(-number % 28))


@pytest.mark.parametrize("role", list(Role))
def test_a_home_page_takes_the_same_few_statements_at_one_and_at_fifty_records(
    role: Role, saved: Saved, client: PageClient
) -> None:
    with saved as build:
        people(build, role)
        fill(build, 1)
    client.sign_in(EMAIL, PASSWORD)
    few = client.get("/home").statements
    with saved as build:
        fill(build, 50)
        more_of_own(build, 50)
    page = client.get("/home")
    assert len(page.statements) == len(few), "\n".join(page.statements)
    assert page.heading == f"Hello, {HOSTILE}"


def test_somebody_with_every_role_sees_every_section_in_twelve_statements(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = people(build, Role.MENTOR)
        agency = build.agency("Probation")
        build.account(*Role, person=build.session.get_one(type(account.person), account.person_id), agency=agency)
        fill(build, 5)
    page = client.sign_in(EMAIL, PASSWORD)
    for heading in (
        "Today",
        "My mentoring",
        "Training",
        "Referring people",
        "How the promises stand",
        "Running the portal",
    ):
        assert heading in page.text
    assert len(client.get("/home").statements) <= 12


def test_a_coordinator_finds_a_number_and_a_link_for_everything_that_waits(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
        mentor = rows.volunteer(build, Stage.READY, name="Grace Mentor")
        rows.check(build, mentor, CheckKind.DBS, expires_on=day(10))
        person = rows.mentee(build, name=HOSTILE, days=33)
        proposal = rows.proposal(build, person, mentor)
        links = [f"/volunteers/{mentor.id}", f"/people/{person.id}", f"/matching/proposals/{proposal.id}"]
    page = client.sign_in(EMAIL, PASSWORD)
    assert set(links) <= set(page.links())
    assert f"{HOSTILE} with Grace Mentor" in page.text
    assert f"{HOSTILE} waits for 33 days" in page.text
    assert "DBS check: runs out in 10 days" in page.text
    assert "Nothing waits under: New applications, New referrals" in page.text


def test_a_mentor_finds_their_person_the_button_to_log_and_their_week(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = build.account(Role.MENTOR, email=EMAIL)
        own = rows.volunteer(build, Stage.READY, person_id=account.person_id)
        person = rows.mentee(build, CaseStage.MATCHED, name="Sam Person")
        match = rows.match(build, own, person)
        rows.meeting(build, match, day(0), minutes=90)
        rows.meeting(build, match, day(-8), minutes=180)
        rows.meeting(build, match, day(0), minutes=60, outcome=AttendanceOutcome.ABSENT_ACCEPTABLE)
        path = f"/matches/{match.id}"
    page = client.sign_in(EMAIL, PASSWORD)
    assert "Sam Person" in page.text
    assert "You last met today." in page.text
    assert "1.5 hours of 3 to 4 hours this week." in page.text
    assert "week of 2 November 2026: 3 hours" in page.text
    assert [link for link in page.links() if path in link]


def test_a_mentor_reads_nothing_of_a_person_before_agreeing_nor_after_the_end(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = build.account(Role.MENTOR, email=EMAIL)
        own = rows.volunteer(build, Stage.READY, person_id=account.person_id)
        rows.match(build, own, rows.mentee(build, CaseStage.MATCHED, name="Offered Person"), MatchState.OFFERED)
        rows.match(build, own, rows.mentee(build, CaseStage.CLOSED, name="Former Person"), MatchState.ENDED)
        pair_of_others = rows.mentee(build, CaseStage.MATCHED, name="Other Person")
        rows.match(build, rows.volunteer(build, Stage.READY), pair_of_others)
    page = client.sign_in(EMAIL, PASSWORD)
    assert "Read and answer" in page.text
    for name in ("Offered", "Former", "Other"):
        assert name not in page.text


def test_a_volunteer_finds_what_is_done_what_is_next_and_whose_move_it_is(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = build.account(Role.VOLUNTEER, email=EMAIL)
        own = rows.volunteer(build, Stage.TRAINING, person_id=account.person_id)
        for kind in CheckKind:
            rows.check(build, own, kind)
        rows.evening(build, rows.course(build, minutes=180), day(-2), minutes=90, present=(own,))
    page = client.sign_in(EMAIL, PASSWORD)
    assert "References Done" in page.text
    assert "Training It is your turn. Now" in page.text
    assert "First match Later" in page.text
    assert "Boundaries: 1.5 hours to go" in page.text


def test_a_volunteer_for_whom_it_is_not_the_time_reads_when_they_are_asked_again(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        account = build.account(Role.VOLUNTEER, email=EMAIL)
        own = rows.volunteer(build, Stage.NOT_NOW, person_id=account.person_id)
        own.ask_again_on = date(2027, 3, 1)
    assert "We ask you again on 1 March 2027." in client.sign_in(EMAIL, PASSWORD).text


def test_a_volunteer_without_a_record_in_the_scheme_is_told_so(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.VOLUNTEER, email=EMAIL)
    assert "You have no application in this scheme" in client.sign_in(EMAIL, PASSWORD).text


def test_a_training_lead_sees_hours_against_the_promise_even_before_anybody_set_it(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.TRAINING_LEAD, email=EMAIL)
        rows.evening(build, rows.course(build), day(-2), minutes=90 * 60)
    page = client.sign_in(EMAIL, PASSWORD)
    assert "90 of 180 · 50% done" in page.text
    assert "/training/evenings/new" in page.links()


def test_a_training_lead_and_an_evaluator_are_shown_no_person_mentored(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.TRAINING_LEAD, Role.EVALUATOR, email=EMAIL)
        rows.mentee(build, name="Secret Person", release_on=day(2))
        pair(build).starts_on = day(-40)
    page = client.sign_in(EMAIL, PASSWORD)
    assert "Secret" not in page.text
    assert not [link for link in page.links() if link.startswith(("/people", "/matches"))]


def test_an_officer_refers_and_follows_their_own_referrals(saved: Saved, client: PageClient) -> None:
    with saved as build:
        agency = build.agency("Probation")
        build.account(Role.PARTNER_OFFICER, email=EMAIL, agency=agency)
        ours = rows.mentee(build, CaseStage.WAITING, name="Our Person", agency=agency)
        rows.mentee(build, CaseStage.WAITING, name="Other Person")
        path = f"/referrals/{ours.id}"
    page = client.sign_in(EMAIL, PASSWORD)
    assert {"/referrals/new", path} <= set(page.links())
    assert "Other Person" not in page.text


def test_an_administrator_finds_accounts_audit_letters_promises_and_scheme(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=EMAIL)
        fill(build, 1)
    page = client.sign_in(EMAIL, PASSWORD)
    assert {"/accounts", "/audit", "/letters", "/targets", "/scheme"} <= set(page.links())
    assert not [link for link in page.links() if link.startswith(("/people/", "/volunteers/", "/matches/"))]


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_a_home_page_opens_for_the_person_it_is_shown_to(
    role: Role, saved: Saved, client: PageClient
) -> None:
    with saved as build:
        people(build, role)
        fill(build, 1)
    page = client.sign_in(EMAIL, PASSWORD)
    opened = {link: client.client.get(link).status_code for link in page.links() if link.startswith("/")}
    assert {link: status for link, status in opened.items() if status != 200} == {}


def test_a_role_with_cards_has_the_permissions_that_the_pages_behind_them_ask_for() -> None:
    assert all(ROLE_PERMISSIONS[role] for role in CARDS)
    shown = [card for cards in CARDS.values() for card in cards]
    assert sorted(shown) == sorted(Card), "a card that no role sees, or that two sections show"


def test_a_day_counts_where_the_scheme_is(build: Builder) -> None:
    scheme = build.scheme()
    scheme.time_zone = "Pacific/Auckland"
    build.session.flush()
    rows.volunteer(build)
    assert waiting(build, Card.APPLICATIONS).rows[0].day == (NOW + timedelta(hours=13)).date()
