"""What is dangerous is refused by a tool that every test run starts, or is found here, because nobody writes it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT, calls_in, python_files, shown, tree_of

REFUSED = {
    "S307": "eval(input())",
    "S102": "exec(input())",
    "S602": 'import subprocess\nsubprocess.run(f"ls {input()}", shell=True)',
    "S605": "import os\nos.system(input())",
    "S301": "import pickle\npickle.loads(bytes())",
    "S506": "import yaml\nyaml.load(input())",
    "S324": "import hashlib\nhashlib.md5(bytes())",
    "S311": "import random\nrandom.random()",
    "S608": 'query = f"SELECT * FROM person WHERE name = {input()}"',
    "S701": "import jinja2\njinja2.Environment(autoescape=False)",
    "S105": 'password = "an invented word"',
    "S501": 'import requests\nrequests.get("https://a.example", verify=False, timeout=1)',
    "ANN001": "def add(a, b) -> int:\n    return a + b",
}
"""Rules of the linter with what each refuses; `python3 dev.py test` runs it over every file."""

OUTWARD = {"aiohttp", "ftplib", "http.client", "httpx", "requests", "urllib.request", "urllib3", "xmlrpc"}
"""Libraries that fetch addresses; the portal speaks with its database and its mail server alone."""

TEMPLATES_FROM_TEXT = {"render_template_string", "from_string", "stream_template_string", "Template"}
LEAST_BYTES = 16

PUTS_NAMES_INTO_SQL = {
    "foundation/backup/aside.py",
    "foundation/backup/marking.py",
    "foundation/backup/postgresql.py",
    "foundation/db.py",
}
"""Files that put names and numbers of our own into SQL, where nothing can be bound; none sees what was typed."""


@pytest.mark.parametrize("rule", REFUSED)
@pytest.mark.parametrize("file", ["accounts/planted.py", "app.py"])
def test_the_linter_refuses_what_is_dangerous(rule: str, file: str) -> None:
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--no-cache", "--output-format=concise"]
    planted = subprocess.run(
        [*ruff, f"--stdin-filename={file}", "-"],
        input=REFUSED[rule],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert planted.returncode == 1
    assert f" {rule} " in planted.stdout


def modules_of(tree: ast.Module) -> set[str]:
    """Every module that a file imports."""
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return found | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}


def dangers_in(tree: ast.Module) -> list[str]:
    """What a file does that nobody should, for which the linter has no rule."""
    found = [f"imports {module}" for module in sorted(modules_of(tree) & OUTWARD)]
    for name, call in calls_in(tree):
        if name in TEMPLATES_FROM_TEXT:
            found.append(f"line {call.lineno}: a template of a text")
        if name == "format" and not isinstance(getattr(call.func, "value", None), ast.Constant | ast.Call):
            found.append(f"line {call.lineno}: a pattern of a value")
        if name in {"token_bytes", "token_urlsafe", "token_hex"} and not has_enough(call):
            found.append(f"line {call.lineno}: fewer than {LEAST_BYTES * 8} bits of chance")
        if name in {"text", "exec_driver_sql"} and any(isinstance(part, ast.JoinedStr) for part in call.args):
            found.append(f"line {call.lineno}: SQL with a value inside")
    return found


def has_enough(call: ast.Call) -> bool:
    """Whether so many bytes are drawn that nobody guesses them; a named number is read where it is given."""
    [size] = call.args
    return not isinstance(size, ast.Constant) or int(str(size.value)) >= LEAST_BYTES


def test_nobody_fetches_addresses_draws_templates_from_text_or_makes_short_secrets() -> None:
    found = {shown(file): dangers for file in python_files() if (dangers := dangers_in(tree_of(file)))}
    naming = {name: dangers for name, dangers in found.items() if name in PUTS_NAMES_INTO_SQL}
    assert {name: dangers for name, dangers in found.items() if name not in naming} == {}
    assert {words.partition(": ")[2] for dangers in naming.values() for words in dangers} <= {"SQL with a value inside"}


@pytest.mark.parametrize(
    "planted",
    [
        "import urllib.request",
        "from requests import get",
        "render_template_string(typed)",
        "environment.from_string(typed)",
        "typed.format(name=1)",
        "secrets.token_urlsafe(8)",
        'session.execute(text(f"SELECT {typed}"))',
    ],
)
def test_what_is_dangerous_is_found(planted: str) -> None:
    assert len(dangers_in(ast.parse(planted))) == 1


def test_the_scripts_of_the_house_keep_nothing_in_the_browser_and_write_no_markup() -> None:
    scripts = sorted((ROOT / "static").glob("*.js"))
    assert len(scripts) == 2
    words = [
        *("localStorage", "sessionStorage", "indexedDB", "document.cookie", "caches.", "innerHTML", "outerHTML"),
        *("insertAdjacentHTML", "document.write", "eval(", "Function(", "__proto__", "http:", "https:"),
    ]
    assert [(file.name, word) for file in scripts for word in words if word in file.read_text("utf-8")] == []


def test_addresses_in_templates_are_made_by_the_portal_and_never_by_joining_texts() -> None:
    found = []
    for file in sorted((ROOT / "templates").rglob("*.html")):
        text = file.read_text("utf-8")
        found += [
            shown(file) for word in ("javascript:", "data:text", "| safe", "|safe", "autoescape false") if word in text
        ]
    assert found == []
