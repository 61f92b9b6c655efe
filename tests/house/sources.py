"""The source of the house as house tests read it: files, syntax trees and functions."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PACKAGES = tuple(
    sorted(
        folder.name
        for folder in ROOT.iterdir()
        if (folder / "__init__.py").exists() and folder.name not in {"tests", "scripts", "benchmarks"}
    )
)
"""Folders at the top that are packages of the portal."""


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """All Python files of some folders, or of all packages and app.py."""
    places = folders or (*PACKAGES, "app.py")
    found = [ROOT / place for place in places]
    return tuple(sorted(file for place in found for file in ([place] if place.is_file() else place.rglob("*.py"))))


@cache
def template_files() -> tuple[Path, ...]:
    """All templates."""
    return tuple(sorted((ROOT / "templates").rglob("*.html")))


def files_named(name: str, package: str = "*") -> Iterator[Path]:
    """Files of one kind in all packages, whether a file or a folder of that name."""
    for file in python_files():
        inside = file.relative_to(ROOT).with_suffix("").parts
        if len(inside) > 1 and inside[1] == name and package in {"*", inside[0]}:
            yield file


def shown(file: Path) -> str:
    """A file's name as a person finds it."""
    return str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else str(file)


@cache
def tree_of(file: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(file.read_text("utf-8"), str(file))


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions at the top of a file by name."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def calls_in(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call under a node with the last part of what is called: ``a.b.c()`` is ``c``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node


def reached_from(name: str, functions: dict[str, ast.FunctionDef]) -> list[ast.FunctionDef]:
    """A function and all functions of its file that it calls, directly or through others."""
    seen: list[str] = []
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in seen or one not in functions:
            continue
        seen.append(one)
        waiting += [called for called, call in calls_in(functions[one]) if isinstance(call.func, ast.Name)]
    return [functions[one] for one in seen]
