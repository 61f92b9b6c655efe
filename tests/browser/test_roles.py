"""With the demo year each role can open its pages, at a desk and on a phone, and axe finds nothing."""

import pytest
from playwright.sync_api import Browser, StorageState

from demo.builders import PASSWORD
from tests.browser.portal import LivePortal
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

DESK = 1200

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
        "/account/factors",
        "/data-protection",
        "/data-protection/people?text=a",
        "/data-protection/complaints",
        "/data-protection/complaints/new",
        "/data-protection/retention",
        "/emergency-access",
        "/account",
    ),
    "training": ("/home", "/training", "/training/evenings/new", "/training/plans", "/training/courses", "/volunteers"),
    "volunteer": ("/home", "/my-application", "/my-plan", "/my-training", "/account"),
    "mentor": ("/home", "/my-match", "/my-plan", "/my-training", "/account", "/account/factors"),
    "partner": ("/home", "/referrals", "/referrals/new"),
    "evaluator": ("/home", "/board"),
    "administrator": (
        "/home",
        "/account",
        "/account/devices",
        "/account/password",
        "/account/factors",
        "/account/factors/recovery-codes",
        "/accounts",
        "/accounts/invite",
        "/audit",
        "/audit?name=Sam&days=all",
        "/data-protection",
        "/data-protection/retention",
        "/emergency-access",
        "/emergency-access/new",
        "/letters",
        "/targets",
    ),
}

DEEPER = {
    "coordinator": (
        ("/volunteers", "/volunteers/"),
        ("/people", "/people/", "/whereabouts"),
        ("/matches", "/matches/"),
        ("/matching", "/matching/proposals/"),
        ("/matching", "/matching/rounds/"),
        ("/data-protection/people?text=a", "/data-protection/people/", "/hold"),
    ),
    "training": (("/training", "/training/evenings/"), ("/training/plans", "/plan")),
    "mentor": (("/my-match", "/meetings/new"),),
    "partner": (("/referrals", "/referrals/"),),
    "administrator": (("/accounts", "/accounts/"), ("/accounts", "/end"), ("/accounts", "/reset-factors")),
}
"""A list, and parts of addresses: the first link with the first part is followed, from there one with the next."""


KEPT: dict[str, StorageState] = {}
"""The sign-in of each role, since the second window of somebody need not type it all again."""


def window_of(role: str, width: int, portal: LivePortal, chromium: Browser, faults: list[str]) -> Walker:
    """Open a window in which somebody of a role is signed in."""
    walker = Walker(chromium, portal.url, faults=faults, width=width, kept=KEPT.get(role))
    if role not in KEPT:
        walker.sign_in(f"{role}@knowsley.example", PASSWORD)
        KEPT[role] = walker.context.storage_state()
    return walker


def menu_lines(walker: Walker) -> int:
    """How many lines the menu takes."""
    tops = walker.page.locator(".govuk-service-navigation__item").evaluate_all("items => items.map(i => i.offsetTop)")
    return len(set(tops))


@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role_is_in_order(role: str, width: int, demo_portal: LivePortal, chromium: Browser) -> None:
    faults: list[str] = []
    walker = window_of(role, width, demo_portal, chromium, faults)
    for path in PAGES[role]:
        walker.open(path)
    assert width < DESK or menu_lines(walker) == 1
    for listing, *parts in DEEPER.get(role, ()):
        walker.open(listing)
        for part in parts:
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
        "/sign-in/passkey",
        "/forgotten-password",
        "/privacy",
        "/privacy/knowsley",
        "/apply/knowsley",
        "/apply/knowsley/promise",
        "/apply/knowsley/not-now",
        "/apply/turin",
    ):
        walker.open(path)
    walker.close()
    assert not faults, "\n".join(faults)
