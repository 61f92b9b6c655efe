"""The pages of docs that are made from the code tell what the code does."""

import re
from pathlib import Path

import pytest

from scripts.generate_docs import COMMAND, lifecycles, make_app, pages
from scripts.translations import ROOT

PARTS = ["Context", "Choice", "Cost", "How we would know it was wrong"]
PAGES = ("permissions.md", "lifecycles.md", "data-dictionary.md", "settings.md")


@pytest.fixture
def made(tmp_path: Path) -> dict[str, str]:
    """The pages as the code would write them now."""
    return pages(make_app(tmp_path))


def test_the_pages_are_the_ones_that_are_compared(made: dict[str, str]) -> None:
    assert tuple(made) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_equals_the_code(made: dict[str, str], name: str) -> None:
    written = (ROOT / "docs" / name).read_text("utf-8")
    assert written == made[name], f"docs/{name} is out of date; run: {COMMAND}"


def test_every_lifecycle_is_drawn(made: dict[str, str]) -> None:
    page = made["lifecycles.md"]
    assert page.count("stateDiagram-v2") == len(lifecycles()) >= 7


def test_every_decision_page_tells_context_choice_cost_and_doubt() -> None:
    found = {}
    for file in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = file.read_text("utf-8")
        heads = re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE)
        if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", file.name) or heads != PARTS:
            found[file.name] = heads
    assert found == {}
