"""The floors of the house and the order of its files, as pyproject.toml draws them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, python_files

RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

PLANTED = {
    "floors": ("foundation/clock.py", "import accounts.rules"),
    "files": ("accounts/queries.py", "import accounts.operations"),
    "forms": ("accounts/forms.py", "import accounts.models"),
    "rules": ("accounts/rules.py", "import sqlalchemy"),
    "engine": ("matching/engine/hours/plan.py", "import foundation.clock"),
    "roof": ("reports/models.py", "import demo"),
}
"""A fault for every contract: the file that breaks it, and by which import."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over a house, in a process of its own so that it reads the files of that folder."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", RUN], check=False, cwd=folder, env=environment, capture_output=True, text=True
    )


def test_every_import_keeps_to_the_floors_and_to_the_order_of_files() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the house with a fault for every contract."""
    folder = tmp_path_factory.mktemp("house")
    for file in python_files(*PACKAGES, "app.py"):
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    for name, line in PLANTED.values():
        with (folder / name).open("a", encoding="utf-8") as file_to_spoil:
            file_to_spoil.write(f"\n{line}\n")
    (folder / "accounts" / "strange.py").write_text("", "utf-8")
    return lint(folder).stdout


@pytest.mark.parametrize("contract", list(PLANTED))
def test_an_import_that_breaks_a_contract_is_found(planted: str, contract: str) -> None:
    file, line = PLANTED[contract]
    importer = file.removesuffix(".py").replace("/", ".")
    imported = line.split()[-1]
    assert re.search(rf"{re.escape(importer)} (->|is not allowed to import) {re.escape(imported)}", planted), planted


def test_a_file_of_a_kind_that_the_house_does_not_know_is_found(planted: str) -> None:
    assert "accounts.strange" in planted
