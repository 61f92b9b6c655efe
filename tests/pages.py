"""The page-checking client: every page that a test fetches is read as a strict browser and a careful person would."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from accounts import operations
from accounts.queries import find_account
from accounts.rules import email_key
from foundation import clock
from foundation.db import transaction

MOST_STATEMENTS = 12
NOTING = (
    "BEGIN IMMEDIATE",
    "SET LOCAL",
    "SELECT pg_advisory",
    "SELECT audit_head",
    "INSERT INTO audit_entry",
    "UPDATE audit_head",
    # The look whether a restored database is closed reads the catalogue and no table of ours.
    "SELECT 1 FROM sqlite_schema",
    "SELECT 1 FROM pg_catalog",
)
"""What writing down that somebody read a record takes, beside the reading itself."""
INPUTS_WITHOUT_LABEL = {"hidden", "submit", "button"}


class Page:
    """A page that has been fetched and found in order.

    Attributes:
        response: What came back.
        tree: The parsed page.
        statements: SQL statements that the page took.
    """

    def __init__(self, response: TestResponse, statements: list[str]) -> None:
        self.response = response
        self.status = response.status_code
        self.statements = statements
        self.tree = parse(response.get_data(as_text=True))
        self.check()

    @property
    def text(self) -> str:
        """All words of the main part, with single spaces."""
        main = self.tree.find(".//main")
        return " ".join("".join((self.tree if main is None else main).itertext()).split())

    @property
    def heading(self) -> str:
        """The one h1."""
        return " ".join("".join(self.tree.findall(".//h1")[0].itertext()).split())

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        summary = self.tree.find(".//*[@class='govuk-error-summary__body']")
        return [] if summary is None else [words(item) for item in summary.findall(".//li")]

    def links(self) -> list[str]:
        """Addresses of all links in the main part."""
        return [link.get("href", "") for link in self.tree.findall(".//main//a")]

    def form(self, index: int = -1) -> dict[str, Any]:
        """Read what a form of the main part would send as it stands: the last one unless told."""
        form = self.tree.findall(".//main//form")[index]
        return dict(form_values(form))

    def form_action(self, index: int = -1) -> str:
        """The address that a form of the main part sends to; empty for the page's own."""
        return self.tree.findall(".//main//form")[index].get("action", "")

    def check(self) -> None:
        """Check what must hold on every page.

        Raises:
            AssertionError: Something does not hold; the message says what.
        """
        headings = self.tree.findall(".//h1")
        assert len(headings) == 1, f"a page has one h1, this has {len(headings)}"
        title = words(self.tree.find(".//title"))
        assert self.heading in title, f"title “{title}” does not name the heading “{self.heading}”"
        assert self.tree.get("lang"), "the page does not say its language"
        self._check_ids()
        self._check_labels()
        self._check_forms()
        self._check_no_inline_code()
        counted = [statement for statement in self.statements if not statement.startswith(NOTING)]
        assert len(counted) <= MOST_STATEMENTS, f"{len(counted)} statements:\n" + "\n".join(counted)

    def _check_ids(self) -> None:
        counts = Counter(element.get("id") for element in self.tree.iter() if element.get("id"))
        twice = [name for name, count in counts.items() if count > 1]
        assert not twice, f"ids used twice: {twice}"
        for element in self.tree.iter():
            for reference in (element.get("aria-describedby", "") + " " + element.get("for", "")).split():
                assert reference in counts, f"{reference} is referred to and does not exist"
            href = element.get("href", "")
            if href.startswith("#"):
                assert href == "#" or href[1:] in counts, f"{href} leads nowhere"

    def _check_labels(self) -> None:
        labelled = {label.get("for") for label in self.tree.findall(".//label")}
        for tag in ("input", "select", "textarea"):
            for field in self.tree.findall(f".//{tag}"):
                if tag == "input" and field.get("type") in INPUTS_WITHOUT_LABEL:
                    continue
                has_name = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
                assert has_name, f"{tag} {field.get('name')} has no label"

    def _check_forms(self) -> None:
        for form in self.tree.findall(".//form"):
            if form.get("method", "get").lower() == "post":
                names = {field.get("name") for field in form.findall(".//input")}
                assert "csrf_token" in names, "a form does not carry its token against forgery"

    def _check_no_inline_code(self) -> None:
        for element in self.tree.iter():
            assert not element.get("style"), "inline style is forbidden by the content security policy"
            assert not any(name.startswith("on") for name in element.attrib), "inline script is forbidden"
            assert element.tag != "script" or element.get("src"), "inline script is forbidden"


