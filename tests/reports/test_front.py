"""The public front page: what mentoring asks, said before anything, and where to begin."""

import re

from accounts.rules import Role
from demo.builders import PASSWORD
from mentors.rules import LEAST_HOURS_PER_WEEK, LEAST_MONTHS, USUAL_HOURS_PER_WEEK
from tests.conftest import Saved
from tests.pages import PageClient


def test_the_front_page_says_what_mentoring_asks_before_anything_can_be_begun(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.scheme()
    page = client.get("/")
    assert f"{LEAST_HOURS_PER_WEEK} to {USUAL_HOURS_PER_WEEK} hours every week" in page.text
    assert f"{LEAST_MONTHS} months with the same person" in page.text
    assert page.text.index("what it asks") < page.text.index("Apply in Knowsley")


def test_everybody_chooses_a_scheme_and_is_led_to_its_application(saved: Saved, client: PageClient) -> None:
    with saved as build:
        for slug in ("knowsley", "the-hague", "turin"):
            build.scheme(slug)
    page = client.get("/")
    assert [link for link in page.links() if link.startswith("/apply")] == [
        "/apply/knowsley",
        "/apply/the-hague",
        "/apply/turin",
    ]
    client.get("/apply/turin")


def test_a_partner_is_led_through_signing_in_to_the_referral_form(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.PARTNER_OFFICER, email="omar@mail.example")
    link = next(link for link in client.get("/").links() if "referrals" in link)
    answer = client.fill(link, {"email": "omar@mail.example", "password": PASSWORD})
    assert answer.headers["Location"].endswith("/referrals/new")


def test_a_portal_without_a_scheme_still_has_a_front_page(client: PageClient) -> None:
    assert "No scheme has opened here yet" in client.get("/").text


def test_whoever_is_signed_in_is_led_to_their_own_page(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.EVALUATOR, email="eva@mail.example")
    client.sign_in("eva@mail.example", PASSWORD)
    assert client.raw("/").headers["Location"].endswith("/home")


def test_the_front_page_takes_the_same_statements_for_one_scheme_and_for_fifty(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.scheme()
    few = client.get("/").statements
    with saved as build:
        for number in range(50):
            build.scheme(f"site-{number}")
    assert len(client.get("/").statements) == len(few)


def test_the_front_page_speaks_plainly(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.scheme()
    assert not re.search("offender|beneficiar|stakeholder|service user|mentee", client.get("/").text, re.IGNORECASE)
