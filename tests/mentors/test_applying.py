"""Applying online: one question per page, answers kept, sent once."""

import re

import pytest
from sqlalchemy import select

from accounts.models import Person
from accounts.rules import Role
from foundation.audit import AuditEntry, verify
from foundation.db import Database
from foundation.outbox import Letter
from mentors.models import ApplicationDraft, AskAgain, Volunteer
from mentors.rules import Gender, Stage
from tests.conftest import Saved
from tests.mentors.filling import ANSWERS, START, answer, answer_all
from tests.pages import PageClient


@pytest.fixture(autouse=True)
def scheme(saved: Saved) -> None:
    """A scheme to apply to."""
    with saved as build:
        build.scheme()


def test_the_start_page_says_what_mentoring_asks_before_anything_is_typed(client: PageClient, db: Database) -> None:
    page = client.get(START)
    assert "3 to 4 hours a week, for 12 months" in page.text
    assert not page.tree.findall(".//main//input")
    assert f"{START}/not-now" in page.links()
    with db.sessions() as session:
        assert session.scalars(select(ApplicationDraft)).all() == []


def test_an_applicant_applies_and_sees_where_things_stand(client: PageClient, db: Database) -> None:
    answer_all(client)
    page = client.get(f"{START}/check")
    for words in ("Jo Mercer", "L32 4XX", "12 kilometres", "English, Polish", "Having been in prison", "Woman"):
        assert words in page.text
    sent = client.follow(client.fill(f"{START}/check", {}))
    assert sent.heading == "Application sent"
    with db.sessions() as session:
        volunteer = session.scalars(select(Volunteer)).one()
        assert (volunteer.stage, volunteer.hours_per_week, volunteer.slots) == (Stage.APPLIED, 4, 0b100001)
        assert (volunteer.area, volunteer.travel_km, volunteer.gender) == ("L32 4XX", 12, Gender.WOMAN)
        assert volunteer.latitude == pytest.approx(53.48, abs=0.1)
        assert volunteer.lived_experience == ["prison"]
        assert [(move.before, move.after) for move in volunteer.moves] == [(None, Stage.APPLIED)]
        letter = session.scalars(select(Letter)).one()
        draft = session.scalars(select(ApplicationDraft)).one()
        assert (draft.answers, draft.volunteer_id) == ({}, volunteer.id)
        assert verify(session) is None
        assert "jo@mail.example" not in str([entry.after for entry in session.scalars(select(AuditEntry))])
    assert letter.to_address == "jo@mail.example"
    link = re.search(r"http://alongside\.test(/applications/\S+)", letter.body)
    assert link is not None
    assert "Jo" not in letter.body.replace(link[0], "")
    assert link[1] in sent.links()
    status = client.get(link[1])
    assert "We read it and get in touch" in status.text
    assert "Our move" in status.text
    assert "Jo" not in status.text


def test_an_unknown_or_guessed_status_page_is_not_there(client: PageClient) -> None:
    client.get("/applications/guessed", status=404)
    client.get("/applications/%00%ff", status=404)


def test_answers_are_kept_and_shown_again(client: PageClient) -> None:
    answer(client, "contact")
    answer(client, "week")
    page = client.get(f"{START}/contact")
    assert page.form()["name"] == "Jo Mercer"
    assert client.get(f"{START}/week").form()["slots"] == ["0", "5"]
    assert f"{START}/check" in client.get(START).links()


def test_pages_can_be_answered_in_any_order(client: PageClient, db: Database) -> None:
    for step in reversed(ANSWERS):
        answer(client, step)
    client.fill(f"{START}/check", {})
    with db.sessions() as session:
        assert session.scalars(select(Volunteer)).one().person.name == "Jo Mercer"


def test_sending_too_early_leads_to_the_first_question_without_an_answer(client: PageClient, db: Database) -> None:
    answer_all(client, but=("travel", "why"))
    assert "Not answered yet" in client.get(f"{START}/check").text
    page = client.follow(client.fill(f"{START}/check", {}))
    assert page.heading == "How far would you go to meet somebody?"
    back = client.send(f"{START}/travel?change=yes", {**page.form(), "travel_km": "5"})
    assert back.headers["Location"] == f"{START}/check"
    assert client.follow(client.fill(f"{START}/check", {})).heading == "Why would you like to mentor?"
    with db.sessions() as session:
        assert session.scalars(select(Volunteer)).all() == []