class PageClient:
    """A browser for tests that checks each page it opens.

    Args:
        app: The portal.
        engine: Its database, to count statements.
    """

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app = app
        self.engine = engine
        self.client: FlaskClient = app.test_client()
        self.page: Page | None = None

    def get(self, path: str, *, status: int = 200) -> Page:
        """Open a page, following redirects, and check it."""
        with counted(self.engine) as statements:
            response = self.client.get(path)
        while response.status_code in {301, 302, 303, 308}:
            with counted(self.engine) as statements:
                response = self.client.get(response.headers["Location"])
        assert response.status_code == status, f"{path}: {response.status_code}\n{readable(response)}"
        self.page = Page(response, statements)
        return self.page

    def raw(self, path: str) -> TestResponse:
        """Open an address without following or checking."""
        return self.client.get(path)

    def send(self, path: str, data: dict[str, Any], *, status: int = 303) -> TestResponse:
        """Send a form as it is filled in, with the token of the page before, and check the answer.

        Args:
            path: Where to.
            data: Fields; a list is sent as several.
            status: What must come back; 303 after a good post, 422 for a refused form.
        """
        response = self.client.post(path, data=data)
        assert response.status_code == status, f"{path}: {response.status_code}\n{readable(response)}"
        if status >= 400:
            self.page = Page(response, [])
        return response

    def fill(self, path: str, data: dict[str, Any], *, status: int = 303, form: int = -1) -> TestResponse:
        """Open a page, fill in one of its forms over what stands there, and send it.

        Args:
            path: The page with the form.
            data: What is typed over the form's own values.
            status: What must come back.
            form: Which form of the main part; the last one unless told.
        """
        page = self.get(path)
        values = {**page.form(form), **data}
        return self.send(page.form_action(form) or path, values, status=status)

    def follow(self, response: TestResponse, *, status: int = 200) -> Page:
        """Open the page that an answer leads to."""
        return self.get(response.headers["Location"], status=status)

    def sign_in(self, email: str, password: str) -> Page:
        """Be signed in, with a second factor shown, without walking the pages for it; the password is checked."""
        with self.app.test_request_context(), transaction() as session:
            account = find_account(session, email_key(email))
            assert account is not None, f"nobody has the address {email}"
            assert operations.check_password(account, password), "this is not the password"
            at = clock.now()
            token = operations.begin_sign_in(
                session,
                account=account,
                at=at,
                device=str(self.client.environ_base.get("HTTP_USER_AGENT", "")),
                origin="127.0.0.1",
                factor_at=at,
            )
        with self.client.session_transaction() as cookie:
            cookie.update({"_user_id": token, "_fresh": True})
        return self.get("/home")

    def sign_in_by_form(self, email: str, password: str) -> Page:
        """Sign in by the form, as a person does; where a second factor is asked for, this is the page it leads to."""
        return self.follow(self.fill("/sign-in", {"email": email, "password": password}))


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that a block sends to a database."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # SQLite is told of the beginning of a transaction by a statement, PostgreSQL is not; neither asks anything.
        if not statement.startswith("BEGIN"):
            statements.append(" ".join(statement.split())[:300])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def parse(source: str) -> ET.Element:
    """Parse a page strictly: what a browser would silently mend is an error here."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(source)
    faults = [f"line {place[0]}: {code}" for place, code, _values in parser.errors]
    assert not faults, f"invalid HTML: {faults[:5]}"
    assert isinstance(tree, ET.Element)
    return tree


def form_values(form: ET.Element) -> Iterator[tuple[str, Any]]:
    """Walk over what a browser would send of a form."""
    ticked: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if not name or field.get("disabled") is not None:
            continue
        kind = field.get("type", "text")
        if field.tag == "input" and kind in {"checkbox", "radio"}:
            if field.get("checked") is not None:
                ticked.setdefault(name, []).append(field.get("value", "on"))
        elif field.tag == "input" and kind not in {"submit", "button", "file"}:
            ticked.setdefault(name, []).append(field.get("value", ""))
        elif field.tag == "textarea":
            yield name, (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            options = field.findall(".//option")
            chosen = next((option for option in options if option.get("selected") is not None), options[0])
            yield name, chosen.get("value", "".join(chosen.itertext()))
    for name, values in ticked.items():
        yield name, values if len(values) > 1 else values[0]


def words(element: ET.Element | None) -> str:
    """The words of an element with single spaces."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def readable(response: TestResponse) -> str:
    """The end of an answer, for the message of a failed test."""
    body = response.get_data(as_text=True)
    found = re.findall(r"govuk-error-message[^>]*>(.*?)</p>|<li><a[^>]*>(.*?)</a>", body, re.DOTALL)
    return str(found) if found else body[-600:]
