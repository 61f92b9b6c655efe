"""One place commits, views do not query, lists are ordered, columns are described."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, String, Table

from app import METADATA
from foundation import dictionary
from tests.house.sources import ROOT, calls_in, files_named, functions_of, python_files, reached_from, shown, tree_of

COMMITS = "foundation/db.py"
QUERYING = {"select", "execute", "scalars", "scalar", "query", "add", "add_all", "flush", "commit", "rollback", "merge"}
SESSIONS = {"session", "reading", "transaction"}


def commits_in(tree: ast.Module) -> list[int]:
    """Lines on which something is committed."""
    return [call.lineno for name, call in calls_in(tree) if name == "commit"]


def test_only_the_transaction_of_the_house_commits() -> None:
    found = {shown(file): lines for file in python_files() if (lines := commits_in(tree_of(file)))}
    assert set(found) == {COMMITS}
    assert len(found[COMMITS]) == 1


def test_a_second_commit_is_found() -> None:
    assert commits_in(ast.parse("def approve(session):\n    session.commit()\n")) == [2]


def queries_in(tree: ast.Module) -> list[int]:
    """Lines on which a view speaks with the database itself: a ``select``, or a verb of a session."""
    lines = []
    for name, call in calls_in(tree):
        if isinstance(call.func, ast.Name):
            if name == "select":
                lines.append(call.lineno)
        elif name in QUERYING and _is_session(call.func):
            lines.append(call.lineno)
    return lines


def _is_session(node: ast.expr) -> bool:
    """Whether a method is called on a session: by its usual name, or on what ``reading()`` gives."""
    assert isinstance(node, ast.Attribute)
    base = node.value.func if isinstance(node.value, ast.Call) else node.value
    return isinstance(base, ast.Name) and base.id in SESSIONS


def test_views_leave_the_database_to_queries_and_operations() -> None:
    found = {shown(file): lines for file in files_named("views") if (lines := queries_in(tree_of(file)))}
    assert found == {}


@pytest.mark.parametrize("line", ["session.scalars(select(X))", "select(X)", "reading().execute(x)", "session.add(x)"])
def test_a_view_that_queries_is_found(line: str) -> None:
    assert set(queries_in(ast.parse(line))) == {1}


def unordered_lists(tree: ast.Module) -> list[str]:
    """Functions named ``list_`` that select, themselves or through functions of their file, and order nothing."""
    functions = functions_of(tree)
    found = []
    for name in functions:
        called = {called for function in reached_from(name, functions) for called, _ in calls_in(function)}
        orders = "order_by" in called or "sorted" in called
        if name.startswith("list_") and "select" in called and not orders:
            found.append(name)
    return found


def test_every_list_is_ordered() -> None:
    found = {shown(file): names for file in files_named("queries") if (names := unordered_lists(tree_of(file)))}
    assert found == {}


def test_a_list_without_order_is_found() -> None:
    source = "def list_x(s):\n    return s.scalars(_all())\n\ndef _all():\n    return select(X)\n"
    assert unordered_lists(ast.parse(source)) == ["list_x"]
    assert unordered_lists(ast.parse(source.replace("select(X)", "select(X).order_by(X.id)"))) == []


def undescribed(metadata: MetaData) -> list[str]:
    """Columns without an entry in the data dictionary."""
    return [f"{table}.{column.name}" for table, column, entry in dictionary.column_entries(metadata) if entry is None]


def test_every_column_is_in_the_data_dictionary() -> None:
    assert undescribed(METADATA) == []


def test_a_column_without_entry_is_found() -> None:
    metadata = MetaData()
    Table("planted", metadata, Column("name", String(10)))
    assert undescribed(metadata) == ["planted.name"]


def test_the_engine_and_the_rules_know_no_database() -> None:
    pure = [*files_named("rules"), *(ROOT / "matching" / "engine").rglob("*.py")]
    assert [shown(file) for file in pure if _imports(file, "sqlalchemy")] == []


def _imports(file: Path, name: str) -> bool:
    """Whether a file imports a library by its name."""
    modules = [node.module or "" for node in ast.walk(tree_of(file)) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree_of(file)) if isinstance(node, ast.Import) for alias in node.names]
    return any(module.split(".")[0] == name for module in modules)
