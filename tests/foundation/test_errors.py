"""Every way to fail has a page that says what to do, gives nothing away and carries the headers of the house."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask, abort
from sqlalchemy import insert
from structlog.testing import capture_logs

from accounts.models import Agency, Scheme
from accounts.rules import Role
from app import MOST_UPLOAD_BYTES, create_app
from demo.builders import PASSWORD
from foundation import access, outbox
from foundation.db import Database, reading, transaction
from foundation.errors import Conflict, NotPermitted, NotVisible, Refusal
from foundation.language import _
from foundation.settings import Mode, Settings
from tests.conftest import NOW, Saved, make_portal
from tests.pages import PageClient

EMAIL = "ada@mail.example"
SECRET = "the secret of the house"
TYPED = "typed by somebody"

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
}


def fail(error: Exception) -> None:
    raise error


def clash() -> None:
    """Write the same id twice, as two people at once could."""
    made = outbox.Letter(to_address="a@b.example", subject="", body="", written_at=NOW, due_at=NOW)
    row = {"id": made.id, "to_address": "", "subject": TYPED, "body": "", "state": "waiting", "attempts": 0}
    with transaction() as session:
        for _turn in range(2):
            session.execute(insert(outbox.Letter), [{**row, "written_at": NOW, "due_at": NOW, "last_error": ""}])


def break_reference() -> None:
    """Write a reference to nothing, which only a fault of ours can do."""
    with transaction() as session:
        session.add(Agency(scheme_id=Agency().id, name=TYPED))


def break_row() -> None:
    """Leave out what must be there; PostgreSQL then quotes the whole row in its error."""
    with transaction() as session:
        session.execute(insert(outbox.Letter).values(id=outbox.Letter().id, subject=TYPED))


def lose_database() -> None:
    """Have the database go away in the middle of a page."""
    with transaction():
        pass
    gone = Database("sqlite:////nowhere/at/all.sqlite")
    reading().bind = gone.engine
    reading().get(Scheme, Scheme().id)


PLANTED: dict[str, Callable[[], object]] = {
    "bad": lambda: abort(400),
    "forbidden": lambda: fail(NotPermitted(_("Ask your coordinator."))),
    "invisible": lambda: fail(NotVisible(_("There is no such record."))),
    "conflict": lambda: fail(Conflict(_("Ada was first, at 10:00."))),
    "clash": clash,
    "too-large": lambda: abort(413),
    "refused": lambda: fail(Refusal("<b>not</b> today")),
    "broken": lambda: fail(RuntimeError(f"{SECRET} {TYPED}")),
    "broken-row": break_row,
    "broken-reference": break_reference,
    "teapot": lambda: abort(418),
    "busy": lambda: abort(503),
    "half-way": lose_database,
}

STATUSES = {
    "bad": 400,
    "forbidden": 403,
    "invisible": 404,
    "conflict": 409,
    "clash": 409,
    "too-large": 413,
    "refused": 422,
    "broken": 500,
    "broken-row": 500,
    "broken-reference": 500,
    "teapot": 418,
    "busy": 503,
    "half-way": 503,
}


def page_of(fault: Callable[[], object]) -> Callable[[], str]:
    """A page that meets a fault and that anybody may open."""

    @access.public
    def page() -> str:
        name = "Ada in the local variables of a page"
        fault()
        return name

    return page


@pytest.fixture(scope="session")
def lent_portal(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A portal with a page for every fault, in the place of the one that other tests borrow."""
    portal = make_portal(tmp_path_factory.mktemp("faulty"))
    for name, fault in PLANTED.items():
        portal.add_url_rule(f"/planted/{name}", endpoint=f"planted_{name}", view_func=page_of(fault))
    return portal


@pytest.fixture
def signed_in(saved: Saved, client: PageClient) -> PageClient:
    """Somebody who meets the faults after signing in."""
    with saved as build:
        build.account(Role.COORDINATOR, email=EMAIL, name="Ada Okafor")
    client.sign_in(EMAIL, PASSWORD)
    return client


@pytest.mark.parametrize("name", list(STATUSES))
def test_every_fault_has_a_page_in_order(client: PageClient, name: str) -> None:
    page = client.get(f"/planted/{name}", status=STATUSES[name])
    assert set(page.response.headers.keys()) >= HEADERS
    assert "/" in page.links()


@pytest.mark.parametrize("name", [name for name in STATUSES if name != "half-way"])
def test_every_fault_has_a_page_for_somebody_who_is_signed_in(signed_in: PageClient, name: str) -> None:
    page = signed_in.get(f"/planted/{name}", status=STATUSES[name])
    assert "Ada Okafor" in page.response.get_data(as_text=True)


