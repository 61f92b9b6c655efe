"""What stands in deploy/ and docs/deploy.md names only commands and settings that there are."""

import configparser
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import click
import pytest
import yaml
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


COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web-one", "web-two", "worker", "backup", "owner")


def test_the_compose_file_runs_two_web_processes_a_worker_and_a_backup() -> None:
    assert set(SERVICES) == {*OURS, "database", "mail", "proxy"}
    for name in ("worker", "backup"):
        assert SERVICES[name]["environment"] == SERVICES["web-one"]["environment"]
    assert set(SERVICES["owner"]["environment"]) == set(SERVICES["web-one"]["environment"]) <= set(NAMES)
    assert all(SERVICES[name]["volumes"] == ["instance:/instance"] for name in OURS)


def missing_parts(services: dict[str, dict[str, Any]], volumes: set[str]) -> Iterator[str]:
    """Services, volumes and files that a compose file names and that there are not."""
    for name, service in services.items():
        yield from (f"{name} needs {other}" for other in service.get("depends_on", []) if other not in services)
        for mounted in service.get("volumes", []):
            source = str(mounted).split(":")[0]
            is_there = (ROOT / "deploy" / source).exists() if source.startswith(".") else source in volumes
            if not is_there:
                yield f"{name} mounts {source}"
        if build := service.get("build"):
            folder = (ROOT / "deploy" / build["context"]).resolve()
            if not (folder / build["dockerfile"]).is_file() or not (folder / ".dockerignore").is_file():
                yield f"{name} is built from {build['dockerfile']}"


def test_everything_that_the_compose_file_names_is_there() -> None:
    assert list(missing_parts(SERVICES, set(COMPOSE["volumes"]))) == []


def test_a_part_that_is_not_there_is_found() -> None:
    planted = {
        "a": {
            "depends_on": ["databse"],
            "volumes": ["./Caddifile:/etc", "instances:/instance"],
            "build": {"context": "..", "dockerfile": "Containerfile"},
        }
    }
    assert len(list(missing_parts(planted, {"instance"}))) == 4


def test_the_proxy_asks_web_processes_that_there_are_at_the_port_they_listen_on() -> None:
    asked = re.search(r"reverse_proxy (.*) {", (ROOT / "deploy" / "Caddyfile").read_text("utf-8"))
    assert asked is not None
    assert asked[1].split() == ["web-one:8000", "web-two:8000"]
    recipe = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    assert "EXPOSE 8000" in recipe
    assert '"--bind", "0.0.0.0:8000"' in recipe


def test_what_the_owner_of_a_compose_file_has_to_fill_in_is_told() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    told = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    names = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    assert len(names) > 5
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []


@pytest.mark.parametrize(
    ("clock", "seconds"), [("02:29:59", 1), ("02:30:00", 86400), ("02:30:01", 86399), ("00:00:00", 9000)]
)
def test_the_backup_waits_for_half_past_two(clock: str, seconds: int) -> None:
    script = SERVICES["backup"]["command"][2].replace("$$", "$")
    hour, minute, second = (int(part) for part in clock.split(":"))
    planted = 20_000 * 86400 + hour * 3600 + minute * 60 + second
    # The waiting and the backup are told instead of done, and the loop ends after one turn.
    fakes = f"date() {{ echo {planted}; }}; sleep() {{ echo $1; }}; flask() {{ echo $*; exit; }}; "
    said = subprocess.run(["/bin/sh", "-c", fakes + script], capture_output=True, text=True, check=True, timeout=10)
    assert said.stdout.split("\n")[:2] == [str(seconds), "--app app backup create --keep 14"]


def copied_paths(recipe: str) -> list[str]:
    """What a Containerfile takes from the folder that it is built in."""
    return [path for line in re.findall(r"^COPY (.+) \S+$", recipe, re.MULTILINE) for path in line.split()]


def test_the_image_takes_only_what_there_is_and_no_secret() -> None:
    paths = copied_paths((ROOT / "deploy" / "Containerfile").read_text("utf-8"))
    assert "requirements/run.txt" in paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    left_out = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv", "instance", "deploy/.env"} <= set(left_out)


def test_the_image_has_the_programs_that_its_services_start() -> None:
    wanted = (ROOT / "requirements" / "run.txt").read_text("utf-8").lower()
    recipe = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    assert 'CMD ["gunicorn", "app:create_app()"' in recipe
    for program in ("gunicorn", "flask", "babel", "psycopg"):
        assert re.search(rf"^{program}[\[=]", wanted, re.MULTILINE), program


@pytest.mark.parametrize("name", ["backup"])
def test_a_timer_starts_a_unit_that_there_is(name: str) -> None:
    timer = configparser.ConfigParser(interpolation=None)
    timer.read(ROOT / "deploy" / f"alongside-{name}.timer")
    assert timer["Timer"]["Persistent"] == "true"
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(ROOT / "deploy" / f"alongside-{name}.service")
    assert unit["Service"]["Type"] == "oneshot"
    assert "backup create --keep" in unit["Service"]["ExecStart"]


@pytest.mark.parametrize("file", sorted((ROOT / "deploy").glob("*.service")), ids=lambda file: str(file.name))
def test_a_unit_keeps_its_folder_to_itself(file: object) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.read(str(file))
    assert unit["Service"]["UMask"] == "0077"
    assert unit["Service"]["User"] == "alongside"
    assert unit["Service"]["ExecStart"].startswith("/srv/alongside/.venv/bin/")
