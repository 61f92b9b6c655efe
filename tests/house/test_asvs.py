"""The table of the security standard names proofs that exist, and its page tells what the table does."""

import ast
from dataclasses import replace

from scripts.asvs import COMMAND, PAGE, ROOT, STATES, TESTED, Requirement, page, read_requirements
from tests.house.sources import tree_of

LINES, TESTABLE = 204, 167


def missing_proofs(requirements: list[Requirement]) -> list[str]:
    """Proofs that are named and do not exist: a file that is gone, or a test that it does not have."""
    found = []
    for one in requirements:
        for proof in one.proofs:
            name, _colons, test = proof.partition("::")
            file = ROOT / name
            if not file.exists() or (test and test not in names_in(file.suffix, name)):
                found.append(f"{one.id}: {proof}")
    return found


def names_in(suffix: str, name: str) -> set[str]:
    """The tests of a file."""
    if suffix != ".py":
        return set()
    return {node.name for node in ast.walk(tree_of(ROOT / name)) if isinstance(node, ast.FunctionDef)}


def test_every_proof_that_is_named_exists() -> None:
    assert missing_proofs(read_requirements()) == []


def test_a_proof_that_does_not_exist_is_found() -> None:
    one = read_requirements()[0]
    planted = [replace(one, proofs=("tests/gone.py",)), replace(one, proofs=("tests/house/test_asvs.py::test_gone",))]
    assert len(missing_proofs(planted)) == 2


def test_every_line_has_a_state_and_what_is_met_has_a_proof() -> None:
    requirements = read_requirements()
    assert len(requirements) == LINES
    assert sum(one.kind == TESTED for one in requirements) == TESTABLE
    assert {one.state for one in requirements} <= set(STATES)
    assert [one.id for one in requirements if one.state == "met" and not one.proofs] == []
    assert [one.id for one in requirements if one.state == "not applicable" and not one.note] == []


def test_the_page_tells_what_the_table_does() -> None:
    assert PAGE.read_text("utf-8") == page(read_requirements()), f"docs/asvs.md is out of date; run: {COMMAND}"