def test_a_database_that_goes_away_in_the_middle_of_a_page_is_told_of(signed_in: PageClient) -> None:
    page = signed_in.get("/planted/half-way", status=503)
    assert "Ada Okafor" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize("name", ["broken", "broken-row", "broken-reference"])
def test_a_fault_of_ours_gives_nothing_away_and_is_written_down(client: PageClient, name: str) -> None:
    with capture_logs() as written:
        page = client.get(f"/planted/{name}", status=500)
    body = page.response.get_data(as_text=True)
    assert SECRET not in body
    assert "Traceback" not in body
    assert "Error" not in page.text
    assert [entry["event"] for entry in written] == ["request failed", "answered"]
    assert any(step.endswith(" page") for step in written[0]["trace"])


@pytest.mark.parametrize("name", ["broken", "broken-row", "clash", "broken-reference"])
def test_what_is_written_down_holds_no_value_that_anybody_typed(
    client: PageClient, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get(f"/planted/{name}", status=STATUSES[name])
    written = "".join(capsys.readouterr())
    assert "/planted/" in written
    assert "local variables" not in written
    assert TYPED not in written


def test_what_a_refusal_says_is_shown_as_text_and_never_as_markup(client: PageClient) -> None:
    page = client.get("/planted/refused", status=422)
    assert "<b>not</b> today" in page.text
    assert "Ada was first, at 10:00." in client.get("/planted/conflict", status=409).text


def test_an_unknown_address_and_a_wrong_method_have_pages(client: PageClient) -> None:
    assert client.get("/nowhere", status=404).heading == "Page not found"
    csrf = client.get("/sign-in").form()["csrf_token"]
    response = client.send("/health", {"csrf_token": csrf}, status=405)
    assert "GET" in response.headers["Allow"]


def test_a_form_without_its_token_is_refused_with_a_page(client: PageClient) -> None:
    client.send("/sign-in", {"email": EMAIL, "password": PASSWORD}, status=400)
    assert client.page is not None
    assert "load it again" in client.page.text


def test_what_is_too_large_to_be_sent_is_refused_with_a_page(client: PageClient) -> None:
    token = client.get("/sign-in").form()["csrf_token"]
    client.send("/sign-in", {"csrf_token": token, "email": "x" * MOST_UPLOAD_BYTES}, status=413)
    assert client.page is not None
    assert "5 megabytes" in client.page.text


def test_a_page_that_a_role_does_not_include_is_refused(signed_in: PageClient) -> None:
    assert signed_in.get("/accounts", status=403).heading == "Your role does not include this page"


@pytest.fixture
def away(app: Flask) -> Iterator[None]:
    """The database goes away while the portal runs."""
    before = app.extensions["database"]
    is_sqlite = before.engine.dialect.name == "sqlite"
    address = "sqlite:////nowhere/at/all.sqlite" if is_sqlite else "postgresql+psycopg://127.0.0.1:1/none"
    gone = Database(address)
    yield app.extensions.update(database=gone)
    app.extensions["database"] = before
    gone.engine.dispose()


@pytest.mark.parametrize("path", ["/home", "/accounts", "/"])
def test_while_the_database_is_away_every_page_says_so(signed_in: PageClient, away: None, path: str) -> None:
    page = signed_in.get(path, status=503)
    assert page.response.headers["Retry-After"]
    assert "Nothing was saved" in page.text
    assert set(page.response.headers.keys()) >= HEADERS


def test_the_sign_in_page_and_the_style_sheet_stand_without_a_database(client: PageClient, away: None) -> None:
    client.get("/sign-in")
    with client.raw("/static/alongside.css") as response:
        assert response.status_code == 200


@pytest.mark.parametrize("path", ["/", "/sign-in", "/home", "/nowhere", "/static/alongside.css", "/health"])
def test_every_answer_carries_the_headers_of_the_house(client: PageClient, path: str) -> None:
    with client.raw(path) as response:
        headers = response.headers
    assert set(headers.keys()) >= HEADERS
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert ("no-store" in headers.get("Cache-Control", "")) == (not path.startswith("/static"))
    assert "Strict-Transport-Security" not in headers


def test_in_production_browsers_are_told_to_come_back_encrypted_only(settings: Settings) -> None:
    portal = create_app(replace(settings, mode=Mode.PRODUCTION))
    response = portal.test_client().get("/sign-in")
    assert "max-age" in response.headers["Strict-Transport-Security"]
    portal.extensions["database"].engine.dispose()