def test_sending_with_nothing_answered_leads_to_the_first_question(client: PageClient) -> None:
    assert client.follow(client.fill(f"{START}/check", {})).heading == "How much time can you promise?"


def test_the_same_form_sent_twice_makes_one_volunteer(client: PageClient, db: Database) -> None:
    answer_all(client)
    form = client.get(f"{START}/check").form()
    first, second = (client.send(f"{START}/check", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == f"{START}/sent"
    with db.sessions() as session:
        assert len(session.scalars(select(Volunteer)).all()) == 1
        assert len(session.scalars(select(Letter)).all()) == 1


def test_two_tabs_of_one_application_make_one_volunteer(client: PageClient, db: Database) -> None:
    answer_all(client)
    forms = [client.get(f"{START}/check").form() for _ in range(2)]
    assert forms[0]["key"] != forms[1]["key"]
    for form in forms:
        assert client.send(f"{START}/check", form).headers["Location"] == f"{START}/sent"
    with db.sessions() as session:
        assert len(session.scalars(select(Volunteer)).all()) == 1


@pytest.mark.parametrize(("hours", "months"), [("2", "12"), ("4", "11"), ("0", "0")])
def test_too_little_time_is_answered_kindly_and_never_ends_in_a_volunteer(
    client: PageClient, db: Database, hours: str, months: str
) -> None:
    answer_all(client)
    response = client.fill(f"{START}/promise?change=yes", {"hours_per_week": hours, "months": months})
    page = client.follow(response)
    assert page.heading == "Not at this time"
    assert page.form()["email"] == "jo@mail.example"
    assert client.follow(client.fill(f"{START}/check", {})).heading == "How much time can you promise?"
    with db.sessions() as session:
        assert session.scalars(select(Volunteer)).all() == []


def test_somebody_without_time_now_is_noted_once_with_their_day(client: PageClient, db: Database) -> None:
    form = client.get(f"{START}/not-now").form()
    form |= {"email": "jo@mail.example", "ask_on": ["1", "3", "2027"]}
    for _ in range(2):
        assert client.follow(client.send(f"{START}/not-now", form)).heading == "We will ask you again"
    with db.sessions() as session:
        assert str(session.scalars(select(AskAgain)).one().ask_on) == "2027-03-01"


@pytest.mark.parametrize("day", [["16", "11", "2026"], ["1", "1", "2020"], ["1", "1", "2031"], ["31", "2", "2027"]])
def test_a_day_to_be_asked_again_lies_ahead_and_not_far(client: PageClient, db: Database, day: list[str]) -> None:
    client.fill(f"{START}/not-now", {"email": "jo@mail.example", "ask_on": day}, status=422)
    assert client.page is not None
    assert len(client.page.errors) == 1
    assert client.page.form()["ask_on"] == day
    assert client.page.form()["email"] == "jo@mail.example"
    with db.sessions() as session:
        assert session.scalars(select(AskAgain)).all() == []


@pytest.mark.parametrize(
    ("step", "typed", "error"),
    [
        ("promise", {"hours_per_week": "four", "months": "12"}, "Enter a whole number from 0 to 10"),
        ("promise", {"hours_per_week": "", "months": ""}, "Enter how many hours a week you can give"),
        ("contact", {"name": "Jo", "email": "not an address"}, "Enter an email address in the correct format"),
        ("contact", {"name": "", "email": "jo@mail.example"}, "Enter your full name"),
        ("contact", {"name": "x" * 201, "email": "jo@mail.example"}, "Use 200 characters or fewer"),
        ("where", {"area": "L32 4X"}, "Enter a full postcode, like L32 4XX"),
        ("where", {"area": "Kirkby"}, "Enter a full postcode, like L32 4XX"),
        ("where", {"area": ""}, "Enter your postcode"),
        ("travel", {"travel_km": "-4"}, "Enter a whole number from 1 to 200"),
        ("travel", {"travel_km": "2147483648"}, "Enter a whole number from 1 to 200"),
        ("week", {"slots": []}, "Tick at least one part of the week"),
        ("week", {"slots": ["21"]}, "Choose one of the answers on the page"),
        ("languages", {"languages": []}, "Tick at least one language"),
        ("languages", {"languages": ["en", "tlh"]}, "Choose one of the answers on the page"),
        ("background", {"lived_experience": ["piracy"]}, "Choose one of the answers on the page"),
        ("background", {"gender": "other"}, "Choose one of the answers on the page"),
        ("why", {"why": "  "}, "Tell us why, in a sentence or two"),
        ("why", {"why": "x" * 4001}, "Use 4000 characters or fewer"),
    ],
)
def test_a_bad_answer_is_refused_in_words_and_still_there(
    client: PageClient, db: Database, step: str, typed: dict[str, str | list[str]], error: str
) -> None:
    client.fill(f"{START}/{step}", typed, status=422)
    assert client.page is not None
    assert error in client.page.errors[0]
    kept = client.page.form()
    for name, value in typed.items():
        # What was never offered cannot be shown as chosen; everything that can be typed is still there.
        if isinstance(value, str) and name != "gender":
            assert kept[name].strip() == value.strip()
    with db.sessions() as session:
        assert session.scalars(select(ApplicationDraft)).all() == []


def test_a_postcode_that_nobody_knows_is_accepted_with_a_warning_and_has_no_distance(
    client: PageClient, db: Database
) -> None:
    answer_all(client)
    response = client.fill(f"{START}/where", {"area": "ZE99 9ZZ"})
    assert "We do not know this place" in client.follow(response).text
    assert "We do not know this place" in client.get(f"{START}/check").text
    client.fill(f"{START}/check", {})
    with db.sessions() as session:
        volunteer = session.scalars(select(Volunteer)).one()
    assert (volunteer.area, volunteer.latitude, volunteer.longitude) == ("ZE99 9ZZ", None, None)


def test_outside_britain_a_town_is_asked_for_and_an_unknown_one_accepted(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.scheme("the-hague", country="NL", time_zone="Europe/Amsterdam")
    page = client.get("/apply/the-hague/where")
    assert "Town" in page.text
    client.fill("/apply/the-hague/where", {"area": "Den Haag"})
    assert "We do not know" not in client.get("/apply/the-hague/check").text.split("Town")[1].split("Change")[0]
    assert "We do not know" in client.follow(client.fill("/apply/the-hague/where", {"area": "Nergenshuizen"})).text
    client.fill("/apply/the-hague/where", {"area": ""}, status=422)


def test_an_answer_in_one_scheme_does_not_show_in_another(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.scheme("turin", country="IT", time_zone="Europe/Rome")
    answer(client, "contact")
    assert "Jo Mercer" not in client.get("/apply/turin/check").text


def test_pages_answer_alike_whether_an_address_is_known_or_not(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email="jo@mail.example", name="Somebody Else")
    answer_all(client)
    known = client.follow(client.fill(f"{START}/check", {})).text
    client.client.delete_cookie("alongside")
    answer_all(client)
    answer(client, "contact", email="new@mail.example")
    assert client.follow(client.fill(f"{START}/check", {})).text == known
    with db.sessions() as session:
        assert len(session.scalars(select(Person)).all()) == 3
        assert len(session.scalars(select(Letter)).all()) == 2


def test_pages_that_do_not_exist_are_not_there(client: PageClient) -> None:
    for path in ("/apply/nowhere", "/apply/nowhere/promise", f"{START}/shoes", "/apply/nowhere/not-now"):
        client.get(path, status=404)


def test_a_sent_application_leads_to_its_confirmation(client: PageClient) -> None:
    answer_all(client)
    client.fill(f"{START}/check", {})
    assert client.get(f"{START}/check").heading == "Application sent"
    assert f"{START}/sent" in client.get(START).links()
