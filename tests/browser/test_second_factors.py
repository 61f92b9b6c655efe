"""Second factors in a real browser: passkeys of Chromium's virtual authenticator, and apps, also without script."""

from pathlib import Path

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

EMAIL = "ada@mail.example"


@pytest.fixture
def named_portal(tmp_path: Path) -> LivePortal:
    """A portal with a name, as passkeys need one, and a coordinator without a second factor; not running."""
    portal = LivePortal(tmp_path, free_port())
    portal.url = f"http://localhost:{portal.port}"
    portal.environment |= {"ALONGSIDE_BASE_URL": portal.url, "ALONGSIDE_DEMO_FACTOR": ""}
    portal.flask("database", "upgrade")
    settings = Settings(
        mode=Mode.LOCAL,
        instance=portal.instance,
        secret_key=portal.environment["ALONGSIDE_SECRET_KEY"],
        database_url=f"sqlite:///{portal.instance / 'alongside.sqlite'}",
        base_url=portal.url,
        smtp_url="",
        mail_from="portal@alongside.test",
    )
    app = create_app(settings)
    with app.app_context(), app.extensions["database"].transaction() as session:
        Builder(session, at=clock.now()).account(Role.COORDINATOR, email=EMAIL, name="Ada Okafor")
    app.extensions["database"].engine.dispose()
    return portal


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


@pytest.mark.parametrize("width", [1200, 360])
def test_a_passkey_is_added_and_opens_the_door_with_a_password_and_without(
    width: int, named_portal: LivePortal, chromium: Browser
) -> None:
    faults: list[str] = []
    with named_portal.running() as portal:
        walker = Walker(chromium, portal.url, faults=faults, width=width)
        hold_authenticator(walker)
        walker.open("/sign-in").type(email=EMAIL, password=PASSWORD).send("Sign in").sees("set up a second factor now")
        walker.press("Add a passkey").type(name="My phone")
        press_and_arrive(walker, "Add the passkey", "**/account/factors")
        walker.sees("My phone")
        leave(walker)
        walker.type(email=EMAIL, password=PASSWORD).send("Sign in")
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
    with named_portal.running() as portal:
        walker = Walker(chromium, portal.url, faults=faults)
        hold_authenticator(walker)
        walker.open("/sign-in/passkey")
        failed = walker.page.locator("[data-passkey-failed]")
        assert not failed.is_visible()
        walker.page.get_by_role("button", name="Use a passkey").click()
        failed.wait_for(state="visible")
        walker.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("width", "script"), [(1200, True), (360, True), (360, False)])
def test_an_app_is_set_up_and_asked_for_also_without_script(
    width: int, script: bool, named_portal: LivePortal, chromium: Browser
) -> None:
    faults: list[str] = []
    with named_portal.running() as portal:
        walker = Walker(chromium, portal.url, faults=faults, width=width, script=script)
        walker.open("/sign-in").type(email=EMAIL, password=PASSWORD).send("Sign in").send("Set up an app")
        key = walker.page.locator("strong.house-code").inner_text().replace(" ", "")
        walker.type(code=pyotp.TOTP(key).now()).send("Use this app").send("Make 10 new codes")
        code = walker.page.locator("main ol code").first.inner_text()
        leave(walker)
        walker.type(email=EMAIL, password=PASSWORD).send("Sign in")
        assert walker.page.get_by_role("button", name="Use your passkey").count() == 0
        walker.page.locator("summary").click()
        walker.type(recovery_code=code).send("Continue").sees("Ada Okafor")
        walker.open("/account/factors").sees("9 recovery codes left")
        walker.open("/sign-in/passkey").open("/account/factors/passkey").close()
    assert not faults, "\n".join(faults)
