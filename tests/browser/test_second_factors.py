"""Second factors in a real browser: passkeys of Chromium's virtual authenticator, and apps, also without script."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser

from accounts.rules import Role
from app import create_app
from demo.builders import PASSWORD, Builder
from foundation import clock
from foundation.settings import Mode, Settings
from tests.browser.portal import LivePortal, free_port
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

PEOPLE = 5
"""Coordinators without a second factor; each test takes one of its own."""


@pytest.fixture(scope="module")
def named_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """A running portal with a name, as passkeys need one, and without a printed code."""
    portal = LivePortal(tmp_path_factory.mktemp("named"), free_port())
    portal.url = f"http://localhost:{portal.port}"
    portal.environment |= {"ALONGSIDE_BASE_URL": portal.url, "ALONGSIDE_DEMO_FACTOR": ""}
    portal.flask("database", "upgrade")
    settings = Settings(
        mode=Mode.LOCAL,
        instance=portal.instance,
        secret_key=portal.environment["ALONGSIDE_SECRET_KEY"],
        data_keys=portal.environment["ALONGSIDE_DATA_KEYS"],
        database_url=f"sqlite:///{portal.instance / 'alongside.sqlite'}",
        base_url=portal.url,
        smtp_url="",
        mail_from="portal@alongside.test",
    )
    app = create_app(settings)
    with app.app_context(), app.extensions["database"].transaction() as session:
        build = Builder(session, at=clock.now())
        for number in range(PEOPLE):
            build.account(Role.COORDINATOR, email=address(number), name="Ada Okafor")
    app.extensions["database"].engine.dispose()
    with portal.running():
        yield portal


def address(number: int) -> str:
    """The address of one of the coordinators."""
    return f"ada{number}@mail.example"


def hold_authenticator(walker: Walker) -> None:
    """Give a window a virtual authenticator that knows its holder and answers by itself."""
    session = walker.context.new_cdp_session(walker.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def leave(walker: Walker) -> None:
    walker.sign_out()
    walker.open("/sign-in")


@pytest.mark.parametrize(("number", "width"), [(0, 1200), (1, 360)])
def test_a_passkey_is_added_and_opens_the_door_with_a_password_and_without(
    number: int, width: int, named_portal: LivePortal, chromium: Browser
) -> None:
    faults: list[str] = []
    walker = Walker(chromium, named_portal.url, faults=faults, width=width)
    hold_authenticator(walker)
    walker.open("/sign-in").type(email=address(number), password=PASSWORD).send("Sign in").sees(
        "set up a second factor now"
    )
    walker.press("Add a passkey").type(name="My phone")
    press_and_arrive(walker, "Add the passkey", "**/account/factors")
    walker.sees("My phone")
    leave(walker)
    walker.type(email=address(number), password=PASSWORD).send("Sign in")
    press_and_arrive(walker, "Use your passkey", "**/home")
    leave(walker)
    walker.follow("Sign in with a passkey")
    press_and_arrive(walker, "Use a passkey", "**/home")
    walker.close()
    assert not faults, "\n".join(faults)


def press_and_arrive(walker: Walker, button: str, where: str) -> None:
    """Press a button whose work the script does, and wait for the page it leads to."""
    walker.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    walker.page.wait_for_url(where)
    walker.look()


def test_who_holds_no_passkey_is_told_so(named_portal: LivePortal, chromium: Browser) -> None:
    faults: list[str] = []
    walker = Walker(chromium, named_portal.url, faults=faults)
    hold_authenticator(walker)
    walker.open("/sign-in/passkey")
    failed = walker.page.locator("[data-passkey-failed]")
    assert not failed.is_visible()
    walker.page.get_by_role("button", name="Use a passkey").click()
    failed.wait_for(state="visible")
    walker.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("number", "width", "script"), [(2, 1200, True), (3, 360, True), (4, 360, False)])
def test_an_app_is_set_up_and_asked_for_also_without_script(
    number: int, width: int, script: bool, named_portal: LivePortal, chromium: Browser
) -> None:
    faults: list[str] = []
    walker = Walker(chromium, named_portal.url, faults=faults, width=width, script=script)
    walker.open("/sign-in").type(email=address(number), password=PASSWORD).send("Sign in").send("Set up an app")
    key = walker.page.locator("strong.house-code").inner_text().replace(" ", "")
    walker.type(code=pyotp.TOTP(key).now()).send("Use this app").send("Make 10 new codes")
    code = walker.page.locator("main ol code").first.inner_text()
    leave(walker)
    walker.type(email=address(number), password=PASSWORD).send("Sign in")
    assert walker.page.get_by_role("button", name="Use your passkey").count() == 0
    walker.page.locator("summary").click()
    walker.type(recovery_code=code).send("Continue").sees("Ada Okafor")
    walker.open("/account/factors").sees("9 recovery codes left")
    walker.open("/sign-in/passkey").open("/account/factors/passkey").close()
    assert not faults, "\n".join(faults)
