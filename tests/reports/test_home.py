"""Each role's home page: what waits, one click from being done, and nothing of what is not theirs."""

from datetime import date

import pytest
from sqlalchemy import select

from accounts.models import Account
from accounts.rules import ROLE_PERMISSIONS, Role
from demo.builders import PASSWORD, Builder
from mentees.rules import CaseStage
from mentoring.rules import AttendanceOutcome, MatchState
from mentors.models import Volunteer
from mentors.rules import CheckKind, Stage
from reports import queries
from reports.policy import CARDS
from reports.rules import Card
from tests.conftest import Saved
from tests.pages import PageClient
from tests.reports import rows
from tests.reports.rows import day

EMAIL = "cora@mail.example"
HOSTILE = "<script>alert(1)</script> & “Zoë”"


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
        rows.fill(build, 1)
    client.sign_in(EMAIL, PASSWORD)
    few = client.get("/home").statements
    with saved as build:
        rows.fill(build, 50)
        more_of_own(build, 50)
    page = client.get("/home")
    assert len(page.statements) == len(few), "\n".join(page.statements)
    assert page.heading == f"Hello, {HOSTILE}"


def test_somebody_with_every_role_sees_every_section_in_twelve_statements(saved: Saved, client: PageClient) -> None:
    with saved as build:
        account = people(build, Role.MENTOR)
        agency = build.agency("Probation")
        build.account(*Role, person=build.session.get_one(type(account.person), account.person_id), agency=agency)
        rows.fill(build, 5)
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
    # The page itself is held to it whenever it is opened: see MOST_STATEMENTS in tests/pages.py.
    client.get("/home")


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
    assert "Nothing waits under: Emergency access, New applications, New referrals" in page.text


@pytest.mark.parametrize("roles", [(Role.COORDINATOR,), (Role.ADMINISTRATOR,), (Role.COORDINATOR, Role.ADMINISTRATOR)])
def test_a_request_for_emergency_access_stands_once_on_the_page_of_whoever_may_decide(
    roles: tuple[Role, ...], saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(*roles, email=EMAIL)
        glass = rows.glass(build, name="Una Asks")
        path = f"/emergency-access/{glass.id}"
    page = client.sign_in(EMAIL, PASSWORD)
    assert page.links().count(path) == 1
    assert "Una Asks Waits for a decision · asked today" in page.text


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


def test_the_page_of_a_mentor_is_not_even_handed_the_name_of_a_person_not_yet_agreed_to(build: Builder) -> None:
    account = build.account(Role.MENTOR)
    own = rows.volunteer(build, Stage.READY, person_id=account.person_id)
    rows.match(build, own, rows.mentee(build, CaseStage.MATCHED, name="Offered Person"), MatchState.OFFERED)
    found = queries.find_own(build.session, build.actor(Role.MENTOR, person_id=account.person_id), rows.day(0), [])
    assert found is not None
    assert [(match.is_offered, match.name) for match in found.matches] == [(True, "")]


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
        rows.pair(build).starts_on = day(-40)
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
        rows.fill(build, 1)
    page = client.sign_in(EMAIL, PASSWORD)
    assert {"/accounts", "/audit", "/letters", "/targets", "/scheme"} <= set(page.links())
    assert not [link for link in page.links() if link.startswith(("/people/", "/volunteers/", "/matches/"))]


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_a_home_page_opens_for_the_person_it_is_shown_to(
    role: Role, saved: Saved, client: PageClient
) -> None:
    with saved as build:
        people(build, role)
        rows.fill(build, 1)
    page = client.sign_in(EMAIL, PASSWORD)
    opened = {link: client.client.get(link).status_code for link in page.links() if link.startswith("/")}
    assert {link: status for link, status in opened.items() if status != 200} == {}


def test_a_role_with_cards_has_the_permissions_that_the_pages_behind_them_ask_for() -> None:
    assert all(ROLE_PERMISSIONS[role] for role in CARDS)
    shown = [card for cards in CARDS.values() for card in cards]
    # Whoever runs the portal and coordinates too finds emergency access under today alone.
    assert sorted(shown) == sorted([*Card, Card.EMERGENCY]), "a card that no role sees, or that two sections show"
