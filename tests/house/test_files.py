"""Files have their place, their names and their length, and every exception from a rule tells its reason."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import PACKAGES, ROOT, python_files, shown, tree_of

MOST_LINES = 400
MOST_FUNCTION_LINES = 40
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff"}
OURS = (*PACKAGES, "app.py", "tests", "scripts", "benchmarks", "migrations", "dev.py")


def read_project() -> dict[str, Any]:
    """The settings of the project."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_lists_of_packages_equal_the_folders_on_disk() -> None:
    tool = read_project()["tool"]
    packages = set(PACKAGES)
    assert set(tool["importlinter"]["root_packages"]) == packages
    beside = {"app.py", "templates", "static", "translations", "migrations"}
    assert set(tool["hatch"]["build"]["only-include"]) == packages | beside
    first_party = set(tool["ruff"]["lint"]["isort"]["known-first-party"])
    assert first_party == packages | {"app", "dev", "benchmarks", "scripts", "tests"}


def test_everything_that_is_packed_lies_on_disk() -> None:
    names = read_project()["tool"]["hatch"]["build"]["only-include"]
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_floors_name_every_package_once() -> None:
    contracts = {contract["id"]: contract for contract in read_project()["tool"]["importlinter"]["contracts"]}
    named = [name for layer in contracts["floors"]["layers"] for name in re.findall(r"\w+", layer)]
    assert sorted(named) == sorted(PACKAGES)
    without_files = {"demo", "foundation"}
    assert set(contracts["files"]["containers"]) == set(PACKAGES) - without_files
    assert set(contracts["roof"]["source_modules"]) == set(PACKAGES) - {"demo"}


def test_no_file_of_a_package_is_longer_than_four_hundred_lines() -> None:
    lengths = {shown(file): len(file.read_text("utf-8").splitlines()) for file in python_files()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def long_functions(tree: ast.Module) -> dict[str, int]:
    """Functions over the limit with their lines, without counting what their docstring says."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            told = node.body[0] if ast.get_docstring(node) is not None else None
            docstring = (told.end_lineno or 0) - told.lineno + 1 if told is not None else 0
            length = (node.end_lineno or 0) - node.lineno + 1 - docstring
            if length > MOST_FUNCTION_LINES:
                found[node.name] = length
    return found


def test_no_function_of_a_package_is_longer_than_forty_lines() -> None:
    found = {shown(file): names for file in python_files() if (names := long_functions(tree_of(file)))}
    assert found == {}


def test_a_function_that_is_too_long_is_found() -> None:
    source = "def long():\n    '''Tell.'''\n" + "    x = 1\n" * MOST_FUNCTION_LINES
    assert long_functions(ast.parse(source)) == {"long": MOST_FUNCTION_LINES + 1}


def test_no_file_is_named_after_nothing() -> None:
    names = [shown(file) for file in python_files(*OURS) if FORBIDDEN_NAMES & {*file.parts, file.stem}]
    assert names == []


def silent_exceptions(text: str) -> list[str]:
    """Lines that switch a check off without telling why."""
    found = []
    for line in text.splitlines():
        is_noqa = "# noqa" in line and not re.search(r"# noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S", line)
        is_ignore = "# type: ignore" in line and not re.search(r"# type: ignore\[[\w, -]+\] +# \S", line)
        if is_noqa or is_ignore or "# pragma: no cover" in line:
            found.append(line.strip())
    return found


def test_every_exception_from_a_rule_tells_its_reason() -> None:
    this = Path(__file__)
    found = {shown(file): silent_exceptions(file.read_text("utf-8")) for file in python_files(*OURS) if file != this}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["import os  # noqa", "x = 1  # noqa: S105", "y = z()  # type: ignore", "y = z()  # type: ignore[misc]"]
)
def test_an_exception_without_reason_is_found(line: str) -> None:
    assert silent_exceptions(line) == [line]


def test_an_exception_with_reason_passes() -> None:
    assert (
        silent_exceptions("x = 1  # noqa: S105, ARG001 - it opens nothing.\ny()  # type: ignore[misc] # untyped.") == []
    )


def test_every_module_of_a_package_tells_what_it_is_for() -> None:
    assert [shown(file) for file in python_files() if not ast.get_docstring(tree_of(file))] == []
