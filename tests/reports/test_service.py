"""The certificate of service tells what somebody gave, in any script, to those who may have it."""

import logging
import re
import unicodedata

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation.db import Database
from foundation.errors import NotVisible
from foundation.outbox import Letter
from foundation.papers import Sheet, draw
from foundation.papers.joining import join_letters
from mentoring.rules import AttendanceOutcome, MeetingKind
from mentors import operations
from mentors.models import Volunteer
from mentors.rules import Leaving, LeavingReason, Stage
from reports import queries
from tests.conftest import NOW, Saved
from tests.pages import PageClient

NAMES = (
    "Zażółć Gęślą-Jaźń",
    "Αλέξανδρος Παπαδόπουλος",
    "Олександр Шевченко",
    "محمد علي الأمين",
    "שרה לוי",
    "Đỗ Thị Hương O'Neill-Ñíguez",
    "x",
    "W" * 200,
)


def served(build: Builder, name: str = "Jo Mercer") -> Volunteer:
    """A mentor with sessions, a contact, a meeting that did not take place, and an evening of training."""
    with build.earlier(90):
        course = build.course(is_required=False)
        volunteer = build.ready_mentor(name=name, email="jo@mail.example")
        build.evening(course, {volunteer.id: 90})
        match = build.match(volunteer=volunteer)
    for minutes in (30, 45):
        build.meeting(match, minutes=minutes)
    build.meeting(match, kind=MeetingKind.CONTACT, minutes=10)
    build.meeting(match, outcome=AttendanceOutcome.ABSENT_UNACCEPTABLE, minutes=0)
    return volunteer


def test_only_what_took_place_is_added_up(session: Session, build: Builder) -> None:
    volunteer = served(build)
    found = queries.find_service(session, volunteer, "Europe/London")
    assert (found.sessions, found.session_minutes) == (2, 75)
    assert (found.contacts, found.contact_minutes) == (1, 10)
    assert found.trained_minutes >= 90
    assert [spell.until for spell in found.spells] == [None]


def test_the_mentor_and_staff_may_have_it_and_nobody_else(saved: Saved, client: PageClient) -> None:
    with saved as build:
        volunteer = served(build)
        elsewhere = build.ready_volunteer(slug="turin")
        applicant = build.volunteer(Stage.SCREENING)
        build.account(Role.MENTOR, person=volunteer.person)
        for role in (Role.COORDINATOR, Role.TRAINING_LEAD, Role.EVALUATOR):
            build.account(role, email=f"{role.value.replace(' ', '')}@mail.example")
    path = f"/volunteers/{volunteer.id}/certificate-of-service"
    client.sign_in("jo@mail.example", PASSWORD)
    assert "/my-certificate" in client.get("/my-application").links()
    answer = client.raw("/my-certificate")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"%PDF-")
    assert "Jo" not in answer.headers["Content-Disposition"]
    assert client.raw(path).status_code == 403
    for email, status in (("coordinator", 200), ("traininglead", 200), ("evaluator", 403)):
        client.sign_in(f"{email}@mail.example", PASSWORD)
        assert client.raw(path).status_code == status
    client.sign_in("coordinator@mail.example", PASSWORD)
    assert path in client.get(f"/volunteers/{volunteer.id}").links()
    for other in (elsewhere, applicant):
        assert client.raw(f"/volunteers/{other.id}/certificate-of-service").status_code == 404


def test_who_left_takes_it_along_by_the_link_of_the_letter(saved: Saved, client: PageClient, db: Database) -> None:
    with saved as build:
        volunteer = served(build)
        operations.leave_volunteer(
            build.session,
            volunteer=volunteer,
            leaving=Leaving(LeavingReason.PROMISE_KEPT, is_thanked=True),
            by=build.portal(),
            at=NOW,
            base_url="http://alongside.test",
        )
    with db.sessions() as session:
        letter = session.scalars(select(Letter).where(Letter.to_address == "jo@mail.example")).one()
    token = re.findall(r"/leaving/(\S+)", letter.body)[0]
    (link,) = [link for link in client.get(f"/leaving/{token}").links() if "certificate" in link]
    assert client.raw(link).data.startswith(b"%PDF-")
    assert client.raw(f"/leaving/{token}x/certificate").status_code == 404


def test_whoever_was_never_ready_has_none(session: Session, build: Builder) -> None:
    with pytest.raises(NotVisible):
        queries.find_service(session, build.volunteer(Stage.TRAINING), "Europe/London")


def sheet(name: str) -> Sheet:
    """A sheet for somebody."""
    return Sheet(
        "en", "A charity", "Certificate", "We thank", name, ("who was here",), (("Hours", "3"),), "For us", "x"
    )


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_are_drawn_on_one_page(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        pdf = draw(sheet(name), NOW)
    assert "missing" not in caplog.text
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    assert draw(sheet(name), NOW) == pdf


def test_a_letter_that_the_font_lacks_is_seen_by_this_test(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        draw(sheet("李"), NOW)
    assert "missing" in caplog.text


def test_arabic_letters_take_the_shapes_of_their_places() -> None:
    meem, hah, meem_medial, dal = list(join_letters("محمد"))
    assert [unicodedata.name(sign).rpartition(" ")[0] for sign in (meem, hah, meem_medial, dal)] == [
        "ARABIC LETTER MEEM INITIAL",
        "ARABIC LETTER HAH MEDIAL",
        "ARABIC LETTER MEEM MEDIAL",
        "ARABIC LETTER DAL FINAL",
    ]
    assert unicodedata.name(join_letters("لا")) == "ARABIC LIGATURE LAM WITH ALEF ISOLATED FORM"
    # Dal joins nothing after it, and a mark above a letter parts no letters.
    assert unicodedata.name(join_letters("دب")[1]) == "ARABIC LETTER BEH ISOLATED FORM"
    assert unicodedata.name(join_letters("مَد")[0]) == "ARABIC LETTER MEEM INITIAL FORM"


@pytest.mark.parametrize("text", ["", "Jo Mercer", "Ελλάδα", "😀", "שלום", "é\u0301"])
def test_what_is_not_arabic_stays_as_it_is(text: str) -> None:
    assert join_letters(text) == text
