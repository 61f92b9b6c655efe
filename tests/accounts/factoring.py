"""Second factors for tests: accounts that have one already, and what it shows."""

from datetime import datetime
from xml.etree import ElementTree as ET

import pyotp

from accounts.models import Account, AppFactor, Passkey
from accounts.operations.factors.apps import PURPOSE
from accounts.rules import CODE_SECONDS
from demo.builders import PASSWORD, Builder
from foundation.sealing import seal
from tests.conftest import NOW
from tests.pages import Page, PageClient

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WRONG = "not a code"


def give_app(build: Builder, account: Account) -> AppFactor:
    """Let an account have an authenticator app with ``KEY``, confirmed before now."""
    app = _app(account)
    app.confirmed_at = NOW
    build.session.add(app)
    return app


def begin_new_app(build: Builder, account: Account) -> AppFactor:
    """Let somebody be about to set up another app."""
    app = _app(account)
    build.session.add(app)
    return app


def _app(account: Account) -> AppFactor:
    app = AppFactor(account_id=account.id, created_at=NOW)
    app.sealed_key = seal(PURPOSE, app.id, KEY.encode())
    return app


def give_passkey(build: Builder, account: Account) -> Passkey:
    """Let an account have a passkey that nobody can use."""
    passkey = Passkey(
        account_id=account.id, name="A phone", credential_id=account.id.hex, public_key=b"", created_at=NOW
    )
    build.session.add(passkey)
    return passkey


def code_at(at: datetime = NOW, *, steps: int = 0, key: str = KEY) -> str:
    """The code that the app shows at an instant, or some steps later."""
    return pyotp.TOTP(key, interval=CODE_SECONDS).at(at, counter_offset=steps)


def show_code(client: PageClient, code: str, *, status: int = 303) -> Page:
    """Type a code on the page that asks for it; the page that it leads to, or the same with its errors."""
    response = client.fill("/sign-in/second-factor", {"code": code}, status=status)
    if status == 303:
        return client.follow(response)
    assert client.page is not None
    return client.page


def walk_in(client: PageClient, location: str, email: str, *, at: datetime) -> Page:
    """Sign in on the page that somebody was led to, with the code of the app, and follow."""
    page = client.follow(client.fill(location, {"email": email, "password": PASSWORD}))
    asked = page.response.request
    return client.follow(client.fill(f"{asked.path}?{asked.query_string.decode()}", {"code": code_at(at)}))


def key_on(page: Page) -> str:
    """The key that a page shows for typing."""
    found = page.tree.find(".//main//strong[@class='house-code']")
    assert isinstance(found, ET.Element)
    return "".join(found.itertext()).replace(" ", "")
