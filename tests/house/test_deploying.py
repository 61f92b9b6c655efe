"""What stands in deploy/ and docs/deploy.md names only commands and settings that there are."""

import configparser
import re
from collections.abc import Iterator

import click
import pytest
import yaml  # type: ignore[import-untyped] # Its stubs are one more package for one test.
from flask import Flask

from foundation.settings import NAMES
from tests.house.sources import ROOT

FILES = (*sorted((ROOT / "deploy").iterdir()), ROOT / "docs" / "deploy.md")


def strange_names(text: str, app: Flask) -> Iterator[str]:
    """Settings and commands that a text names and that do not exist."""
    yield from (name for name in re.findall(r"ALONGSIDE_[A-Z_]+", text) if name not in NAMES)
    for first, second in re.findall(r"\bflask (?:--app app )?([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", text):
        command = app.cli.commands.get(first)
        is_known = command is not None and (
            not isinstance(command, click.Group) or not second or second in command.commands
        )
        if not is_known:
            yield f"flask {first} {second}".strip()


@pytest.mark.parametrize("name", [str(file.relative_to(ROOT)) for file in FILES])
def test_whoever_deploys_is_told_only_of_what_there_is(lent_portal: Flask, name: str) -> None:
    assert list(strange_names((ROOT / name).read_text("utf-8"), lent_portal)) == []


@pytest.mark.parametrize(
    "planted", ["ALONGSIDE_HOST", "flask databse upgrade", "flask database upgrad", "flask --app app work"]
)
def test_a_name_that_does_not_exist_is_found(lent_portal: Flask, planted: str) -> None:
    assert list(strange_names(f"`{planted}`", lent_portal)) == [planted.replace("--app app ", "")]


def test_the_compose_file_runs_two_web_processes_and_one_worker() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    assert set(services) == {"web-one", "web-two", "worker", "owner", "database", "mail", "proxy"}
    assert services["worker"]["environment"] == services["web-one"]["environment"]
    assert set(services["owner"]["environment"]) <= set(NAMES)


@pytest.mark.parametrize("file", sorted((ROOT / "deploy").glob("*.service")), ids=lambda file: str(file.name))
def test_a_unit_keeps_its_folder_to_itself(file: object) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(str(file))
    assert unit["Service"]["UMask"] == "0077"
    assert unit["Service"]["User"] == "alongside"
    assert unit["Service"]["ExecStart"].startswith("/srv/alongside/.venv/bin/")
