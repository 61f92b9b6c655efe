"""A page's template is named after its endpoint, and no template lies about unused."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask

from tests.house.sources import ROOT, calls_in, functions_of, python_files, reached_from, template_files, tree_of

FRAME = {"layout.html", "error.html"}
"""The frame of all pages, and the page of every refusal, which belongs to no endpoint."""


def templates_of(name: str, tree: ast.Module) -> set[str]:
    """The templates that a view draws, itself or through functions of its file; a computed name is ``?``."""
    found = set()
    for function in reached_from(name, functions_of(tree)):
        for called, call in calls_in(function):
            if called == "render_template":
                first = call.args[0]
                found.add(first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "?")
    return found


def views_of(app: Flask) -> Iterator[tuple[str, Callable[..., Any], Path]]:
    """Every endpoint of ours with its view and the file it stands in."""
    for endpoint, view in sorted(app.view_functions.items()):
        file = Path(inspect.getsourcefile(view) or "")
        if file.is_relative_to(ROOT) and "." in endpoint:
            yield endpoint, view, file


def expected_template(endpoint: str) -> str:
    """The template that belongs to an endpoint; sending a form draws the page of the form again."""
    return endpoint.removesuffix("_post").replace(".", "/") + ".html"


def test_every_page_is_drawn_by_the_template_named_after_its_endpoint(app: Flask) -> None:
    faults = {}
    for endpoint, view, file in views_of(app):
        drawn = templates_of(view.__name__, tree_of(file))
        if drawn and drawn != {expected_template(endpoint)}:
            faults[endpoint] = drawn
    assert faults == {}


def test_a_view_that_draws_a_template_of_another_name_is_found() -> None:
    source = "def volunteer():\n    return _draw()\n\ndef _draw():\n    return render_template('mentors/person.html')\n"
    assert templates_of("volunteer", ast.parse(source)) == {"mentors/person.html"} != {"mentors/volunteer.html"}


def test_every_template_that_is_drawn_exists(app: Flask) -> None:
    names = {str(file.relative_to(ROOT / "templates")) for file in template_files()}
    drawn = {name for _, view, file in views_of(app) for name in templates_of(view.__name__, tree_of(file))}
    assert drawn - names == set()


def orphans(pages: set[str], texts: dict[str, str], drawn: set[str]) -> set[str]:
    """The templates that no page draws, and the parts that no template or field takes in."""
    taken_in = {name for text in texts.values() for name in re.findall(r"[\"']([\w/-]+\.html)[\"']", text)}
    return {name for name in pages if name not in (taken_in if name.startswith("parts/") else drawn | FRAME)}


def test_no_template_is_left_over(app: Flask) -> None:
    drawn = {name for _, view, file in views_of(app) for name in templates_of(view.__name__, tree_of(file))}
    texts = {str(file): file.read_text("utf-8") for file in (*template_files(), *python_files())}
    pages = {str(file.relative_to(ROOT / "templates")) for file in template_files()}
    assert orphans(pages, texts, drawn) == set()


def test_a_template_that_nobody_uses_is_found() -> None:
    pages = {"layout.html", "mentors/old.html", "parts/used.html", "parts/forgotten.html"}
    assert orphans(pages, {"a": "{% include 'parts/used.html' %}"}, set()) == {
        "mentors/old.html",
        "parts/forgotten.html",
    }
