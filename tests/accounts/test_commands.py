"""What the owner of the machine does before anybody can sign in."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models import Account, Person, RoleGrant, Scheme
from accounts.rules import Role
from app import METADATA
from demo.builders import PASSWORD
from foundation.db import Database
from tests.conftest import Saved
from tests.pages import PageClient

EMAIL = "ada@mail.example"
ANSWERS = ["my-scheme", "Our Charity", "IT", "Ada Okafor", EMAIL, PASSWORD, PASSWORD]
OPTIONS = [
    *("--scheme", "my-scheme", "--charity", "Our Charity", "--country", "NL"),
    *("--name", "Ada Okafor", "--email", EMAIL, "--password", PASSWORD),
]
CREATE = ["accounts", "create-administrator"]


def test_a_new_database_lets_nobody_in(db: Database) -> None:
    with db.sessions() as session:
        for model in (Account, Person, RoleGrant):
            assert session.scalars(select(model)).all() == []


def test_nobody_keeps_a_hint_or_a_secret_question() -> None:
    columns = {f"{table.name}.{column.name}" for table in METADATA.tables.values() for column in table.columns}
    strange = ("hint", "secret_question", "security_question", "secret_answer", "maiden", "mother", "pet_name")
    assert [name for name in sorted(columns) for word in strange if word in name] == []
    assert {name for name in columns if "password" in name} == {
        "account.password_hash",
        *(name for name in columns if name.startswith("password_reset.")),
    }


def test_the_first_administrator_is_asked_for_everything_and_can_sign_in(
    app: Flask, client: PageClient, db: Database
) -> None:
    result = app.test_cli_runner().invoke(args=[*CREATE, "--if-none"], input="\n".join(ANSWERS) + "\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    client.sign_in(EMAIL, PASSWORD)
    client.get("/accounts")
    with db.sessions() as session:
        assert session.scalars(select(Scheme)).one().time_zone == "Europe/Rome"


def test_what_is_given_is_not_asked_for(app: Flask, client: PageClient) -> None:
    result = app.test_cli_runner().invoke(args=[*CREATE, *OPTIONS])
    assert result.exit_code == 0, result.output
    client.sign_in(EMAIL, PASSWORD)


def test_nothing_is_asked_or_done_where_somebody_can_sign_in_already(app: Flask, saved: Saved, db: Database) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR)
    result = app.test_cli_runner().invoke(args=[*CREATE, "--if-none"], input="")
    assert result.exit_code == 0, result.output
    assert "Short name" not in result.output
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_an_account_without_a_password_does_not_count_as_somebody_who_can_sign_in(
    app: Flask, saved: Saved, db: Database
) -> None:
    with saved as build:
        build.account(Role.ADMINISTRATOR).password_hash = None
    result = app.test_cli_runner().invoke(args=[*CREATE, "--if-none", *OPTIONS])
    assert "can now sign in" in result.output


def test_a_second_administrator_joins_a_scheme_that_exists(app: Flask, db: Database) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=[*CREATE, *OPTIONS])
    result = runner.invoke(args=[*CREATE, *[part.replace("ada@", "ben@") for part in OPTIONS]])
    assert result.exit_code == 0, result.output
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Scheme)) == 1
        assert session.scalar(select(func.count()).select_from(Account)) == 2


@pytest.mark.parametrize(
    ("place", "answer", "words"),
    [(1, "My Scheme", "small letters"), (-1, "short", "at least 12"), (-3, " ", "no email address")],
)
def test_an_answer_that_will_not_do_is_told_and_nothing_is_kept(
    app: Flask, db: Database, place: int, answer: str, words: str
) -> None:
    options = list(OPTIONS)
    options[place] = answer
    result = app.test_cli_runner().invoke(args=[*CREATE, *options])
    assert result.exit_code == 1
    assert words in result.output
    with db.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Scheme)) == 0


def test_a_password_that_is_too_short_is_asked_for_again(app: Flask) -> None:
    answers = [*ANSWERS[:5], "short", "short", PASSWORD, PASSWORD]
    result = app.test_cli_runner().invoke(args=CREATE, input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert "at least 12" in result.output


def test_a_script_can_ask_whether_anybody_can_sign_in(app: Flask, saved: Saved) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["accounts", "has-any"]).exit_code == 1
    with saved as build:
        build.account(Role.EVALUATOR)
    assert runner.invoke(args=["accounts", "has-any"]).exit_code == 0
