"""Take one picture for each role from the demo year, for the README.

Run as ``python3 dev.py screenshots``. A portal of its own is started in a temporary folder and stopped in the end.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from demo.builders import PASSWORD
from tests.browser.portal import DEMO_FACTOR, LivePortal, free_port
from tests.servers import CHROMIUM_FLAGS, find_chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"

PHONE, DESK = 390, 1200

SHOTS = (
    ("volunteer", None, "/apply/knowsley", None, PHONE),
    ("mentor", "mentor", "/my-match", None, PHONE),
    ("coordinator", "coordinator", "/matching", "/matching/proposals/", DESK),
    ("training", "training", "/training/evenings/new", None, DESK),
    ("partner", "partner", "/referrals/new", None, DESK),
    ("evaluator", "evaluator", "/board", None, DESK),
    ("administrator", "administrator", "/audit", None, DESK),
)
"""Name of the picture, who signs in, the page, the first link with this in its address to follow, and the width."""


def main() -> None:
    """Start a portal with the demo year and take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        portal = LivePortal(Path(folder), free_port())
        portal.flask("database", "upgrade")
        portal.flask("demo", "load")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
        with portal.running():
            for shot in SHOTS:
                take(browser, portal.url, *shot)
        browser.close()


def take(browser: Browser, url: str, name: str, role: str | None, path: str, part: str | None, width: int) -> None:  # noqa: PLR0917 - the parts of one shot.
    """Take one picture of what somebody sees without scrolling far."""
    context = browser.new_context(base_url=url, viewport={"width": width, "height": 844 if width == PHONE else 900})
    page = context.new_page()
    if role is not None:
        page.goto("/sign-in")
        page.locator("[name=email]").fill(f"{role}@knowsley.example")
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        if "/sign-in/second-factor" in page.url:
            page.locator("[name=code]").fill(DEMO_FACTOR)
            page.get_by_role("main").get_by_role("button", name="Continue").click()
    page.goto(path)
    if part is not None:
        links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        page.goto(next(link for link in links if part in link))
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
