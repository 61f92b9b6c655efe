"""With the demo year each role can open its pages, at a desk and on a phone, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser

from demo.builders import PASSWORD
from tests.browser.portal import LivePortal
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

PAGES = {
    "coordinator": (
        "/home",
        "/volunteers",
        "/people",
        "/referrals",
        "/referrals/new",
        "/matching",
        "/matching/new",
        "/matches",
        "/training",
        "/board",
        "/import",
    ),
    "training": ("/home", "/training", "/training/evenings/new", "/training/plans", "/training/courses", "/volunteers"),
    "volunteer": ("/home", "/my-application", "/my-plan", "/my-training"),
    "mentor": ("/home", "/my-match", "/my-plan", "/my-training"),
    "partner": ("/home", "/referrals", "/referrals/new"),
    "evaluator": ("/home", "/board"),
    "administrator": ("/home", "/accounts", "/accounts/invite", "/audit", "/letters", "/targets"),
}

DEEPER = {
    "coordinator": (
        ("/volunteers", "/volunteers/"),
        ("/people", "/people/"),
        ("/matches", "/matches/"),
        ("/matching", "/matching/proposals/"),
        ("/matching", "/matching/rounds/"),
    ),
    "training": (("/training", "/training/evenings/"), ("/training/plans", "/plan")),
    "mentor": (("/my-match", "/meetings/new"),),
    "partner": (("/referrals", "/referrals/"),),
}
"""A list, and the beginning of addresses of which the first link on it is followed."""


@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role_is_in_order(role: str, width: int, demo_portal: LivePortal, chromium: Browser) -> None:
    faults: list[str] = []
    walker = Walker(chromium, demo_portal.url, faults=faults, width=width)
    walker.sign_in(f"{role}@knowsley.example", PASSWORD)
    for path in PAGES[role]:
        walker.open(path)
    for listing, part in DEEPER.get(role, ()):
        walker.open(listing)
        links = walker.page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        walker.open(next(link for link in links if link and part in link and link not in PAGES[role]))
    walker.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [1200, 360])
def test_the_public_pages_are_in_order(width: int, demo_portal: LivePortal, chromium: Browser) -> None:
    faults: list[str] = []
    walker = Walker(chromium, demo_portal.url, faults=faults, width=width)
    for path in (
        "/",
        "/sign-in",
        "/apply/knowsley",
        "/apply/knowsley/promise",
        "/apply/knowsley/not-now",
        "/apply/turin",
    ):
        walker.open(path)
    walker.close()
    assert not faults, "\n".join(faults)
