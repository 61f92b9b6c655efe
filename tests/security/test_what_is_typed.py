"""What somebody types is read once, kept as it is, and written out for the place where it is shown."""

from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from accounts.models import Account, Person
from accounts.rules import Role
from demo.builders import PASSWORD
from foundation.db import Database
from tests.conftest import Saved
from tests.pages import PageClient

ADMIN = "admin@mail.example"
TYPED = (
    "<b>Ada</b>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp;amp; &#39;",
    "%41da %253Cb%253E %00",
    "a+b%20c",
    "{{ 7 * 7 }} {% raw %} ${7}",
    "%(name)s {0} {name} %s",
    "**bold** [a](javascript:alert(1))",
    "\\u0041da \\x41",
    "Åse Ωmega 漢字",
)


@pytest.fixture
def admin(saved: Saved, client: PageClient) -> PageClient:
    """An administrator who is signed in."""
    with saved as build:
        build.account(Role.ADMINISTRATOR, email=ADMIN)
    client.sign_in(ADMIN, PASSWORD)
    return client


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_is_read_once_and_stands_in_a_refused_form_as_it_was(admin: PageClient, typed: str) -> None:
    # A partner officer needs an agency, so the form comes back with the name inside an attribute.
    admin.fill("/accounts/invite", {"name": typed, "email": "new@mail.example", "role": "partner officer"}, status=422)
    assert admin.page is not None
    assert admin.page.form()["name"] == typed


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_is_kept_and_shown_as_text_and_never_as_markup(
    admin: PageClient, db: Database, typed: str
) -> None:
    admin.fill("/accounts/invite", {"name": typed, "email": "new@mail.example", "role": "evaluator"})
    with db.sessions() as session:
        assert session.scalars(select(Person.name).where(Person.email == "new@mail.example")).one() == typed
    page = admin.get("/accounts")
    assert " ".join(typed.split()) in page.text
    main = page.tree.find(".//main")
    assert main is not None
    assert not [element.tag for element in main.iter() if element.tag in {"b", "img", "script", "em"}]


def test_a_line_break_in_an_address_makes_no_header(client: PageClient) -> None:
    response = client.client.get("/language/en", query_string={"next": "/home\r\nSet-Cookie: planted=1"})
    assert "planted" not in str(response.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "x" * 100_000}, "characters or fewer"),
        ({"email": f"{'x' * 300}@mail.example"}, "characters or fewer"),
        ({"role": "king"}, ""),
        ({"agency": "2147483648"}, ""),
    ],
)
def test_what_is_too_long_or_on_no_list_is_refused_before_the_database_hears_of_it(
    admin: PageClient, db: Database, changes: dict[str, str], sentence: str
) -> None:
    typed = {"name": "Neu", "email": "new@mail.example", "role": "evaluator"}
    admin.fill("/accounts/invite", typed | changes, status=422)
    assert admin.page is not None
    assert any(sentence in error for error in admin.page.errors)
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_what_stands_in_the_address_is_no_answer_to_a_form_and_of_two_answers_the_first_counts(
    saved: Saved, client: PageClient
) -> None:
    with saved as build:
        build.account(Role.MENTOR, email=ADMIN)
    token = client.get("/sign-in").form()["csrf_token"]
    right: dict[str, Any] = {"email": ADMIN, "password": PASSWORD}
    in_address = client.client.post("/sign-in", query_string=right, data={"csrf_token": token})
    assert in_address.status_code == 422
    twice = MultiDict([("csrf_token", token), *right.items(), ("email", "other@mail.example"), ("password", "other")])
    wrong_first = MultiDict([("csrf_token", token), ("password", "not the password"), *right.items()])
    assert client.client.post("/sign-in", data=wrong_first).status_code == 422
    assert client.client.post("/sign-in", data=twice).status_code == 303


def test_a_field_that_no_form_has_changes_nothing_of_the_record(admin: PageClient, db: Database) -> None:
    extra = {"id": "00000000-0000-4000-8000-000000000001", "email_key": ADMIN, "disabled_at": "2020-01-01"}
    extra |= {"scheme_id": "00000000-0000-4000-8000-000000000002", "password_hash": "x", "is_admin": "1"}
    typed = {"name": "Neu", "email": "new@mail.example", "role": "evaluator"}
    admin.fill("/accounts/invite", typed | extra)
    with db.sessions() as session:
        made = session.scalars(select(Account).where(Account.email_key == "new@mail.example")).one()
        assert (made.password_hash, made.disabled_at) == (None, None)
        assert str(made.id) != extra["id"]
