"""A policy declares each rule once: the answer for one record and the filter of rows come from the same condition."""

import ast

from tests.house.sources import files_named, shown, tree_of

FROM_THE_DATABASE = {"ColumnElement"}
"""What a policy may name of SQLAlchemy: the type of what it gives to queries."""


def filters_by_hand(tree: ast.Module) -> list[str]:
    """What a policy takes from SQLAlchemy to write a filter beside the rule for one record."""
    return sorted(
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for name in node.names
        if name.name not in FROM_THE_DATABASE
    )


def test_no_policy_writes_a_filter_of_rows_by_hand() -> None:
    found = {shown(file): names for file in files_named("policy") if (names := filters_by_hand(tree_of(file)))}
    assert found == {}


def test_a_filter_that_is_written_by_hand_is_found() -> None:
    assert filters_by_hand(ast.parse("from sqlalchemy import ColumnElement, and_, false")) == ["and_", "false"]
