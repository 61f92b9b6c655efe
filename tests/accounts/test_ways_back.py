"""Where somebody is led after signing in, and what a browser forgets after signing out."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.rules import Role
from accounts.views.blueprint import safe_next
from demo.builders import PASSWORD
from tests.conftest import Saved
from tests.pages import PageClient

EMAIL = "ada@mail.example"
HOME = "https://alongside.example/sign-in"
TRICKS = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%0a/evil.example\r\nLocation: https://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt://x%0aalert(1)",
    "data:text/html,x",
    "@evil.example",
    "evil.example",
    ".evil.example",
    "//evil.example@alongside.example",
    "//[evil.example",
    "/\u2028/evil.example",
    "/\u00a0/evil.example",
    "?next=//evil.example",
    "",
)
PIECES = st.sampled_from(
    ["/", "\\", "//", ":", "@", "?", "#", ".", "..", "%2f", "%5c", "\t", "\r\n", " ", "evil.example", "http"]
)
ADDRESSES = st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=8).map("".join))


def as_a_browser_reads(address: str) -> str:
    """Clean an address as browsers do, with all slashes leaning one way. Source: WHATWG URL Standard."""
    text = address.strip("".join(map(chr, range(33))))
    return text.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")


def stays(address: str) -> bool:
    """Whether a browser that follows an address stays on the portal."""
    parts = urlsplit(urljoin(HOME, as_a_browser_reads(address)))
    return (parts.scheme, parts.netloc) == ("https", "alongside.example")


def safe(app: Flask, address: str) -> str | None:
    with app.test_request_context("/sign-in", query_string={"next": address}):
        return safe_next()


@pytest.mark.parametrize("address", TRICKS)
def test_a_known_trick_leads_nowhere_else(app: Flask, address: str) -> None:
    assert safe(app, address) is None


@pytest.mark.parametrize("address", ["/", "/home", "/people?text=a%20b&page=2", "/referrals/new?kept=1", "/a/../b"])
def test_a_page_of_the_portal_is_led_back_to(app: Flask, address: str) -> None:
    assert safe(app, address) == address


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(ADDRESSES)
@example("/%2f/evil.example")
@example("/.//evil.example")
@example("/..//evil.example")
def test_whatever_is_asked_for_a_browser_stays_on_the_portal(lent_portal: Flask, address: str) -> None:
    found = safe(lent_portal, address)
    assert found is None or (stays(found) and found.startswith("/"))


@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "https://evil.example", "\t//evil.example"])
def test_the_judge_of_these_tests_knows_an_address_that_leaves(address: str) -> None:
    assert not stays(address)


def test_signing_out_has_the_browser_forget_everything_but_the_language(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL)
    client.get("/language/nl?next=/sign-in")
    page = client.sign_in(EMAIL, PASSWORD)
    token = page.tree.find(".//header//input")
    assert token is not None
    answer = client.send("/sign-out", {"csrf_token": token.get("value")})
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    for name in ("alongside", "alongside-device"):
        client.client.delete_cookie(name)
    assert client.follow(answer).tree.get("lang") == "nl"


def test_signing_in_anew_ends_the_sign_in_that_this_browser_had(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.MENTOR, email=EMAIL)
    client.sign_in_by_form(EMAIL, PASSWORD)
    before = client.client.get_cookie("alongside")
    assert before is not None
    client.sign_in_by_form(EMAIL, PASSWORD)
    client.get("/account")
    client.client.set_cookie("alongside", before.value)
    assert client.raw("/account").status_code == 303


def test_a_new_sign_in_has_a_new_cookie_that_carries_nothing_of_the_old(saved: Saved, client: PageClient) -> None:
    with saved as build:
        build.account(Role.MENTOR, email=EMAIL)
    marks = []
    for _ in range(2):
        client.sign_in_by_form(EMAIL, PASSWORD)
        with client.client.session_transaction() as cookie:
            cookie["of one person"] = "kept"
            marks.append(cookie["_user_id"])
    client.sign_in_by_form(EMAIL, PASSWORD)
    with client.client.session_transaction() as cookie:
        assert "of one person" not in cookie
        assert len({*marks, cookie["_user_id"]}) == 3
