"""What browser tests share: Chromium, and portals that run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.portal import LivePortal, free_port
from tests.servers import CHROMIUM_FLAGS, find_chromium


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def empty_portal(tmp_path: Path) -> LivePortal:
    """A migrated portal that nobody has used yet; not running."""
    portal = LivePortal(tmp_path, free_port())
    portal.flask("database", "upgrade")
    return portal


@pytest.fixture(scope="session")
def demo_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """A running portal with the demo year."""
    portal = LivePortal(tmp_path_factory.mktemp("demo"), free_port())
    portal.flask("database", "upgrade")
    portal.flask("demo", "load")
    with portal.running():
        yield portal
