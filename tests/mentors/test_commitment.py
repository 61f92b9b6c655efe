"""What volunteers offer: its history, wishes with notice, flexible terms, breaks, and answers to what weeks tell."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.errors import Conflict, NotPermitted, Refusal
from foundation.outbox import Letter
from mentors import operations, queries
from mentors.models import Commitment, Volunteer, VolunteerBreak
from mentors.rules import BreakWhy, CommitmentState, Stage, Terms
from tests.conftest import NOW, Saved
from tests.pages import Page, PageClient

TODAY = date(2026, 11, 16)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def own(build: Builder, volunteer: Volunteer) -> dict[str, Any]:
    return {"by": build.actor(Role.VOLUNTEER, person_id=volunteer.person_id), "at": build.at}


def staff(build: Builder) -> dict[str, Any]:
    return {"by": build.portal(), "at": build.at}


def wish(build: Builder, volunteer: Volunteer, **changed: Any) -> Commitment:  # noqa: ANN401 - arguments of a wish.
    said: dict[str, Any] = {"hours_per_week": 3, "months": 12, "from_on": days(14), "why": "A new job."}
    return operations.ask_commitment(build.session, volunteer=volunteer, **{**said, **own(build, volunteer), **changed})


def offers(volunteer: Volunteer) -> tuple[int, int]:
    return volunteer.hours_per_week, volunteer.months


def test_an_application_is_the_first_promise(build: Builder, session: Session) -> None:
    volunteer = build.volunteer(hours_per_week=5, months=18)
    ((promise,),) = queries.promises_of(session, [volunteer.id]).values()
    assert (promise.hours_per_week, promise.months, promise.span.from_on, promise.span.until_on) == (5, 18, TODAY, None)


def test_a_wish_changes_nothing_before_it_is_agreed_and_its_day_has_come(build: Builder, session: Session) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    asked = wish(build, volunteer)
    assert offers(volunteer) == (4, 12)
    operations.answer_commitment(session, commitment=asked, agree=True, answer="", **staff(build))
    assert offers(volunteer) == (4, 12)
    later = {**staff(build), "at": NOW + timedelta(days=14)}
    assert operations.follow_promise(session, volunteer=volunteer, **later)
    assert offers(volunteer) == (3, 12)
    assert not operations.follow_promise(session, volunteer=volunteer, **later)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"from_on": TODAY}, "after today"),
        ({"from_on": days(400)}, "within a year"),
        ({"hours_per_week": 0}, "from 1 to 10"),
        ({"months": 61}, "from 1 to 60"),
        ({"why": " "}, "Say why"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused(build: Builder, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        wish(build, build.volunteer(Stage.TRAINING), **changed)


def test_one_wish_waits_at_a_time_and_is_the_volunteers_own(build: Builder) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    with pytest.raises(NotPermitted):
        wish(build, volunteer, **own(build, build.volunteer(Stage.TRAINING)))
    wish(build, volunteer)
    with pytest.raises(Refusal, match="already"):
        wish(build, volunteer)


def test_a_wish_is_declined_with_a_reason_and_answered_once(build: Builder, session: Session) -> None:
    volunteer = build.volunteer(Stage.TRAINING, email="ada@mail.example")
    asked = wish(build, volunteer)
    answer: dict[str, Any] = {"commitment": asked, "base_url": "http://alongside.test", **staff(build)}
    with pytest.raises(NotPermitted):
        operations.answer_commitment(session, **{**answer, **own(build, volunteer)}, agree=True, answer="")
    with pytest.raises(Refusal, match="volunteer reads it"):
        operations.answer_commitment(session, **answer, agree=False, answer=" ")
    operations.answer_commitment(session, **answer, agree=False, answer="Let us talk first.")
    assert (asked.state, offers(volunteer)) == (CommitmentState.DECLINED, (4, 12))
    with pytest.raises(Conflict):
        operations.answer_commitment(session, **answer, agree=True, answer="")
    (body,) = [row.body for row in session.scalars(select(Letter).order_by(Letter.id)) if "answered" in row.body]
    assert "http://alongside.test/my-commitment" in body
    assert "talk first" not in body


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"terms": Terms.FLEXIBLE}, "last day"),
        ({"terms": Terms.FLEXIBLE, "until_on": days(-1)}, "not before today"),
        ({"terms": Terms.FLEXIBLE, "until_on": days(400)}, "within a year"),
        ({"until_on": days(9)}, "Only flexible"),
        ({"from_on": days(-1)}, "before the application"),
        ({"why": ""}, "Say why"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(build: Builder, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        build.promise(build.volunteer(Stage.TRAINING), **{"hours": 2, **changed})


def test_flexible_terms_hold_until_their_day_and_then_the_usual_ones_again(build: Builder, session: Session) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    build.promise(volunteer, hours=2, terms=Terms.FLEXIBLE, until_on=days(30))
    assert offers(volunteer) == (2, 12)
    operations.follow_promise(session, volunteer=volunteer, by=build.portal(), at=NOW + timedelta(days=30))
    assert offers(volunteer) == (2, 12)
    operations.follow_promise(session, volunteer=volunteer, by=build.portal(), at=NOW + timedelta(days=31))
    assert offers(volunteer) == (4, 12)
    kept = session.scalars(select(Commitment).order_by(Commitment.hours_per_week)).all()
    assert [(row.hours_per_week, row.terms) for row in kept] == [(2, Terms.FLEXIBLE), (4, Terms.USUAL)]


def test_an_application_that_is_put_with_an_earlier_one_changes_the_promise_from_its_day(
    build: Builder, session: Session
) -> None:
    earlier = build.volunteer(Stage.NOT_NOW, email="jo@mail.example", hours_per_week=3)
    build.at = NOW + timedelta(minutes=5)
    later = build.volunteer(email="jo@mail.example", hours_per_week=6, months=24)
    operations.accept_as_same(session, volunteer=later, earlier=earlier, why="Same voice.", **staff(build))
    promises = queries.promises_of(session, [earlier.id])[earlier.id]
    assert sorted(promise.hours_per_week for promise in promises) == [3, 6]
    assert not operations.follow_promise(session, volunteer=earlier, **staff(build))
    assert offers(earlier) == (6, 24)


# ------------------------------------------------------------------------------------------------- taking a break


def take(build: Builder, volunteer: Volunteer, begin: int, back: int | None, **changed: Any) -> VolunteerBreak:  # noqa: ANN401 - arguments of a break.
    return operations.take_break(
        build.session,
        volunteer=volunteer,
        from_on=days(begin),
        back_on=None if back is None else days(back),
        why=BreakWhy.STUDY,
        **{**own(build, volunteer), **changed},
    )


@pytest.mark.parametrize(
    ("begin", "back", "sentence"),
    [
        (5, 5, "after the break has begun"),
        (5, 400, "a year at most"),
        (400, None, "within a year"),
        (12, 30, "already"),
    ],
)
def test_a_break_whose_days_contradict_each_other_is_refused(
    build: Builder, begin: int, back: int | None, sentence: str
) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    take(build, volunteer, 10, 20)
    with pytest.raises(Refusal, match=sentence):
        take(build, volunteer, begin, back)


def test_breaks_may_follow_each_other_and_are_taken_by_oneself_or_by_staff(build: Builder) -> None:
    volunteer = build.volunteer(Stage.TRAINING)
    take(build, volunteer, 10, 20)
    take(build, volunteer, 20, None, **staff(build))
    take(build, volunteer, 5, 10)
    with pytest.raises(NotPermitted):
        take(build, volunteer, 1, 2, **own(build, build.volunteer(Stage.TRAINING)))


def test_a_move_to_a_break_begins_one_and_the_move_back_ends_it(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    build.move(mentor, Stage.ON_A_BREAK)
    (row,) = queries.list_breaks(session, mentor)
    assert (row.from_on, row.back_on, row.ended_on, row.why) == (TODAY, None, None, BreakWhy.NOT_SAID)
    build.at = NOW + timedelta(days=9)
    build.move(mentor, Stage.READY)
    assert [row.ended_on for row in queries.list_breaks(session, mentor)] == [days(9)]


def test_a_break_that_was_noted_before_the_move_is_the_same_break(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    taken = take(build, mentor, 0, 20)
    build.move(mentor, Stage.ON_A_BREAK)
    assert list(queries.list_breaks(session, mentor)) == [taken]


def test_the_end_of_a_break_is_noted_once_and_not_before_it_has_come(build: Builder, session: Session) -> None:
    mentor = build.ready_mentor()
    taken = take(build, mentor, 0, 20)
    end: dict[str, Any] = {"found": taken, **staff(build)}
    for number in (-1, 1):
        with pytest.raises(Refusal, match=r"day that has come|after the break"):
            operations.end_break(session, ended_on=days(number), **end)
    operations.end_break(session, ended_on=TODAY, **end)
    with pytest.raises(Conflict):
        operations.end_break(session, ended_on=TODAY, **end)


# ------------------------------------------------------------------------------------------------------------ pages


def test_a_volunteer_asks_and_a_coordinator_answers(client: PageClient, db: Database, saved: Saved) -> None:
    with saved as build:
        volunteer = build.volunteer(Stage.TRAINING, name="Ada Mercer", email="ada@mail.example")
        build.account(Role.VOLUNTEER, person=volunteer.person)
        build.account(Role.COORDINATOR, email="grace@mail.example")
    client.sign_in("ada@mail.example", PASSWORD)
    asked = {"hours_per_week": "3", "months": "12", "from_on": "2026-12-01", "why": "A new job."}
    page = Page(client.fill("/my-commitment/change", {**asked, "from_on": "2026-11-16"}, status=422), [])
    assert page.errors == ["Choose a day after today, so that we can arrange it"]
    assert "You have asked for a change" in client.follow(client.fill("/my-commitment/change", asked)).text
    client.sign_in("grace@mail.example", PASSWORD)
    link = next(link for link in client.get("/home").links() if link.endswith("/commitment"))
    assert link == f"/volunteers/{volunteer.id}/commitment"
    links = [one for one in client.get(link).links() if f"{volunteer.id}/commitment/" in one and "new" not in one]
    wish_link = links[0]
    assert "A new job." in client.get(wish_link).text
    Page(client.fill(wish_link, {"decision": "declined", "answer": ""}, status=422), [])
    page = client.follow(client.fill(wish_link, {"decision": "agreed", "answer": "Good luck!"}))
    assert "Good luck!" in page.text
    assert "Asks for" not in page.text


def test_a_coordinator_sets_flexible_terms_and_notes_a_break(client: PageClient, saved: Saved) -> None:
    with saved as build:
        volunteer = build.volunteer(Stage.TRAINING)
        build.account(Role.COORDINATOR, email="grace@mail.example")
    client.sign_in("grace@mail.example", PASSWORD)
    address = f"/volunteers/{volunteer.id}"
    terms = {
        "hours_per_week": "2",
        "months": "12",
        "from_on": "2026-11-16",
        "terms": "flexible",
        "until_on": "2027-03-01",
        "why": "Exams until March.",
    }
    page = client.follow(client.fill(f"{address}/commitment/new", terms))
    assert "Exams until March." in page.text
    assert "Offers 2 hours a week" in page.text
    broken = {"from_on": "2026-12-20", "back_on": "2026-12-19", "why": "holiday"}
    Page(client.fill(f"{address}/breaks/new", broken, status=422), [])
    page = client.follow(client.fill(f"{address}/breaks/new", {**broken, "back_on": "2027-01-04"}))
    assert "A holiday or a journey" in page.text
    assert "34 days' notice" in page.text
    end_link = next(link for link in page.links() if link.endswith("/end"))
    page = client.follow(client.fill(end_link, {"ended_on": "2026-12-20"}))
    assert "Note the end" not in page.text
